// Invoices with what is open of them, credit notes, and payments that are recorded.
import { App, Button, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import { toMinor } from "../../../format/money";
import { useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { type Column, Rows } from "../../../parts/DataTable";
import { EvidenceLink } from "../../../parts/EvidenceLink";
import { Day, Money } from "../../../parts/figures";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { isZero, negated } from "../model/exact";
import { type InvoiceRow, useInvoices } from "./api";
import { Downloads } from "./Downloads";
import { useStatementPath } from "./Statements";

export default function Invoices() {
  const { t } = useWords();
  const { id, may } = useHere();
  const invoices = useInvoices(id);
  const [paying, setPaying] = useState<number | "open" | null>(null);
  const [crediting, setCrediting] = useState<InvoiceRow | null>(null);
  const open = invoices.data?.items.filter(isOpen) ?? [];
  return (
    <Section
      title={t("agreement.money.invoices")}
      flush
      actions={
        may("pay") ? <Button onClick={() => setPaying("open")}>{t("agreement.pay")}</Button> : null
      }
    >
      <Loaded of={invoices}>
        {({ items }) => (
          <Table
            rows={items}
            pay={may("pay") ? setPaying : null}
            credit={may("credit") ? setCrediting : null}
          />
        )}
      </Loaded>
      {paying !== null ? (
        <PaymentDialog towards={paying} open={open} close={() => setPaying(null)} />
      ) : null}
      {crediting !== null ? (
        <CreditDialog invoice={crediting} close={() => setCrediting(null)} />
      ) : null}
    </Section>
  );
}

function isOpen(row: InvoiceRow): boolean {
  return row.open !== null && !isZero(row.open);
}

function stateOf(row: InvoiceRow): "overdue" | "unpaid" | "paid" {
  if (row.overdue) return "overdue";
  return isOpen(row) ? "unpaid" : "paid";
}

function Table({
  rows,
  pay,
  credit,
}: {
  rows: InvoiceRow[];
  pay: ((number: number) => void) | null;
  credit: ((row: InvoiceRow) => void) | null;
}) {
  const { t } = useWords();
  const { id } = useHere();
  const statement = useStatementPath();
  const amount = (
    key: "gross" | "payable" | "open",
    title: string,
    strong = false,
  ): Column<InvoiceRow> => ({
    key,
    title,
    align: "right",
    cell: (row) => <Money value={row[key]} strong={strong} />,
  });
  const columns: Column<InvoiceRow>[] = [
    {
      key: "number",
      title: t("agreement.invoice"),
      card: "lead",
      cell: (row) => t("agreement.invoice.number", { number: row.number }),
    },
    {
      key: "state",
      title: t("agreement.status"),
      cell: (row) => (
        <StatusTag code={stateOf(row)}>{t(`agreement.state.${stateOf(row)}`)}</StatusTag>
      ),
    },
    {
      key: "statement",
      title: t("agreement.statement"),
      cell: (row) => <Link to={statement(row.statement)}>{row.statement}</Link>,
    },
    { key: "due", title: t("agreement.due"), cell: (row) => <Day on={row.due} /> },
    amount("gross", t("agreement.money.gross")),
    amount("payable", t("agreement.money.due")),
    amount("open", t("agreement.money.open"), true),
    {
      key: "notes",
      title: t("agreement.credit"),
      align: "right",
      cell: (row) => <CreditNotes of={row} />,
    },
    {
      key: "evidence",
      title: t("agreement.evidence"),
      cell: (row) => <EvidenceLink id={row.evidence} />,
    },
    {
      key: "pdf",
      title: "PDF",
      cell: (row) => <Downloads path={at`/agreements/${id}/invoices/${row.number}/pdf`} />,
    },
  ];
  if (pay !== null || credit !== null) {
    columns.push({
      key: "actions",
      title: t("agreement.action"),
      cell: (row) => (
        <span className="actions tight">
          {pay !== null && isOpen(row) ? (
            <Button size="small" onClick={() => pay(row.number)}>
              {t("agreement.pay.short")}
            </Button>
          ) : null}
          {credit !== null ? (
            <Button size="small" onClick={() => credit(row)}>
              {t("agreement.credit")}
            </Button>
          ) : null}
        </span>
      ),
    });
  }
  return (
    <Rows
      label={t("agreement.money.invoices")}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.number}
      tone={(row) => (row.overdue ? "bad" : undefined)}
      empty={<EmptyState title={t("agreement.invoices.none")} />}
    />
  );
}

/** What was taken off the invoice later. */
function CreditNotes({ of }: { of: InvoiceRow }) {
  if (of.credit_notes.length === 0) return <span className="quiet">–</span>;
  return (
    <>
      {of.credit_notes.map((note) => (
        <div key={note.number}>
          <Money value={negated(note.gross)} />
        </div>
      ))}
    </>
  );
}

interface PaymentForm {
  payment: string;
  amount: string;
  on: string;
  towards: string;
}

function PaymentDialog({
  towards,
  open,
  close,
}: {
  towards: number | "open";
  open: InvoiceRow[];
  close: () => void;
}) {
  const { t } = useWords();
  const { id, terms } = useHere();
  const { message } = App.useApp();
  const currency = terms?.currency ?? "CNY";
  const path = at`/agreements/${id}`;
  const write = useWrite({
    stale: [path],
    done: () => {
      void message.success(t("agreement.done"));
      close();
    },
  });
  const [form] = Form.useForm<PaymentForm>();
  const send = (values: PaymentForm) => {
    const number = Number(values.towards);
    const by = values.towards === "refund" ? "vendor" : "customer";
    const purpose = Number.isInteger(number) ? { for: "invoice", number } : { for: values.towards };
    const payment = {
      payment: values.payment.trim(),
      by,
      amount: { amount: values.amount.trim(), currency },
      on: values.on,
      towards: purpose,
    };
    write.mutate({ path: `${path}/payments`, body: { payment } });
  };
  const chosen = open.find((row) => row.number === towards);
  return (
    <Modal
      open
      title={t("agreement.pay")}
      okText={t("agreement.record")}
      okButtonProps={{ htmlType: "submit", form: "payment-form", loading: write.isPending }}
      onCancel={close}
    >
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <Form<PaymentForm>
        name="payment-form"
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ towards: String(towards), amount: chosen?.open?.amount }}
        onFinish={send}
      >
        <Form.Item
          name="payment"
          label={t("agreement.pay.ref")}
          extra={t("agreement.pay.ref.help")}
          rules={[
            { required: true, pattern: /^[\w.:/-]{1,128}$/, message: t("agreement.id.wrong") },
          ]}
        >
          <Input autoComplete="off" autoFocus />
        </Form.Item>
        <Form.Item
          name="amount"
          label={t("agreement.pay.amount", { currency })}
          rules={[
            {
              validator: (_, text: string) => positive(text, currency, t("agreement.amount.wrong")),
            },
          ]}
        >
          <Input inputMode="decimal" className="amount-input" autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="on"
          label={t("agreement.pay.on")}
          rules={[{ required: true, message: t("agreement.needed") }]}
        >
          <Input type="date" />
        </Form.Item>
        <Form.Item name="towards" label={t("agreement.pay.towards")}>
          <Select
            options={[
              { value: "open", label: t("agreement.pay.open") },
              ...open.map((row) => ({
                value: String(row.number),
                label: t("agreement.pay.invoice", { number: row.number }),
              })),
              { value: "prepayment", label: t("agreement.pay.prepayment") },
              { value: "refund", label: t("agreement.pay.refund") },
            ]}
          />
        </Form.Item>
      </Form>
      <p className="quiet small">{t("agreement.confirm.note")}</p>
    </Modal>
  );
}

