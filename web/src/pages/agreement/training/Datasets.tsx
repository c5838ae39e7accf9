// The datasets of a training: what is there, and a new one from files, folders or archives.
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";

import type { DatasetView } from "../../../api/types.gen";
import { size } from "../../../format/bytes";
import { group } from "../../../format/number";
import { type Paged, refresh } from "../../../http/hooks";
import { request } from "../../../http/request";
import { carrierOf } from "../../../labelling/carrier";
import { carry, each } from "../../../labelling/upload";
import { Rows } from "../../../parts/DataTable";
import { FilesDrop } from "../../../parts/FilesDrop";
import { Hash, Instant } from "../../../parts/figures";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { datasetPage, datasetsPath } from "./paths";

const CLASSES = ["none", "personal", "sensitive"] as const;
const LANES = 3;
/** The server takes so many uploads at once. */
const MOST = 1000;

export function Datasets({ of }: { of: { data: Paged<DatasetView> | undefined; error: unknown } }) {
  const { t, code } = useWords();
  const { id, may } = useHere();
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title={t("training.datasets")}
      lead={t("training.datasets.lead")}
      flush
      actions={
        may("manageWork") ? (
          <Button onClick={() => setAdding(true)}>{t("training.dataset.add")}</Button>
        ) : null
      }
    >
      <Loaded of={of}>
        {({ items }) => (
          <Rows
            label={t("training.datasets")}
            rows={items}
            rowKey={(set) => set.id}
            empty={<EmptyState title={t("training.datasets.none")} />}
            columns={[
              {
                key: "name",
                title: t("training.dataset"),
                card: "lead",
                cell: (set) => <Link to={datasetPage(id, set.id)}>{set.name}</Link>,
              },
              {
                key: "purpose",
                title: t("training.purpose"),
                cell: ({ purpose, sealed }) => (
                  <>
                    {t(`training.purpose.${purpose}`)}{" "}
                    {sealed ? (
                      <StatusTag code="sealed" tone="good">
                        {t("training.test.sealed")}
                      </StatusTag>
                    ) : null}
                  </>
                ),
              },
              {
                key: "images",
                title: t("training.test.images"),
                align: "right",
                cell: (set) => (
                  <span className="figure">
                    {group(set.images)} · {size(set.bytes)}
                  </span>
                ),
              },
              {
                key: "classes",
                title: t("training.classes"),
                align: "right",
                cell: ({ classes }) => <span className="figure">{classes.length}</span>,
              },
              {
                key: "licence",
                title: t("training.licence"),
                cell: ({ licence }) => licence || "–",
              },
              { key: "side", title: t("training.by"), cell: ({ side }) => code("side", side) },
              { key: "digest", title: "SHA-256", cell: ({ digest }) => <Hash value={digest} /> },
              { key: "at", title: t("training.at"), cell: (set) => <Instant at={set.at} /> },
            ]}
          />
        )}
      </Loaded>
      {adding ? <Add close={() => setAdding(false)} /> : null}
    </Section>
  );
}

interface Fields {
  name: string;
  purpose: "training" | "test";
  licence?: string;
  origin?: string;
  consent?: string;
  personal_data: (typeof CLASSES)[number];
}

function Add({ close }: { close: () => void }) {
  const { t } = useWords();
  const { id, side } = useHere();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [files, setFiles] = useState<File[]>([]);
  const [sent, setSent] = useState<number | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const whole = files.reduce((sum, file) => sum + file.size, 0);
  const go = async ({ consent, ...fields }: Fields) => {
    setProblem(null);
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
      const stated = Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
      const set = await request<DatasetView>("POST", datasetsPath(id), {
        body: { ...stated, uploads, consents: consent ? [consent] : [] },
      });
      void message.success(t("training.dataset.added", { count: group(set.images) }));
      await refresh(client, datasetsPath(id));
      void navigate(datasetPage(id, set.id));
    } catch (error) {
      setProblem(error);
      setSent(null);
    }
  };
  return (
    <Modal
      open
      width={640}
      title={t("training.dataset.add")}
      okText={t("training.dataset.go")}
      okButtonProps={{
        htmlType: "submit",
        form: "new-dataset",
        loading: sent !== null,
        disabled: files.length === 0 || files.length > MOST,
      }}
      onCancel={close}
    >
      <p className="quiet">{t("training.dataset.form")}</p>
      <FilesDrop busy={sent !== null} take={(more) => setFiles((was) => [...was, ...more])} />
      {files.length > 0 ? (
        <p className="upload-chosen">
          {t("labelling.upload.chosen", { count: files.length, size: size(whole) })}{" "}
          <Button size="small" disabled={sent !== null} onClick={() => setFiles([])}>
            {t("labelling.upload.clear")}
          </Button>
        </p>
      ) : null}
      {files.length > MOST ? (
        <p className="error-text">{t("training.dataset.many", { most: group(MOST) })}</p>
      ) : null}
      {sent === null ? null : (
        <p role="status">
          <progress
            className="upload-progress"
            max={Math.max(1, whole)}
            value={sent}
            aria-label={t("training.dataset.add")}
          />
          <span className="figure">
            {sent < whole ? `${size(sent)} / ${size(whole)}` : t("training.dataset.looks")}
          </span>
        </p>
      )}
      {problem ? <ProblemAlert problem={problem} /> : null}
      <Form<Fields>
        id="new-dataset"
        layout="vertical"
        requiredMark={false}
        disabled={sent !== null}
        initialValues={{
          personal_data: "none",
          purpose: side === "customer" ? "test" : "training",
        }}
        onFinish={(fields) => void go(fields)}
      >
        <Form.Item
          name="name"
          label={t("training.name")}
          rules={[{ required: true, whitespace: true, message: t("field.needed") }]}
        >
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="purpose" label={t("training.purpose")} extra={t("training.purpose.extra")}>
          <Radio.Group
            options={(["training", "test"] as const).map((value) => ({
              value,
              label: t(`training.purpose.${value}`),
            }))}
          />
        </Form.Item>
        <div className="field-row">
          <Form.Item name="licence" label={t("training.licence")}>
            <Input maxLength={200} placeholder="CC0-1.0" />
          </Form.Item>
          <Form.Item name="personal_data" label={t("labelling.upload.personal")}>
            <Select
              options={CLASSES.map((one) => ({
                value: one,
                label: t(`labelling.upload.personal.${one}`),
              }))}
            />
          </Form.Item>
        </div>
        <Form.Item name="origin" label={t("training.origin")}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
        <Form.Item name="consent" label={t("training.consent")}>
          <Input maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
