// A file of labels into a project: pre-labels of people or of a model, or gold; with what was refused.
import { Button, Form, Radio, Select } from "antd";
import { useState } from "react";

import type { ImportedView } from "../../../api/types.gen";
import { size } from "../../../format/bytes";
import { group } from "../../../format/number";
import { useWrite } from "../../../http/hooks";
import { REFUSALS, type RefusalCode } from "../../../labelling/types";
import { Rows } from "../../../parts/DataTable";
import { FileDrop } from "../../../parts/FileDrop";
import { Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { projectPath, type ProjectView } from "../api";
import { FORMAT_OPTIONS, type FormatCode } from "./formats";

const TAKEN = ["import", "model"] as const;

interface Fields {
  format: FormatCode | "auto";
  taken: (typeof TAKEN)[number];
}

export function ImportLabels({ project, gold }: { project: ProjectView; gold?: boolean }) {
  const { t } = useWords();
  const { id } = useHere();
  const path = projectPath(id, project.id);
  const [file, setFile] = useState<File | null>(null);
  const write = useWrite<ImportedView>({ stale: [path], done: () => setFile(null) });
  const send = ({ format, taken }: Fields) => {
    if (!file) return;
    write.mutate({
      path: `${path}/labels/import`,
      query: {
        format: format === "auto" ? null : format,
        taken: gold ? "gold" : taken,
        name: file.name,
      },
      body: file,
      contentType: "application/octet-stream",
    });
  };
  const lead = gold ? t("labelling.import.goldLead") : t("labelling.import.lead");
  return (
    <Section title={gold ? t("labelling.import.gold") : t("labelling.import.title")} lead={lead}>
      <Form<Fields>
        layout="vertical"
        requiredMark={false}
        disabled={write.isPending}
        initialValues={{ format: "auto", taken: "import" }}
        onFinish={send}
      >
        <FileDrop
          label={file ? `${file.name} (${size(file.size)})` : t("labelling.import.drop")}
          busy={write.isPending}
          onFiles={([first]) => setFile(first ?? null)}
        />
        <div className="field-row import-fields">
          <Form.Item name="format" label={t("labelling.format")}>
            <Select
              options={[{ value: "auto", label: t("labelling.format.auto") }, ...FORMAT_OPTIONS]}
            />
          </Form.Item>
          {gold ? null : (
            <Form.Item name="taken" label={t("labelling.import.as")}>
              <Radio.Group
                options={TAKEN.map((value) => ({
                  value,
                  label: t(`labelling.import.as.${value}`),
                }))}
              />
            </Form.Item>
          )}
        </div>
        {write.error ? <ProblemAlert problem={write.error} /> : null}
        <Button type="primary" htmlType="submit" disabled={!file} loading={write.isPending}>
          {gold ? t("labelling.import.goldGo") : t("labelling.import.go")}
        </Button>
      </Form>
      {write.data ? <Told of={write.data} /> : null}
    </Section>
  );
}

function Told({ of }: { of: ImportedView }) {
  const { t } = useWords();
  const why = (code: string) =>
    (REFUSALS as readonly string[]).includes(code)
      ? t(`labelling.problem.${code as RefusalCode}`)
      : code;
  return (
    <div className="upload-report" role="status">
      <p className="strong">
        {t("labelling.import.done", {
          labels: group(of.labels),
          items: group(of.items),
          format: FORMAT_OPTIONS.find(({ value }) => value === of.format)?.label ?? of.format,
        })}
      </p>
      {of.unknown > 0 ? (
        <>
          <p>{t("labelling.import.unknown", { count: group(of.unknown) })}</p>
          <ul>
            {of.unknown_names.map((name) => (
              <li key={name}>
                <code>{name}</code>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {of.refused > 0 ? (
        <>
          <p>{t("labelling.import.refused", { count: group(of.refused) })}</p>
          <Rows
            label={t("labelling.import.refused", { count: group(of.refused) })}
            rows={of.refusals}
            rowKey={({ item, index }) => `${item} ${index}`}
            columns={[
              {
                key: "item",
                title: t("labelling.item"),
                card: "lead",
                cell: ({ item }) => <code>{item}</code>,
              },
              {
                key: "index",
                title: t("labelling.import.index"),
                align: "right",
                cell: ({ index }) => <span className="figure">{group(index + 1)}</span>,
              },
              { key: "why", title: t("labelling.import.why"), cell: ({ code }) => why(code) },
              {
                key: "field",
                title: t("labelling.import.field"),
                cell: ({ field }) => (field ? <code>{field}</code> : "–"),
              },
            ]}
          />
        </>
      ) : null}
      {of.findings.length > 0 ? (
        <>
          <p>{t("labelling.import.findings", { count: group(of.findings.length + of.more) })}</p>
          <ul>
            {of.findings.map((finding, at) => (
              <li key={at}>{finding}</li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