/** An amount above nothing with no more places than the currency has. */
function positive(text: string | undefined, currency: string, wrong: string): Promise<void> {
  const minor = toMinor(text ?? "", currency);
  return minor !== null && minor > 0n ? Promise.resolve() : Promise.reject(new Error(wrong));
}

const REASONS = ["objection", "service_credit", "dispute", "error"] as const;

function CreditDialog({ invoice, close }: { invoice: InvoiceRow; close: () => void }) {
  const { t } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const currency = invoice.gross.currency;
  const write = useWrite({
    stale: [at`/agreements/${id}`],
    done: () => {
      void message.success(t("agreement.done"));
      close();
    },
  });
  const send = ({ amount, reason }: { amount: string; reason: string }) => {
    const body = { gross: { amount: amount.trim(), currency }, reason };
    write.mutate({ path: at`/agreements/${id}/invoices/${invoice.number}/credit-notes`, body });
  };
  return (
    <Modal
      open
      title={t("agreement.credit.title", { number: invoice.number })}
      okText={t("agreement.credit.issue")}
      okButtonProps={{ htmlType: "submit", form: "credit-form", loading: write.isPending }}
      onCancel={close}
    >
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <p className="quiet">{t("agreement.credit.lead")}</p>
      <Form
        name="credit-form"
        layout="vertical"
        requiredMark={false}
        onFinish={send}
        initialValues={{ reason: "objection" }}
      >
        <Form.Item
          name="amount"
          label={t("agreement.credit.gross", { currency })}
          rules={[
            {
              validator: (_, text: string) => positive(text, currency, t("agreement.amount.wrong")),
            },
          ]}
        >
          <Input inputMode="decimal" className="amount-input" autoComplete="off" autoFocus />
        </Form.Item>
        <Form.Item name="reason" label={t("agreement.reason")}>
          <Select
            options={REASONS.map((value) => ({
              value,
              label: t(`agreement.credit.reason.${value}`),
            }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
