// Many documents at once: clauses across, documents down. A cell opens that document at the clause.
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";

import type { Reviewed } from "../../http/types";
import { Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { ReviewHead } from "../../parts/review/Head";
import { Proposals } from "../../parts/review/Proposals";
import { Reading } from "../../parts/review/Reading";
import { clausesOf, csv, TONE, worst } from "../../parts/review/findings";
import { useClauseName } from "../../parts/review/names";
import { save } from "../../parts/save";
import { StatusTag } from "../../parts/StatusTag";
import { useWords, type Words } from "../../words";
import type { Judged } from "../../parts/review/ask";

/** The grid as rows of text: a head, then one row for a document. */
export function gridRows(
  rows: Judged[],
  { t, code }: Words,
  name: (clause: string) => string,
): string[][] {
  const done = rows.flatMap(({ file, answer }) => (answer ? [{ file, answer }] : []));
  const clauses = clausesOf(done.map(({ answer }) => answer));
  const head = clauses.map((clause) => `${clause} ${name(clause)}`.trimEnd());
  return [
    [t("review.document"), t("review.kind"), ...head],
    ...done.map(({ file, answer }) => [
      file.name,
      code("review_kind", answer.kind),
      ...clauses.map((clause) => {
        const status = answer.summary[clause];
        return status ? code("review_status", status) : "";
      }),
    ]),
  ];
}

export function Grid({ rows }: { rows: Judged[] }) {
  const words = useWords();
  const { t } = words;
  const nameOf = useClauseName();
  const [open, setOpen] = useState<{ at: number; clause: string } | null>(null);
  const clauses = clausesOf(rows.flatMap(({ answer }) => (answer ? [answer] : [])));
  const waiting = rows.filter(({ answer, problem }) => !answer && !problem).length;
  const opened = open ? rows[open.at] : undefined;
  return (
    <>
      <Section
        title={t("review.grid", { count: rows.length })}
        lead={t("review.gridLead")}
        flush
        actions={
          <>
            {waiting > 0 ? (
              <span className="quiet small" role="status">
                {t("review.waiting", { count: waiting })}
              </span>
            ) : null}
            <Button
              disabled={waiting > 0}
              onClick={() => save("review.csv", csv(gridRows(rows, words, nameOf)), "text/csv")}
            >
              {t("review.csv")}
            </Button>
          </>
        }
      >
        <div
          className="table-scroll"
          role="region"
          aria-label={t("review.grid", { count: rows.length })}
          tabIndex={0}
        >
          <table className="table review-grid">
            <thead>
              <tr>
                <th scope="col">{t("review.document")}</th>
                {clauses.map((clause) => (
                  <th key={clause} scope="col">
                    <code>{clause}</code> {nameOf(clause)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ file, answer, problem }, at) => (
                <tr key={at} className={open?.at === at ? "chosen" : undefined}>
                  <th scope="row" className="card-lead wrap-anywhere">
                    {file.name}
                  </th>
                  {answer ? (
                    clauses.map((clause) => (
                      <Cell
                        key={clause}
                        name={file.name}
                        clause={clause}
                        answer={answer}
                        chosen={open?.at === at && open.clause === clause}
                        choose={() => setOpen({ at, clause })}
                      />
                    ))
                  ) : (
                    <td colSpan={Math.max(1, clauses.length)} data-label="">
                      {problem ? (
                        <ProblemAlert problem={problem} />
                      ) : (
                        <span className="quiet">{t("loading")}</span>
                      )}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      {open && opened?.answer ? (
        <Opened
          key={open.at}
          name={opened.file.name}
          answer={opened.answer}
          clause={open.clause}
          asked={open}
        />
      ) : null}
    </>
  );
}

function Cell({
  name,
  clause,
  answer,
  chosen,
  choose,
}: {
  name: string;
  clause: string;
  answer: Reviewed;
  chosen: boolean;
  choose: () => void;
}) {
  const { t, code } = useWords();
  const nameOf = useClauseName();
  const status = answer.summary[clause];
  const title = nameOf(clause) || clause;
  if (!status) return <td data-label={title}>–</td>;
  return (
    <td data-label={title}>
      <button
        type="button"
        className="grid-cell"
        aria-pressed={chosen}
        aria-label={t("review.open", { name, clause, status: code("review_status", status) })}
        onClick={choose}
      >
        <StatusTag code={status} tone={TONE[status] ?? "plain"}>
          {code("review_status", status)}
        </StatusTag>
      </button>
    </td>
  );
}

/** The document of a cell, at the clause of the cell. `asked`: new with every press. */
function Opened({
  name,
  answer,
  clause,
  asked,
}: {
  name: string;
  answer: Reviewed;
  clause: string;
  asked: object;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: "start" });
  }, [asked]);
  return (
    <div ref={place} tabIndex={-1} className="review-opened">
      <ReviewHead name={name} of={answer} />
      <Reading name={name} of={answer} first={worst(answer.findings, clause)} />
      <Proposals of={answer} />
    </div>
  );
}
