// The contract as its terms write it, beside the form; what the last change altered is marked and
// brought into sight.
import { Button, Segmented } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";

import { request } from "../../http/request";
import { Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { save } from "../../parts/save";
import { useWords } from "../../words";
import { type Drafted, type DraftLine, type Edition, useDraft } from "./useCheck";

const EDITIONS = ["both", "zh", "en"] as const;
const FORMATS = ["docx", "pdf", "txt"] as const;
type Format = (typeof FORMATS)[number];

const print = (line: DraftLine) => `${line.lang}\n${line.cells.join("\n")}`;

export function Preview({ text, name }: { text: string; name: string }) {
  const { t } = useWords();
  const [edition, setEdition] = useState<Edition>("both");
  const { answer, waiting, error } = useDraft(text, edition);
  // A contract that cannot be written yet leaves the last one in sight.
  const [shown, setShown] = useState<{ of: Drafted; fresh: Set<string> } | null>(null);
  useEffect(() => {
    if (!answer || answer.lines.length === 0) return;
    setShown((old) => {
      if (old?.of === answer) return old;
      const known = new Set(old?.of.lines.map(print));
      const fresh = old ? answer.lines.map(print).filter((line) => !known.has(line)) : [];
      return { of: answer, fresh: new Set(fresh.length < answer.lines.length / 3 ? fresh : []) };
    });
  }, [answer]);
  const problems = answer?.problems ?? [];
  return (
    <Section
      title={t("draft.preview")}
      actions={
        <>
          {waiting && text.trim() !== "" ? (
            <span className="quiet small" role="status">
              {t("draft.writing")}
            </span>
          ) : null}
          <Segmented<Edition>
            size="small"
            aria-label={t("version.edition")}
            value={edition}
            onChange={setEdition}
            options={EDITIONS.map((value) => ({ value, label: t(`version.edition.${value}`) }))}
          />
        </>
      }
    >
      <ProblemAlert problem={error} />
      {problems.length > 0 ? (
        <div className="draft-problems" role="status">
          <p>{shown ? t("draft.stale") : t("draft.lacking")}</p>
          <ul>
            {problems.map((problem, i) => (
              <li key={i}>
                {problem.path ? <code>{problem.path} </code> : null}
                {problem.detail}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {shown ? (
        <Paper of={shown.of.lines} fresh={shown.fresh} />
      ) : (
        <p className="quiet">{t("draft.nothing")}</p>
      )}
      <Downloads text={text} edition={edition} name={name} ready={problems.length === 0} />
    </Section>
  );
}

function Paper({ of, fresh }: { of: DraftLine[]; fresh: Set<string> }) {
  const { t } = useWords();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Within the paper alone: the form stays where it is.
    const paper = root.current;
    const first = paper?.querySelector(".fresh");
    if (!paper || !first) return;
    const below = first.getBoundingClientRect().top - paper.getBoundingClientRect().top;
    if (below < 0 || below > paper.clientHeight - 60)
      paper.scrollTop += below - paper.clientHeight / 3;
  }, [fresh]);
  const groups = useMemo(() => grouped(of), [of]);
  return (
    <div className="paper" ref={root} tabIndex={0} role="region" aria-label={t("draft.preview")}>
      {groups.map((group, i) =>
        group.rows ? (
          <table key={i}>
            <tbody>
              {group.lines.map((line, at) => (
                <tr key={at} className={fresh.has(print(line)) ? "fresh" : undefined}>
                  {line.cells.map((cell, c) => (
                    <td key={c} lang={line.lang}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          group.lines.map((line, at) => (
            <p
              key={`${i}.${at}`}
              lang={line.lang}
              className={`${line.role}${fresh.has(print(line)) ? " fresh" : ""}`}
            >
              {line.number ? <span className="number">{line.number} </span> : null}
              {line.cells.join(" ")}
            </p>
          ))
        ),
      )}
    </div>
  );
}

/** Rows that follow each other are one table. */
function grouped(lines: DraftLine[]): { rows: boolean; lines: DraftLine[] }[] {
  const groups: { rows: boolean; lines: DraftLine[] }[] = [];
  for (const line of lines) {
    const rows = line.role === "row";
    const last = groups.at(-1);
    if (last?.rows === rows) last.lines.push(line);
    else groups.push({ rows, lines: [line] });
  }
  return groups;
}

function Downloads({
  text,
  edition,
  name,
  ready,
}: {
  text: string;
  edition: Edition;
  name: string;
  ready: boolean;
}) {
  const { t } = useWords();
  const [busy, setBusy] = useState<Format | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const take = async (format: Format) => {
    setBusy(format);
    setProblem(null);
    try {
      const file = await request<Blob>("POST", "/drafts/file", {
        query: { format },
        body: { terms: text, edition },
        answer: "blob",
      });
      save(`${name}.${format}`, file);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(null);
    }
  };
  return (
    <>
      <ProblemAlert problem={problem} />
      <div className="actions after">
        {FORMATS.map((format) => (
          <Button
            key={format}
            size="small"
            disabled={!ready || text.trim() === ""}
            loading={busy === format}
            onClick={() => void take(format)}
          >
            {t(`draft.take.${format}`)}
          </Button>
        ))}
      </div>
    </>
  );
}
