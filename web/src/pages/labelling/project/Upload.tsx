// Raw data into a project: files and folders, dropped or chosen, carried in parts; then taken in with
// what the customer declares about them, and a report of each that was not taken.
import { App, Button, Checkbox, Form, Input, Select } from "antd";
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";

import { size } from "../../../format/bytes";
import { refresh } from "../../../http/hooks";
import { request } from "../../../http/request";
import { carrierOf } from "../../../labelling/carrier";
import { carry, each } from "../../../labelling/upload";
import { FilesDrop } from "../../../parts/FilesDrop";
import { Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { projectPath, type ProjectView } from "../api";

const LANES = 3;
const BATCH = 200;
const SPLITS = ["file", "lines"] as const;
const CLASSES = ["none", "personal", "sensitive"] as const;

interface Declared {
  rights: string;
  personal_data: (typeof CLASSES)[number];
  deidentified: boolean;
  split?: "file" | "lines";
}

interface Finding {
  name: string;
  line?: number | null;
  code: string;
  detail: string;
}

interface Report {
  taken: number;
  duplicates: { name: string; of: string }[];
  refused: Finding[];
  notices: Finding[];
  near: string[][];
}

export function Upload({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [files, setFiles] = useState<File[]>([]);
  const [sent, setSent] = useState<number | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [report, setReport] = useState<Report | null>(null);
  const whole = files.reduce((sum, file) => sum + file.size, 0);

  const go = async (declared: Declared) => {
    setProblem(null);
    setReport(null);
    setSent(0);
    const carrier = carrierOf(id);
    const done = new Array<number>(files.length).fill(0);
    const uploads = new Array<string>(files.length).fill("");
    try {
      await each(files, LANES, async (file, place) => {
        uploads[place] = await carry(file, carrier, (now) => {
          done[place] = now;
          setSent(done.reduce((sum, one) => sum + one, 0));
        });
      });
      const all: Report = { taken: 0, duplicates: [], refused: [], notices: [], near: [] };
      for (let from = 0; from < uploads.length; from += BATCH) {
        const some = await request<Report>("POST", `${projectPath(id, project.id)}/intake`, {
          body: { ...declared, uploads: uploads.slice(from, from + BATCH) },
        });
        all.taken += some.taken;
        all.duplicates.push(...some.duplicates);
        all.refused.push(...some.refused);
        all.notices.push(...some.notices);
        all.near.push(...some.near);
      }
      setReport(all);
      setFiles([]);
      void message.success(t("labelling.upload.taken", { count: all.taken }));
      await refresh(client, projectPath(id, project.id));
    } catch (error) {
      setProblem(error);
    } finally {
      setSent(null);
    }
  };

  return (
    <Section title={t("labelling.part.upload")} lead={t("labelling.upload.lead")}>
      <FilesDrop busy={sent !== null} take={(more) => setFiles((was) => [...was, ...more])} />
      {files.length > 0 ? (
        <p className="upload-chosen">
          {t("labelling.upload.chosen", { count: files.length, size: size(whole) })}{" "}
          <Button size="small" disabled={sent !== null} onClick={() => setFiles([])}>
            {t("labelling.upload.clear")}
          </Button>
        </p>
      ) : null}
      {sent === null ? null : (
        <div role="status">
          <progress
            className="upload-progress"
            max={Math.max(1, whole)}
            value={sent}
            aria-label={t("labelling.part.upload")}
          />
          <span className="figure">
            {size(sent)} / {size(whole)}
          </span>
        </div>
      )}
      {problem ? <ProblemAlert problem={problem} /> : null}
      <Form<Declared>
        layout="vertical"
        requiredMark={false}
        disabled={sent !== null}
        initialValues={{ personal_data: "none", deidentified: false }}
        onFinish={(declared) => void go(declared)}
      >
        <Form.Item
          name="rights"
          label={t("labelling.upload.rights")}
          extra={t("labelling.upload.rights.extra")}
          rules={[{ required: true, whitespace: true, message: t("field.needed") }]}
        >
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
        <div className="field-row">
          <Form.Item name="personal_data" label={t("labelling.upload.personal")}>
            <Select
              options={CLASSES.map((one) => ({
                value: one,
                label: t(`labelling.upload.personal.${one}`),
              }))}
            />
          </Form.Item>
          {project.modality === "text" ? (
            <Form.Item name="split" label={t("labelling.upload.split")} initialValue="file">
              <Select
                options={SPLITS.map((one) => ({
                  value: one,
                  label: t(`labelling.upload.split.${one}`),
                }))}
              />
            </Form.Item>
          ) : null}
          <Form.Item name="deidentified" valuePropName="checked" label=" " colon={false}>
            <Checkbox>{t("labelling.upload.deidentified")}</Checkbox>
          </Form.Item>
        </div>
        <Button
          type="primary"
          htmlType="submit"
          disabled={files.length === 0}
          loading={sent !== null}
        >
          {t("labelling.upload.go", { count: files.length })}
        </Button>
      </Form>
      {report ? <Told report={report} /> : null}
    </Section>
  );
}

function Told({ report }: { report: Report }) {
  const { t } = useWords();
  return (
    <div className="upload-report" role="status">
      <p className="strong">{t("labelling.upload.taken", { count: report.taken })}</p>
      {report.duplicates.length > 0 ? (
        <p>{t("labelling.upload.duplicates", { count: report.duplicates.length })}</p>
      ) : null}
      {report.near.length > 0 ? (
        <p>{t("labelling.upload.near", { count: report.near.length })}</p>
      ) : null}
      <Findings
        lead={t("labelling.upload.refused", { count: report.refused.length })}
        all={report.refused}
      />
      <Findings
        lead={t("labelling.upload.notices", { count: report.notices.length })}
        all={report.notices}
      />
    </div>
  );
}

/** So many are listed; all are counted. */
const LISTED = 200;

function Findings({ lead, all }: { lead: string; all: Finding[] }) {
  if (all.length === 0) return null;
  return (
    <>
      <p className="strong">{lead}</p>
      <ul>
        {all.slice(0, LISTED).map(({ name, line, code, detail }, at) => (
          <li key={at}>
            <code>
              {name}
              {line ? `:${line}` : ""}
            </code>{" "}
            {detail || code}
          </li>
        ))}
      </ul>
    </>
  );
}
