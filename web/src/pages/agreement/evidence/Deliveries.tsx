// Deliveries of labelled data: handed over with their files, sampled, inspected against the gold
// labels, accepted or rejected.
import { App, Button, Form, Input, Modal, Select } from "antd";
import { useState } from "react";

import { type Paged, useRead, useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { type Column, Rows } from "../../../parts/DataTable";
import { EvidenceLink } from "../../../parts/EvidenceLink";
import { FileDrop } from "../../../parts/FileDrop";
import { bytes, group } from "../../../format/number";
import { Instant } from "../../../parts/figures";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { measured } from "../model/standards";
import type { Fraction, Side, Verdict } from "../types";
import { CommitButton, CommitSection, Reveal } from "./Seeds";

interface Result {
  item: string;
  metric: string;
  value: Fraction | null;
  ratio: { hits: number; total: number } | null;
  verdict: Verdict;
}
interface DeliveryRow {
  delivery: string;
  /** 0 while only seeds were committed to. */
  round: number;
  items: { item: string; quantity: number }[];
  submitted_at: string;
  evidence: string;
  /** The round that was inspected last. */
  inspected_round: number | null;
  results: Result[];
  accepted_at: string | null;
  rejected_at: string | null;
  committed: Side[];
  revealed: Side[];
}

/** How far a delivery is: a rejection stands until the next round is handed over. */
function stateOf(
  row: DeliveryRow,
): "planned" | "accepted" | "rejected" | "inspected" | "handed_over" {
  if (row.round === 0) return "planned";
  if (row.accepted_at) return "accepted";
  if (row.rejected_at && row.rejected_at >= row.submitted_at) return "rejected";
  return row.inspected_round === row.round ? "inspected" : "handed_over";
}

export default function Deliveries() {
  const { t } = useWords();
  const { id, may, side } = useHere();
  const read = useRead<Paged<DeliveryRow>>(at`/agreements/${id}/deliveries`);
  const [inspecting, setInspecting] = useState<DeliveryRow | null>(null);
  return (
    <>
      {may("deliver") ? <HandOver /> : null}
      <Section title={t("agreement.evidence.deliveries")} flush>
        <Loaded of={read}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t("agreement.deliveries.none")} />
            ) : (
              items.map((row) => (
                <Delivery key={row.delivery} row={row} inspect={() => setInspecting(row)} />
              ))
            )
          }
        </Loaded>
      </Section>
      {may("record") && side ? <CommitSection /> : null}
      {inspecting ? <Inspection of={inspecting} close={() => setInspecting(null)} /> : null}
    </>
  );
}

