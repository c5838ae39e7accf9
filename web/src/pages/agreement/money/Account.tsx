// The account between the parties: what is open by age, late fees with their workings, and what
// each payment settled.
import { useState } from "react";

import { formatMoney } from "../../../format/money";
import { Chart } from "../../../parts/Chart";
import { ClauseLink } from "../../../parts/ClauseLink";
import { type Column, Rows } from "../../../parts/DataTable";
import { Day, Money } from "../../../parts/figures";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { useWords } from "../../../words";
import { useAccount, useHere } from "../here";
import { ageing, type AgeingRow } from "../model/ageing";
import { isZero, placeOfMoney } from "../model/exact";
import type { Account, AllocatedPayment, InvoiceAccount, LateFee } from "../types";
import { WorkingView } from "./Working";

export default function AccountPage() {
  const { t } = useWords();
  const { id } = useHere();
  const read = useAccount(id);
  return (
    <Loaded of={read} rows={10}>
      {({ account }) => (
        <>
          <Open account={account} />
          <Ageing account={account} />
          <Section title={t("agreement.late_fees")} flush>
            <Invoices rows={account.invoices} />
          </Section>
          <Section title={t("agreement.payments")} flush>
            <Payments rows={account.payments} />
          </Section>
        </>
      )}
    </Loaded>
  );
}

function Open({ account }: { account: Account }) {
  const { t } = useWords();
  return (
    <Section
      title={t("agreement.money.account")}
      lead={
        <>
          {t("agreement.as_of")} <Day on={account.as_of} />
        </>
      }
    >
      <dl className="amounts wide">
        <div>
          <dt>{t("agreement.open_principal")}</dt>
          <dd>
            <Money value={account.open_principal} strong />
          </dd>
        </div>
        <div>
          <dt>{t("agreement.open_late_fees")}</dt>
          <dd>
            <Money value={account.open_late_fees} strong />
          </dd>
        </div>
        <div>
          <dt>{t("agreement.unallocated")}</dt>
          <dd>
            <Money value={account.unallocated} />
          </dd>
        </div>
      </dl>
    </Section>
  );
}

function Ageing({ account }: { account: Account }) {
  const { t } = useWords();
  const rows = ageing(account);
  if (rows.every((row) => row.invoices.length === 0)) return null;
  const names = rows.map((row) => t(`agreement.band.${row.band}`));
  const bars = (key: "principal" | "lateFees", name: string) => ({
    type: "bar",
    name,
    stack: "open",
    barMaxWidth: 56,
    data: rows.map((row) => placeOfMoney(row[key])),
  });
  const option = {
    grid: { left: 8, right: 8, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0 },
    xAxis: { type: "category", data: names },
    yAxis: { type: "value" },
    series: [
      bars("principal", t("agreement.principal")),
      bars("lateFees", t("agreement.late_fee")),
    ],
  };
  return (
    <Section title={`${t("agreement.ageing")} (${account.open_principal.currency})`}>
      <Chart label={t("agreement.ageing")} height={220} option={option} table={table(rows)} />
      <Bands rows={rows} />
    </Section>
  );

  function table(all: AgeingRow[]) {
    const head = [
      t("agreement.age"),
      t("agreement.principal"),
      t("agreement.late_fee"),
      t("agreement.invoices"),
    ];
    const body = all.map((row) => [
      t(`agreement.band.${row.band}`),
      <Money key="p" value={row.principal} />,
      <Money key="f" value={row.lateFees} />,
      row.invoices.join(", ") || "–",
    ]);
    return [head, ...body];
  }
}

function Bands({ rows }: { rows: AgeingRow[] }) {
  const { t } = useWords();
  return (
    <dl className="amounts wide bands">
      {rows.map((row) => (
        <div key={row.band}>
          <dt>{t(`agreement.band.${row.band}`)}</dt>
          <dd>
            <Money value={row.principal} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Invoices({ rows }: { rows: InvoiceAccount[] }) {
  const { t } = useWords();
  const [shown, setShown] = useState<number | null>(null);
  if (rows.length === 0) return <EmptyState title={t("agreement.invoices.none")} />;
  const columns: Column<InvoiceAccount>[] = [
    { key: "number", title: t("agreement.invoice"), card: "lead", cell: (row) => row.number },
    { key: "due", title: t("agreement.due"), cell: (row) => <Day on={row.due} /> },
    {
      key: "payable",
      title: t("agreement.money.due"),
      align: "right",
      cell: (row) => <Money value={row.payable} />,
    },
    {
      key: "open",
      title: t("agreement.open_principal"),
      align: "right",
      cell: (row) => <Money value={row.open_principal} />,
    },
    {
      key: "fee",
      title: t("agreement.late_fee"),
      align: "right",
      cell: (row) => <Money value={row.late_fee?.accrued} />,
    },
    {
      key: "open_fee",
      title: t("agreement.open_late_fee"),
      align: "right",
      cell: (row) => <Money value={row.open_late_fee} strong />,
    },
    {
      key: "clause",
      title: t("agreement.clause"),
      cell: (row) => <ClauseLink clause={row.late_fee?.line?.clause} />,
    },
    {
      key: "working",
      title: t("agreement.working"),
      cell: (row) =>
        row.late_fee && !isZero(row.late_fee.accrued) ? (
          <button
            type="button"
            className="chip"
            aria-expanded={shown === row.number}
            onClick={() => setShown(shown === row.number ? null : row.number)}
          >
            {t("agreement.working")}
          </button>
        ) : (
          "–"
        ),
    },
  ];
  const open = rows.find((row) => row.number === shown)?.late_fee;
  return (
    <>
      <Rows
        label={t("agreement.late_fees")}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.number}
      />
      {open ? <LateFeeView of={open} /> : null}
    </>
  );
}

function LateFeeView({ of }: { of: LateFee }) {
  const { t } = useWords();
  return (
    <div className="inset">
      {of.rows.map((row) => (
        <div key={row.from}>
          <p className="small">
            <Day on={row.from} /> – <Day on={row.to} />:{" "}
            {t("agreement.late_days", { days: row.days })} <Money value={row.principal} />
          </p>
          <WorkingView of={row.working} />
        </div>
      ))}
      {of.line ? <WorkingView of={of.line.working} amount={formatMoney(of.accrued)} /> : null}
    </div>
  );
}

function Payments({ rows }: { rows: AllocatedPayment[] }) {
  const { t, code } = useWords();
  const columns: Column<AllocatedPayment>[] = [
    {
      key: "payment",
      title: t("agreement.payment"),
      card: "lead",
      cell: (row) => <code>{row.payment}</code>,
    },
    { key: "on", title: t("agreement.date"), cell: (row) => <Day on={row.on} /> },
    {
      key: "amount",
      title: t("agreement.amount"),
      align: "right",
      cell: (row) => <Money value={row.amount} strong />,
    },
    {
      key: "parts",
      title: t("agreement.settled"),
      cell: (row) => (
        <ul className="plain-list tight">
          {row.allocation.parts.map((part, i) => (
            <li key={i}>
              {t("agreement.invoice")} {part.invoice.replace(/^invoice:/, "")} ·{" "}
              {code("allocation_target", part.target)} <Money value={part.amount} />
            </li>
          ))}
        </ul>
      ),
    },
    {
      key: "left",
      title: t("agreement.unallocated"),
      align: "right",
      cell: (row) => <Money value={row.allocation.left} />,
    },
  ];
  return (
    <Rows
      label={t("agreement.payments")}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.payment}
      empty={<EmptyState title={t("agreement.payments.none")} />}
    />
  );
}
