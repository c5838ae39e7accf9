// The accepted labels of a project in a format, and what that format cannot hold of them.
import { App, Button, Select } from "antd";
import { useState } from "react";

import type { ExportReportView } from "../../../api/types.gen";
import { group } from "../../../format/number";
import { useRead } from "../../../http/hooks";
import { isProblem } from "../../../http/problem";
import { request } from "../../../http/request";
import { Rows } from "../../../parts/DataTable";
import { EmptyState, Facts, Loaded, Section } from "../../../parts/Page";
import { save } from "../../../parts/save";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { projectPath, type ProjectView } from "../api";
import { FORMAT_OPTIONS, type FormatCode, usualFormat } from "./formats";

export function Export({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const [format, setFormat] = useState<FormatCode>(usualFormat(project.modality));
  const [busy, setBusy] = useState(false);
  const path = `${projectPath(id, project.id)}/export`;
  const report = useRead<ExportReportView>(`${path}/report`, { format });
  const take = async () => {
    setBusy(true);
    try {
      const file = await request<Blob>("GET", path, { query: { format }, answer: "blob" });
      save(`${project.id}-${format}.zip`, file);
    } catch (error) {
      void message.error(isProblem(error) ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t("labelling.export")} lead={t("labelling.export.lead")}>
      <div className="inline-form">
        <label htmlFor="export-format">{t("labelling.format")}</label>
        <Select<FormatCode>
          id="export-format"
          value={format}
          onChange={setFormat}
          options={FORMAT_OPTIONS}
          popupMatchSelectWidth={false}
          className="format-choice"
        />
        <Button
          type="primary"
          loading={busy}
          disabled={!report.data || report.data.items === 0}
          onClick={() => void take()}
        >
          {t("labelling.export.go")}
        </Button>
      </div>
      <Loaded of={report} rows={3}>
        {(data) =>
          data.items === 0 ? (
            <EmptyState title={t("labelling.export.none")}>
              {t("labelling.export.none.lead")}
            </EmptyState>
          ) : (
            <>
              <div className="project-facts">
                <Facts
                  items={[
                    [t("labelling.export.accepted"), group(data.items)],
                    [t("labelling.export.labels"), group(data.labels)],
                    [t("labelling.export.leftOut"), group(data.left_out)],
                  ]}
                />
              </div>
              <h3 className="sub">{t("labelling.export.losses")}</h3>
              <Rows
                label={t("labelling.export.losses")}
                rows={data.losses}
                rowKey={({ what, effect }) => `${what} ${effect}`}
                empty={<p className="quiet">{t("labelling.export.lossless")}</p>}
                columns={[
                  {
                    key: "what",
                    title: t("labelling.export.what"),
                    card: "lead",
                    cell: ({ what }) => what,
                  },
                  {
                    key: "effect",
                    title: t("labelling.export.effect"),
                    cell: ({ effect }) => effect,
                  },
                  {
                    key: "count",
                    title: t("labelling.export.count"),
                    align: "right",
                    cell: ({ count }) => <span className="figure">{group(count)}</span>,
                  },
                  {
                    key: "place",
                    title: t("labelling.export.first"),
                    cell: ({ places: [first] }) => (first ? <code>{first}</code> : "–"),
                  },
                ]}
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}
