// A document and the findings in it side by side, each leading to the other.
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";

import type { Reviewed, ReviewFinding } from "../../http/types";
import { useWords } from "../../words";
import { Section } from "../Page";
import "./review.css";
import { StatusTag } from "../StatusTag";
import { TONE, valueText } from "./findings";
import { pieces } from "./marked";

type Read = Pick<Reviewed, "text" | "blocks" | "findings">;

/** `first`: the finding that is shown at once; `more`: what stands below a finding. */
export function Reading({
  name,
  of,
  first = null,
  more,
}: {
  name: string;
  of: Read;
  first?: number | null;
  more?: (finding: ReviewFinding) => ReactNode;
}) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<number | null>(null);
  const text = useRef<HTMLDivElement>(null);
  const cards = useRef<HTMLOListElement>(null);

  const show = (at: number) => {
    setChosen(at);
    // Within the panes alone: the page stays where it is.
    for (const root of [text.current, cards.current]) {
      const target = root?.querySelector(`[data-finding="${at}"]`);
      if (!root || !target) continue;
      const below = target.getBoundingClientRect().top - root.getBoundingClientRect().top;
      root.scrollTop += below - root.clientHeight / 3;
    }
  };
  useEffect(() => {
    if (first !== null) show(first);
  }, [first, of]);

  return (
    <div className="review-panes">
      <Section title={t("review.document")}>
        <div className="review-text" ref={text} tabIndex={0} role="region" aria-label={name}>
          <Text of={of} chosen={chosen} onChoose={show} />
        </div>
      </Section>
      <Section title={t("review.findings", { count: of.findings.length })}>
        <ol className="review-cards" ref={cards} tabIndex={0} aria-label={t("review.list")}>
          {of.findings.map((finding, at) => (
            <Card
              key={at}
              at={at}
              finding={finding}
              chosen={chosen === at}
              onChoose={() => show(at)}
              more={more?.(finding)}
            />
          ))}
        </ol>
      </Section>
    </div>
  );
}

function Text({
  of,
  chosen,
  onChoose,
}: {
  of: Read;
  chosen: number | null;
  onChoose: (at: number) => void;
}) {
  const letters = useMemo(() => Array.from(of.text), [of.text]);
  const quotes = useMemo(
    () => of.findings.map((one) => (one.quote === "" ? { start: 0, end: 0 } : one)),
    [of.findings],
  );
  return of.blocks.map((block) => (
    <p
      key={block.anchor}
      className={block.heading ? "head" : undefined}
      style={{ paddingInlineStart: Math.min(block.depth, 5) * 12 }}
    >
      {pieces(letters, quotes, block.start, block.end).map((piece, i) => {
        const first = piece.quotes[0];
        if (first === undefined) return piece.text;
        const risk = of.findings[first]?.risk ?? "low";
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
  more,
}: {
  at: number;
  finding: ReviewFinding;
  chosen: boolean;
  onChoose: () => void;
  more: ReactNode;
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
              {key} = {valueText(value)}
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
      {more}
    </li>
  );
}
