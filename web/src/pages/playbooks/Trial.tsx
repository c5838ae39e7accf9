// A playbook tried on contracts: how each clause of each stood before and stands now. Before is the
// built-in playbook, and once this one was saved again, the version saved before.
import { Segmented } from "antd";
import { useEffect, useRef, useState } from "react";

import type { Reviewed, Side } from "../../http/types";
import { FileDrop } from "../../parts/FileDrop";
import { Loading } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { reviewFile } from "../../parts/review/ask";
import { clausesOf, TONE, weight } from "../../parts/review/findings";
import { StatusTag } from "../../parts/StatusTag";
import "../../parts/review/review.css";
import { useWords } from "../../words";

interface Run {
  before: Reviewed[];
  now: Reviewed[];
  /** Whether before is an earlier save of this playbook. */
  own: boolean;
}

export function Trial({ id, reference, saved }: { id: string; reference: string; saved: number }) {
  const { t } = useWords();
  const [files, setFiles] = useState<File[]>([]);
  const [side, setSide] = useState<Side>("customer");
  const [run, setRun] = useState<Run | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const latest = useRef(0);
  const last = useRef<{ files: File[]; side: Side; saved: number } | null>(null);

  useEffect(() => {
    if (files.length === 0) return;
    const mine = (latest.current += 1);
    const resaved =
      last.current?.files === files && last.current.side === side && last.current.saved !== saved;
    last.current = { files, side, saved };
    const by = async (playbook: string) => {
      const answers: Reviewed[] = [];
      for (const file of files) answers.push(await reviewFile(file, file.name, { side, playbook }));
      return answers;
    };
    const all = async () => {
      setBusy(true);
      setProblem(null);
      try {
        const before = resaved && run ? run.now : await by(reference);
        const now = await by(id);
        if (latest.current === mine) setRun({ before, now, own: resaved });
      } catch (error) {
        if (latest.current === mine) setProblem(error);
      } finally {
        if (latest.current === mine) setBusy(false);
      }
    };
    void all();
    // A run is made by files, side and save; `run` is what the last one left.
  }, [files, side, saved, id, reference]);

  return (
    <>
      <div className="trial-tools">
        <Segmented<Side>
          aria-label={t("review.side")}
          value={side}
          onChange={setSide}
          options={[
            { value: "customer", label: t("review.customer") },
            { value: "vendor", label: t("review.vendor") },
          ]}
        />
      </div>
      <FileDrop
        label={t("review.drop")}
        hint={t("review.hint")}
        multiple
        busy={busy}
        onFiles={setFiles}
      />
      <div aria-live="polite" className="after">
        <ProblemAlert problem={problem} />
        {busy ? <Loading /> : null}
        {run && !busy ? (
          <>
            <p className="quiet">
              {run.own ? t("playbook.beforeSave") : t("playbook.beforeBuiltIn")}
            </p>
            <Table names={files.map(({ name }) => name)} run={run} />
          </>
        ) : null}
      </div>
    </>
  );
}

function Table({ names, run }: { names: string[]; run: Run }) {
  const { t } = useWords();
  const clauses = clausesOf([...run.now, ...run.before]);
  return (
    <div className="table-scroll" role="region" aria-label={t("playbook.trial")} tabIndex={0}>
      <table className="table review-grid trial">
        <thead>
          <tr>
            <th scope="col">{t("review.document")}</th>
            {clauses.map((clause) => (
              <th key={clause} scope="col">
                <code>{clause}</code>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name, at) => (
            <tr key={name + at}>
              <th scope="row" className="card-lead wrap-anywhere">
                {name}
              </th>
              {clauses.map((clause) => (
                <td key={clause} data-label={clause}>
                  <Cell
                    before={run.before[at]?.summary[clause]}
                    now={run.now[at]?.summary[clause]}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ before, now }: { before: string | undefined; now: string | undefined }) {
  const { t, code } = useWords();
  const tag = (status: string | undefined) =>
    status === undefined ? (
      <span className="quiet">–</span>
    ) : (
      <StatusTag code={status} tone={TONE[status] ?? "plain"}>
        {code("review_status", status)}
      </StatusTag>
    );
  if (before === now) return tag(now);
  const better = now !== undefined && before !== undefined && weight(now) < weight(before);
  return (
    <span className={better ? "trial-change better" : "trial-change"}>
      {tag(before)}
      <span aria-hidden="true">↓</span>
      <span className="unseen">{t("review.becomes")}</span>
      {tag(now)}
    </span>
  );
}
