// Two versions of a document: which clauses became better or worse, in which words, and the redline
// where both are Word files.
import { Button } from "antd";
import { type ReactNode, useState } from "react";

import { base64Of } from "../../format/bytes";
import { request } from "../../http/request";
import type { Reviewed } from "../../http/types";
import { FileDrop } from "../../parts/FileDrop";
import { EmptyState, Loading, Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { ReviewHead } from "../../parts/review/Head";
import { Reading } from "../../parts/review/Reading";
import { type ClauseTurn, TONE, type Turn, turns } from "../../parts/review/findings";
import { useClauseName } from "../../parts/review/names";
import { save } from "../../parts/save";
import { StatusTag, type Tone } from "../../parts/StatusTag";
import { useWords } from "../../words";
import { useReviews, type View } from "../../parts/review/ask";

const TURN: Record<Turn, Tone> = { better: "good", worse: "bad", reworded: "info", same: "plain" };

const NOTHING: File[] = [];

export function Compare({ view }: { view: View }) {
  const { t } = useWords();
  const [old, setOld] = useState<File[]>(NOTHING);
  const [now, setNow] = useState<File[]>(NOTHING);
  const before = useReviews(old, view);
  const after = useReviews(now, view);
  const [from] = before.rows;
  const [to] = after.rows;
  const both = from?.answer && to?.answer;
  return (
    <>
      <div className="two-drops">
        <Chosen of={from?.file}>
          <FileDrop label={t("review.old")} busy={before.busy} onFiles={setOld} />
        </Chosen>
        <Chosen of={to?.file}>
          <FileDrop label={t("review.new")} busy={after.busy} onFiles={setNow} />
        </Chosen>
      </div>
      <div aria-live="polite" className="after">
        {before.busy || after.busy ? <Loading /> : null}
        <ProblemAlert problem={from?.problem ?? to?.problem} />
        {both && from.answer && to.answer ? (
          <Compared old={from.answer} now={to.answer} files={[from.file, to.file]} />
        ) : null}
      </div>
    </>
  );
}

function Chosen({ of, children }: { of: File | undefined; children: ReactNode }) {
  return (
    <div>
      {children}
      {of ? <p className="chosen-file wrap-anywhere">{of.name}</p> : null}
    </div>
  );
}

function Compared({
  old,
  now,
  files,
}: {
  old: Reviewed;
  now: Reviewed;
  files: [old: File, now: File];
}) {
  const { t } = useWords();
  const [open, setOpen] = useState<number | null>(null);
  const all = turns(old, now);
  const changed = all.filter(({ turn }) => turn !== "same");
  const isWord = old.format === "word" && now.format === "word";
  return (
    <>
      <Section
        title={t("review.changed", { count: changed.length })}
        lead={t("review.unchanged", { count: all.length - changed.length })}
        actions={isWord ? <RedlineButton files={files} /> : null}
      >
        {isWord ? null : <p className="quiet small">{t("review.redlineWord")}</p>}
        {changed.length === 0 ? <EmptyState title={t("review.noChange")} /> : null}
        <ol className="turns">
          {changed.map((one) => (
            <TurnView
              key={one.clause}
              of={one}
              show={one.place === null ? null : () => setOpen(one.place)}
            />
          ))}
        </ol>
      </Section>
      <ReviewHead name={files[1].name} of={now} />
      <Reading name={files[1].name} of={now} first={open} />
    </>
  );
}

function TurnView({ of, show }: { of: ClauseTurn; show: (() => void) | null }) {
  const { t, code } = useWords();
  const nameOf = useClauseName();
  const status = (one: ClauseTurn["before"]) =>
    one ? (
      <StatusTag code={one.status} tone={TONE[one.status] ?? "plain"}>
        {code("review_status", one.status)}
      </StatusTag>
    ) : (
      <span className="quiet">{t("review.absent")}</span>
    );
  return (
    <li className={of.turn}>
      <header>
        <StatusTag code={of.turn} tone={TURN[of.turn]}>
          {t(`review.turn.${of.turn}`)}
        </StatusTag>
        <h3>
          <code>{of.clause}</code> {nameOf(of.clause)}
        </h3>
        <span className="turn">
          {status(of.before)} <span aria-hidden="true">→</span>
          <span className="unseen">{t("review.becomes")}</span> {status(of.after)}
        </span>
        {show ? (
          <Button size="small" onClick={show}>
            {t("review.show")}
          </Button>
        ) : null}
      </header>
      {of.values.length > 0 ? (
        <p className="quiet">
          {of.values.map((value) => (
            <code key={value.name} className="parameter">
              {value.name}: {value.before} → {value.after}
            </code>
          ))}
        </p>
      ) : null}
      <div className="both-words">
        <blockquote className="old">
          {of.before?.quote ? <del>{of.before.quote}</del> : t("review.nothing")}
        </blockquote>
        <blockquote className="new">
          {of.after?.quote ? <ins>{of.after.quote}</ins> : t("review.nothing")}
        </blockquote>
      </div>
    </li>
  );
}

function RedlineButton({ files: [old, now] }: { files: [old: File, now: File] }) {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const make = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const redline = await request<Blob>("POST", "/redlines", {
        body: { old: await base64Of(old), new: await base64Of(now) },
        answer: "blob",
      });
      save(now.name.replace(/(\.docx)?$/i, "-redline.docx"), redline);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <ProblemAlert problem={problem} />
      <Button loading={busy} onClick={() => void make()}>
        {t("review.redline")}
      </Button>
    </>
  );
}
