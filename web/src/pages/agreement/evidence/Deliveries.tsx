// Deliveries of labelled data: handed over with their files, sampled, inspected against the gold
// labels, accepted or rejected.
import { App, Button, Form, Input, Modal, Select } from "antd";
import { useState } from "react";

import { type Paged, useRead, useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { type Column, Rows } from "../../../parts/DataTable";
import { EvidenceLink, EvidenceLinks } from "../../../parts/EvidenceLink";
import { FileDrop } from "../../../parts/FileDrop";
import { bytes } from "../../../format/number";
import { Instant } from "../../../parts/figures";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { ownName } from "../own";
import { measured } from "../model/standards";
import type { Fraction, Verdict } from "../types";

interface Result {
  item: string;
  metric: string;
  value: Fraction | null;
  ratio: { hits: number; total: number } | null;
  verdict: Verdict;
}
interface DeliveryRow {
  delivery: string;
  round: number;
  state: string;
  items: { item: string; quantity: number }[];
  submitted_at?: string | null;
  at?: string | null;
  results?: Result[] | null;
  sample?: { item: string; lot: number; sample: number }[] | null;
  evidence?: string[] | null;
}

export default function Deliveries() {
  const { t } = useWords();
  const { id, side, may } = useHere();
  const path = at`/agreements/${id}/deliveries`;
  const read = useRead<Paged<DeliveryRow>>(path);
  const [inspecting, setInspecting] = useState<DeliveryRow | null>(null);
  return (
    <>
      {side === "vendor" && may("import") ? <HandOver /> : null}
      <Section title={t("agreement.evidence.deliveries")} flush>
        <Loaded of={read}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t("agreement.deliveries.none")} />
            ) : (
              items.map((row) => (
                <Delivery
                  key={`${row.delivery}${row.round}`}
                  row={row}
                  inspect={() => setInspecting(row)}
                />
              ))
            )
          }
        </Loaded>
      </Section>
      {inspecting ? <Inspection of={inspecting} close={() => setInspecting(null)} /> : null}
    </>
  );
}

function Delivery({ row, inspect }: { row: DeliveryRow; inspect: () => void }) {
  const words = useWords();
  const { t } = words;
  const { id, may } = useHere();
  const path = at`/agreements/${id}`;
  const one = at`/agreements/${id}/deliveries/${row.delivery}`;
  const write = useWrite({ stale: [path] });
  const decide = may("decide");
  const act = (action: object) => write.mutate({ path: `${path}/actions`, body: { action } });
  const missed = [
    ...new Set((row.results ?? []).filter((r) => r.verdict !== "met").map((r) => r.metric)),
  ];
  return (
    <article className="delivery">
      <header>
        <h3>
          <code>{row.delivery}</code> {t("agreement.delivery.round", { round: row.round })}
        </h3>
        <StatusTag code={row.state}>{ownName("state", row.state, words)}</StatusTag>
        <span className="quiet small">
          <Instant at={row.submitted_at ?? row.at} />
        </span>
        <EvidenceLinks ids={row.evidence ?? []} />
      </header>
      <p className="small">
        {row.items.map((item) => (
          <span key={item.item}>
            <code>{item.item}</code> <span className="figure">{item.quantity}</span>{" "}
          </span>
        ))}
      </p>
      {row.results && row.results.length > 0 ? <Results rows={row.results} /> : null}
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <div className="actions">
        {may("record") && row.state === "submitted" ? (
          <Button
            size="small"
            loading={write.isPending}
            onClick={() => write.mutate({ path: `${one}/sample`, body: {} })}
          >
            {t("agreement.delivery.sample")}
          </Button>
        ) : null}
        {decide && row.state !== "accepted" && row.state !== "rejected" ? (
          <>
            <Button size="small" onClick={inspect}>
              {t("agreement.delivery.inspect")}
            </Button>
            <Button
              size="small"
              type="primary"
              loading={write.isPending}
              onClick={() => act({ do: "accept", delivery: row.delivery })}
            >
              {t("agreement.delivery.accept")}
            </Button>
            <Button
              size="small"
              danger
              disabled={missed.length === 0}
              loading={write.isPending}
              onClick={() => act({ do: "reject", delivery: row.delivery, failed: missed })}
            >
              {t("agreement.delivery.reject")}
            </Button>
          </>
        ) : null}
      </div>
    </article>
  );
}

