// Files of real systems by drag and drop: first what would be taken and what is wrong, then the
// import itself. Nothing is recorded before the second step.
import { Button, Switch } from "antd";
import { useEffect, useRef, useState } from "react";

import { useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { type Column, Rows } from "../../../parts/DataTable";
import { EvidenceLink } from "../../../parts/EvidenceLink";
import { FileDrop } from "../../../parts/FileDrop";
import { bytes } from "../../../format/number";
import { Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag, type Tone } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { ownName } from "../own";

interface Finding {
  place: "file" | { line: number } | { pointer: string };
  code: string;
  severity?: "notice" | "refused" | "conflict" | (string & {});
  detail?: string | { zh: string; en: string };
}
interface Report {
  format: string | null;
  records: number;
  taken: number;
  duplicates: number;
  conflicts: number;
  refused: number;
  skipped: number;
  appended: boolean;
  entries: [number, number] | null;
  findings: Finding[];
  /** How many findings are left out. */
  more?: number;
}
const TONE: Record<string, Tone> = { refused: "warn", conflict: "bad" };
const COUNTS = ["records", "taken", "duplicates", "conflicts", "refused", "skipped"] as const;

export default function Import() {
  const { t } = useWords();
  const [files, setFiles] = useState<{ file: File; key: number }[]>([]);
  const add = (more: File[]) => {
    const from = Date.now();
    setFiles((old) => [...old, ...more.map((file, i) => ({ file, key: from + i }))]);
  };
  return (
    <>
      <Section title={t("agreement.evidence.import")} lead={t("agreement.import.lead")}>
        <FileDrop
          label={t("agreement.import.drop")}
          hint={t("agreement.import.formats")}
          multiple
          onFiles={add}
        />
      </Section>
      {files.map(({ file, key }) => (
        <OneFile
          key={key}
          file={file}
          remove={() => setFiles((old) => old.filter((one) => one.key !== key))}
        />
      ))}
    </>
  );
}

function OneFile({ file, remove }: { file: File; remove: () => void }) {
  const words = useWords();
  const { t } = words;
  const { id } = useHere();
  const path = at`/agreements/${id}`;
  const [strict, setStrict] = useState(false);
  const preview = useWrite<Report>({});
  const take = useWrite<Report>({ stale: [path] });
  const send = (write: typeof preview, asPreview: boolean) =>
    write.mutate({
      path: `${path}/imports`,
      query: { preview: asPreview, strict, name: file.name },
      body: file,
      contentType: "application/octet-stream",
    });
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    send(preview, true);
  });
  const shown = take.data ?? preview.data;
  return (
    <Section
      title={
        <>
          <span className="file-name">{file.name}</span>{" "}
          <span className="quiet small">{bytes(file.size)}</span>
        </>
      }
      actions={
        <Button size="small" onClick={remove}>
          {take.isSuccess ? t("agreement.close") : t("agreement.remove")}
        </Button>
      }
    >
      {preview.isPending ? <p role="status">{t("agreement.import.reading")}</p> : null}
      {preview.error ? <ProblemAlert problem={preview.error} /> : null}
      {take.error ? <ProblemAlert problem={take.error} /> : null}
      {shown ? (
        <>
          <p>
            {shown.format ? ownName("format", shown.format, words) : t("agreement.import.unknown")}{" "}
            {take.isSuccess ? (
              <StatusTag code={shown.appended ? "accepted" : "plain"}>
                {shown.appended ? t("agreement.import.done") : t("agreement.import.nothing")}
              </StatusTag>
            ) : (
              <StatusTag code="preview">{t("agreement.preview")}</StatusTag>
            )}{" "}
            {shown.entries ? (
              <>
                <EvidenceLink id={`e${shown.entries[0]}`} />
                {shown.entries[1] === shown.entries[0] ? null : (
                  <>
                    {" – "}
                    <EvidenceLink id={`e${shown.entries[1]}`} />
                  </>
                )}
              </>
            ) : null}
          </p>
          <dl className="counts">
            {COUNTS.map((name) => (
              <div
                key={name}
                className={
                  shown[name] > 0 && (name === "conflicts" || name === "refused")
                    ? "bad"
                    : undefined
                }
              >
                <dt>{t(`agreement.import.${name}`)}</dt>
                <dd className="figure">{shown[name]}</dd>
              </div>
            ))}
          </dl>
          <Findings all={shown.findings} />
          {shown.more ? (
            <p className="quiet small">{t("agreement.import.more", { count: shown.more })}</p>
          ) : null}
        </>
      ) : null}
      {preview.isSuccess && !take.isSuccess ? (
        <div className="actions">
          <Button
            type="primary"
            loading={take.isPending}
            disabled={(preview.data?.taken ?? 0) + (preview.data?.conflicts ?? 0) === 0}
            onClick={() => send(take, false)}
          >
            {t("agreement.import.take", { count: preview.data?.taken ?? 0 })}
          </Button>
          <label className="switch">
            <Switch size="small" checked={strict} onChange={setStrict} />{" "}
            {t("agreement.import.strict")}
          </label>
        </div>
      ) : null}
    </Section>
  );
}

function Findings({ all }: { all: Finding[] }) {
  const words = useWords();
  const { t, pick } = words;
  if (all.length === 0) return null;
  const columns: Column<Finding>[] = [
    {
      key: "place",
      title: t("agreement.line"),
      align: "right",
      width: "6em",
      cell: (row) => placeOf(row),
    },
    {
      key: "severity",
      title: t("agreement.severity"),
      width: "8em",
      cell: (row) => (
        <StatusTag code={row.severity ?? "notice"} tone={TONE[row.severity ?? ""] ?? "info"}>
          {ownName("finding", row.severity ?? "notice", words)}
        </StatusTag>
      ),
    },
    {
      key: "detail",
      title: t("agreement.what"),
      card: "lead",
      cell: (row) =>
        typeof row.detail === "string" ? row.detail : row.detail ? pick(row.detail) : row.code,
    },
  ];
  let number = 0;
  const keys = new Map(all.map((row) => [row, (number += 1)]));
  return (
    <Rows
      label={t("agreement.findings")}
      columns={columns}
      rows={all}
      rowKey={(row) => keys.get(row) ?? 0}
    />
  );
}

function placeOf({ place }: Finding): string {
  if (typeof place === "string") return "–";
  return "line" in place ? String(place.line) : place.pointer;
}
