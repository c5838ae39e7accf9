// A contract in review: the document and the findings side by side, each leading to the other.
// Nothing that is shown here is kept by the server.
import { Segmented } from "antd";
import { useMemo, useRef, useState } from "react";

import { request } from "../../http/request";
import type { Reviewed, ReviewFinding } from "../../http/types";
import { FileDrop } from "../../parts/FileDrop";
import { Facts, Loading, Page, Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { StatusTag, type Tone } from "../../parts/StatusTag";
import { useWords } from "../../words";
import { pieces } from "./marked";

type Side = "customer" | "vendor";

const TONE: Record<string, Tone> = {
  met: "good",
  "met-by-fallback": "good",
  unclear: "info",
  below: "warn",
  missing: "bad",
  conflict: "bad",
  adverse: "bad",
};

export default function Review() {
  const { t } = useWords();
  const [side, setSide] = useState<Side>("customer");
  const [file, setFile] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [found, setFound] = useState<{ name: string; answer: Reviewed } | null>(null);

  const review = async (wanted: File | undefined, from: Side) => {
    if (!wanted) return;
    setFile(wanted);
    setBusy(true);
    setProblem(null);
    try {
      const answer = await request<Reviewed>("POST", "/reviews", {
        query: { side: from, name: wanted.name },
        body: wanted,
        contentType: "application/octet-stream",
      });
      setFound({ name: wanted.name, answer });
    } catch (error) {
      setFound(null);
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Page
      title={t("review.title")}
      lead={t("review.lead")}
      actions={
        <Segmented<Side>
          aria-label={t("review.side")}
          value={side}
          onChange={(value) => {
            setSide(value);
            if (file) void review(file, value);
          }}
          options={[
            { value: "customer", label: t("review.customer") },
            { value: "vendor", label: t("review.vendor") },
          ]}
        />
      }
    >
      <FileDrop
        label={t("review.drop")}
        hint={t("review.hint")}
        busy={busy}
        onFiles={([first]) => void review(first, side)}
      />
      <div aria-live="polite" className="after">
        {busy ? <Loading /> : null}
        <ProblemAlert problem={problem} />
        {found && !busy ? <Result name={found.name} answer={found.answer} /> : null}
      </div>
    </Page>
  );
}

function Result({ name, answer }: { name: string; answer: Reviewed }) {
  const { t, code } = useWords();
  const [chosen, setChosen] = useState<number | null>(null);
  const text = useRef<HTMLDivElement>(null);
  const cards = useRef<HTMLOListElement>(null);

  const show = (at: number) => {
    setChosen(at);
    // Within the panes alone: the page stays where it is.
    const go = (root: HTMLElement | null) => {
      const target = root?.querySelector(`[data-finding="${at}"]`);
      if (!root || !target) return;
      const below = target.getBoundingClientRect().top - root.getBoundingClientRect().top;
      root.scrollTop += below - root.clientHeight / 3;
    };
    go(text.current);
    go(cards.current);
  };

  return (
    <>
      <Section title={name}>
        <Facts
          items={[
            [t("review.kind"), code("review_kind", answer.kind)],
            [t("review.customer"), answer.customer.join(", ") || "–"],
            [t("review.vendor"), answer.vendor.join(", ") || "–"],
          ]}
        />
        <ul className="review-summary">
          {Object.entries(answer.summary).map(([clause, status]) => (
            <li key={clause}>
              <span>{code("clause", clause)}</span>
              <StatusTag code={status} tone={TONE[status] ?? "plain"}>
                {code("review_status", status)}
              </StatusTag>
            </li>
          ))}
        </ul>
        {answer.truncated ? <p className="bad">{t("review.truncated")}</p> : null}
        {answer.cut > 0 ? <p className="quiet">{t("review.cut", { count: answer.cut })}</p> : null}
        {answer.warnings.map((warning) => (
          <p className="quiet" key={warning}>
            {warning}
          </p>
        ))}
      </Section>
      <div className="review-panes">
        <Section title={t("review.document")}>
          <div className="review-text" ref={text} tabIndex={0} role="region" aria-label={name}>
            <Text answer={answer} chosen={chosen} onChoose={show} />
          </div>
        </Section>
        <Section title={t("review.findings", { count: answer.findings.length })}>
          <ol className="review-cards" ref={cards} tabIndex={0} aria-label={t("review.list")}>
            {answer.findings.map((finding, at) => (
              <Card
                key={at}
                at={at}
                finding={finding}
                chosen={chosen === at}
                onChoose={() => show(at)}
              />
            ))}
          </ol>
        </Section>
      </div>
    </>
  );
}

function Text({
  answer,
  chosen,
  onChoose,
}: {
  answer: Reviewed;
  chosen: number | null;
  onChoose: (at: number) => void;
}) {
  const letters = useMemo(() => Array.from(answer.text), [answer.text]);
  const quotes = useMemo(
    () => answer.findings.map((one) => (one.quote === "" ? { start: 0, end: 0 } : one)),
    [answer.findings],
  );
  return answer.blocks.map((block) => (
    <p
      key={block.anchor}
      className={block.heading ? "head" : undefined}
      style={{ paddingInlineStart: Math.min(block.depth, 5) * 12 }}
    >
      {pieces(letters, quotes, block.start, block.end).map((piece, i) => {
        const first = piece.quotes[0];
        if (first === undefined) return piece.text;
        const risk = answer.findings[first]?.risk ?? "low";
        const isChosen = chosen !== null && piece.quotes.includes(chosen);
        return (
          <mark
            key={i}
            className={isChosen ? `${risk} chosen` : risk}
            data-finding={piece.begins[0]}
            role="button"
            tabIndex={0}
            onClick={() => onChoose(first)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              onChoose(first);
            }}
          >
            {piece.text}
          </mark>
        );
      })}
    </p>
  ));
}

function Card({
  at,
  finding,
  chosen,
  onChoose,
}: {
  at: number;
  finding: ReviewFinding;
  chosen: boolean;
  onChoose: () => void;
}) {
  const { t, lang, code } = useWords();
  const parameters = Object.entries(finding.parameters);
  return (
    <li
      className={chosen ? `card ${finding.risk} chosen` : `card ${finding.risk}`}
      data-finding={at}
    >
      <header>
        <code>{finding.clause}</code>
        <StatusTag code={finding.status} tone={TONE[finding.status] ?? "plain"}>
          {code("review_status", finding.status)}
        </StatusTag>
        <span className="quiet">
          {code("review_risk", finding.risk)} · {code("position_reached", finding.reached)} ·{" "}
          {code("review_confidence", finding.confidence)}
        </span>
      </header>
      {finding.quote === "" ? (
        <p className="quiet">{t("review.nothing")}</p>
      ) : (
        <button type="button" className="quote" onClick={onChoose}>
          {finding.quote}
        </button>
      )}
      <p>{finding.reason[lang]}</p>
      {parameters.length > 0 ? (
        <p className="quiet">
          {parameters.map(([key, value]) => (
            <code key={key} className="parameter">
              {key} = {Array.isArray(value) ? value.join(", ") : String(value)}
            </code>
          ))}
        </p>
      ) : null}
      {finding.advice[lang] ? (
        <p>
          <strong>{t("review.advice")}</strong> {finding.advice[lang]}
        </p>
      ) : null}
      {finding.suggestion ? (
        <details>
          <summary>{t("review.suggestion")}</summary>
          <p className="suggestion">{finding.suggestion}</p>
        </details>
      ) : null}
    </li>
  );
}