function Results({ rows }: { rows: Result[] }) {
  const { t, code } = useWords();
  const value = (row: Result): string => {
    const of =
      row.value ??
      (row.ratio && row.ratio.total > 0
        ? { num: String(row.ratio.hits), den: String(row.ratio.total) }
        : null);
    return of ? measured(row.metric, of) : "–";
  };
  const columns: Column<Result>[] = [
    {
      key: "metric",
      title: t("agreement.measure"),
      card: "lead",
      cell: (row) => code("metric", row.metric),
    },
    { key: "item", title: t("agreement.item"), cell: (row) => <code>{row.item}</code> },
    {
      key: "value",
      title: t("agreement.measure.value"),
      align: "right",
      cell: (row) => <span className="figure">{value(row)}</span>,
    },
    {
      key: "counted",
      title: t("agreement.counted"),
      align: "right",
      cell: (row) =>
        row.ratio ? (
          <span className="figure">{`${row.ratio.hits} / ${row.ratio.total}`}</span>
        ) : (
          "–"
        ),
    },
    {
      key: "verdict",
      title: t("agreement.measure.verdict"),
      cell: (row) => <StatusTag family="verdict" code={row.verdict} />,
    },
  ];
  return (
    <Rows
      label={t("agreement.results")}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.item}${row.metric}`}
    />
  );
}

interface HandOverForm {
  delivery: string;
  item: string;
  quantity?: string;
}

/** The vendor's files, with the names that they have in the delivery. */
function HandOver() {
  const { t } = useWords();
  const { id, terms } = useHere();
  const { message } = App.useApp();
  const [form] = Form.useForm<HandOverForm>();
  const [files, setFiles] = useState<File[]>([]);
  const write = useWrite<{ entry?: number }>({
    stale: [at`/agreements/${id}`],
    done: () => {
      void message.success(t("agreement.done"));
      form.resetFields();
      setFiles([]);
    },
  });
  const items = (terms?.service["items"] ?? []) as { id: string }[];
  const send = ({ delivery, item, quantity }: HandOverForm) => {
    const body = new FormData();
    const meta = {
      delivery: delivery.trim(),
      item,
      ...(quantity ? { quantity: Number(quantity) } : {}),
    };
    body.append(
      "meta",
      new Blob([JSON.stringify(meta)], { type: "application/json" }),
      "meta.json",
    );
    for (const file of files) body.append("labels", file, file.name);
    write.mutate({ path: at`/agreements/${id}/deliveries`, body });
  };
  return (
    <Section title={t("agreement.delivery.hand_over")} lead={t("agreement.delivery.lead")}>
      <Form<HandOverForm>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={send}
        initialValues={{ item: items[0]?.id }}
      >
        <div className="fields">
          <Form.Item
            name="delivery"
            label={t("agreement.delivery.name")}
            rules={[
              { required: true, pattern: /^[\w.:/-]{1,128}$/, message: t("agreement.id.wrong") },
            ]}
          >
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item
            name="item"
            label={t("agreement.item")}
            rules={[{ required: true, message: t("agreement.needed") }]}
          >
            <Select options={items.map((item) => ({ value: item.id, label: item.id }))} />
          </Form.Item>
          <Form.Item
            name="quantity"
            label={t("agreement.delivery.quantity")}
            rules={[{ pattern: /^\d{0,15}$/, message: t("agreement.number.wrong") }]}
          >
            <Input inputMode="numeric" autoComplete="off" />
          </Form.Item>
        </div>
        <FileDrop
          label={t("agreement.delivery.drop")}
          hint={t("agreement.delivery.formats")}
          multiple
          busy={write.isPending}
          onFiles={(more) => setFiles([...files, ...more])}
        />
        <FileNames files={files} clear={() => setFiles([])} />
        {write.error ? <ProblemAlert problem={write.error} /> : null}
        <div className="actions">
          <Button
            type="primary"
            htmlType="submit"
            disabled={files.length === 0}
            loading={write.isPending}
          >
            {t("agreement.delivery.hand_over")}
          </Button>
        </div>
      </Form>
    </Section>
  );
}

function FileNames({ files, clear }: { files: File[]; clear: () => void }) {
  const { t } = useWords();
  if (files.length === 0) return null;
  const shown = files.slice(0, 8);
  return (
    <p className="small">
      {shown.map((file) => `${file.name} (${bytes(file.size)})`).join(", ")}
      {files.length > shown.length
        ? ` … ${t("agreement.files.count", { count: files.length })}`
        : ""}{" "}
      <Button size="small" type="text" onClick={clear}>
        {t("agreement.remove")}
      </Button>
    </p>
  );
}

/** The gold labels against which the sample is judged; the result is recorded. */
function Inspection({ of, close }: { of: DeliveryRow; close: () => void }) {
  const { t } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const [files, setFiles] = useState<File[]>([]);
  const [entry, setEntry] = useState<number | null>(null);
  const write = useWrite<{ entry?: number }>({
    stale: [at`/agreements/${id}`],
    done: (answer) => {
      void message.success(t("agreement.done"));
      if (answer?.entry !== undefined) setEntry(answer.entry);
      else close();
    },
  });
  const send = () => {
    const body = new FormData();
    for (const file of files) body.append("gold", file, file.name);
    write.mutate({ path: at`/agreements/${id}/deliveries/${of.delivery}/inspection`, body });
  };
  return (
    <Modal
      open
      title={t("agreement.delivery.inspect")}
      okText={t("agreement.delivery.judge")}
      okButtonProps={{ disabled: files.length === 0, loading: write.isPending }}
      onOk={send}
      onCancel={close}
    >
      <p className="quiet">{t("agreement.delivery.gold")}</p>
      <FileDrop label={t("agreement.delivery.drop_gold")} multiple onFiles={setFiles} />
      <FileNames files={files} clear={() => setFiles([])} />
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      {entry !== null ? <EvidenceLink id={`e${entry}`} /> : null}
    </Modal>
  );
}