function Delivery({ row, inspect }: { row: DeliveryRow; inspect: () => void }) {
  const { t, code } = useWords();
  const { id, may, side } = useHere();
  const path = at`/agreements/${id}`;
  const write = useWrite({ stale: [path] });
  const act = (action: object) => write.mutate({ path: `${path}/actions`, body: { action } });
  const state = stateOf(row);
  const waits = state === "planned" || state === "rejected";
  const decided = waits || state === "accepted";
  const own = may("record") ? side : null;
  const commits = own !== null && waits && !row.committed.includes(own);
  const reveals =
    own !== null && !decided && row.committed.length === 2 && !row.revealed.includes(own);
  const results = row.inspected_round === row.round ? row.results : [];
  const missed = [...new Set(results.filter((r) => r.verdict !== "met").map((r) => r.metric))];
  const seeds = row.committed.map((side) => {
    const said = row.revealed.includes(side) ? "revealed" : "committed";
    return `${code("side", side)} ${t(`agreement.seed.${said}`)}`;
  });
  return (
    <article className="delivery">
      <header>
        <h3>
          <code>{row.delivery}</code>{" "}
          {row.round > 0 ? t("agreement.delivery.round", { round: row.round }) : null}
        </h3>
        <StatusTag code={state} {...(decided ? {} : { tone: "info" })}>
          {t(`agreement.state.${state}`)}
        </StatusTag>
        {row.round > 0 ? (
          <>
            <span className="quiet small">
              <Instant at={row.submitted_at} />
            </span>
            <EvidenceLink id={row.evidence} />
          </>
        ) : null}
      </header>
      <p className="small">
        {row.items.map((item) => (
          <span key={item.item}>
            <code>{item.item}</code> <span className="figure">{group(item.quantity)}</span>{" "}
          </span>
        ))}
        {seeds.length > 0 ? (
          <span className="quiet">
            {t("agreement.seeds")} {seeds.join(" · ")}
          </span>
        ) : null}
      </p>
      {results.length > 0 ? <Results rows={results} /> : null}
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      {commits ? <CommitButton delivery={row.delivery} /> : null}
      {reveals ? <Reveal delivery={row.delivery} /> : null}
      {decided ? null : (
        <div className="actions">
          {may("inspect") ? (
            <Button size="small" onClick={inspect}>
              {t("agreement.delivery.inspect")}
            </Button>
          ) : null}
          {may("decide") ? (
            <>
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
      )}
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
    body.append("meta", JSON.stringify(meta));
    for (const file of files) body.append("files", file, file.name);
    write.mutate({ path: at`/agreements/${id}/deliveries`, body });
  };
  return (
    <Section title={t("agreement.delivery.hand_over")} lead={t("agreement.delivery.lead")}>
      <Form<HandOverForm>
        form={form}
        name="delivery-form"
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

interface Sample {
  lot: number;
  wanted: number;
  items: string[];
}

/** The sample that both seeds give, and its inspection against gold, which is recorded. */
function Inspection({ of, close }: { of: DeliveryRow; close: () => void }) {
  const { t } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const [item, setItem] = useState(of.items[0]?.item ?? "");
  const [work, setWork] = useState<File[]>([]);
  const [gold, setGold] = useState<File[]>([]);
  const path = at`/agreements/${id}/deliveries/${of.delivery}`;
  const sample = useWrite<Sample>({});
  const inspect = useWrite({
    stale: [at`/agreements/${id}`],
    done: () => {
      void message.success(t("agreement.done"));
      close();
    },
  });
  const form = (withGold: boolean): FormData => {
    const body = new FormData();
    body.append("meta", JSON.stringify({ item }));
    for (const file of work) body.append("files", file, file.name);
    if (withGold) for (const file of gold) body.append("gold", file, file.name);
    return body;
  };
  const problem = sample.error ?? inspect.error;
  return (
    <Modal
      open
      title={t("agreement.delivery.inspect")}
      okText={t("agreement.delivery.judge")}
      okButtonProps={{
        disabled: work.length === 0 || gold.length === 0,
        loading: inspect.isPending,
      }}
      onOk={() => inspect.mutate({ path: `${path}/inspection`, body: form(true) })}
      onCancel={close}
    >
      <p className="quiet">{t("agreement.delivery.gold")}</p>
      {problem ? <ProblemAlert problem={problem} /> : null}
      <div className="stack">
        <Select
          className="wide"
          value={item}
          onChange={setItem}
          aria-label={t("agreement.item")}
          options={of.items.map((one) => ({ value: one.item, label: one.item }))}
        />
        <FileDrop label={t("agreement.delivery.drop")} multiple onFiles={setWork} />
        <FileNames files={work} clear={() => setWork([])} />
        {work.length > 0 ? (
          <div>
            <Button
              size="small"
              loading={sample.isPending}
              onClick={() => sample.mutate({ path: `${path}/sample`, body: form(false) })}
            >
              {t("agreement.delivery.sample")}
            </Button>
          </div>
        ) : null}
        {sample.data ? (
          <p className="small">
            {t("agreement.delivery.drawn", {
              count: sample.data.items.length,
              lot: sample.data.lot,
            })}{" "}
            <code>{sample.data.items.slice(0, 20).join(", ")}</code>
            {sample.data.items.length > 20 ? " …" : ""}
          </p>
        ) : null}
        <FileDrop label={t("agreement.delivery.drop_gold")} multiple onFiles={setGold} />
        <FileNames files={gold} clear={() => setGold([])} />
      </div>
    </Modal>
  );
}
