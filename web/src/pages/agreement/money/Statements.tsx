// What can be settled, and what was: periods and statements.
import { Link } from "react-router";

import { type Column, Rows } from "../../../parts/DataTable";
import { Day, Instant, Money } from "../../../parts/figures";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { ownName } from "../own";
import { Downloads } from "./Downloads";
import { at } from "../../../http/request";
import { type PeriodRow, type StatementRow, usePeriods, useStatements } from "./api";

export default function Statements() {
  const { t } = useWords();
  const { id } = useHere();
  const periods = usePeriods(id);
  const statements = useStatements(id);
  return (
    <>
      <Section title={t("agreement.periods")} lead={t("agreement.periods.lead")} flush>
        <Loaded of={periods}>
          {({ items }) => <Periods rows={items.filter((one) => one.state === "open")} />}
        </Loaded>
      </Section>
      <Section title={t("agreement.money.statements")} flush>
        <Loaded of={statements}>{({ items }) => <Table rows={items} />}</Loaded>
      </Section>
    </>
  );
}

/** Where a statement is shown. */
export function useStatementPath(): (name: string) => string {
  const { id } = useHere();
  return (name) =>
    `/agreements/${encodeURIComponent(id)}/money/statements/${encodeURIComponent(name)}`;
}

function Periods({ rows }: { rows: PeriodRow[] }) {
  const { t } = useWords();
  const path = useStatementPath();
  const columns: Column<PeriodRow>[] = [
    {
      key: "name",
      title: t("agreement.period"),
      card: "lead",
      cell: (row) => <Link to={path(row.name)}>{row.name}</Link>,
    },
    { key: "from", title: t("agreement.from"), cell: (row) => <Day on={row.from} /> },
    { key: "to", title: t("agreement.to"), cell: (row) => <Day on={row.to} /> },
    {
      key: "go",
      title: t("agreement.action"),
      cell: (row) => <Link to={path(row.name)}>{t("agreement.preview")}</Link>,
    },
  ];
  return (
    <Rows
      label={t("agreement.periods")}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.name}
      empty={<p className="quiet inset">{t("agreement.periods.none")}</p>}
    />
  );
}

function Table({ rows }: { rows: StatementRow[] }) {
  const words = useWords();
  const { t } = words;
  const { id } = useHere();
  const path = useStatementPath();
  const amount = (
    key: "net" | "tax" | "gross" | "credits" | "due",
    title: string,
  ): Column<StatementRow> => ({
    key,
    title,
    align: "right",
    cell: (row) => <Money value={row[key]} strong={key === "due"} />,
  });
  const columns: Column<StatementRow>[] = [
    {
      key: "name",
      title: t("agreement.statement"),
      card: "lead",
      cell: (row) => <Link to={path(row.name)}>{row.name}</Link>,
    },
    {
      key: "state",
      title: t("agreement.status"),
      cell: (row) => <StatusTag code={row.state}>{ownName("state", row.state, words)}</StatusTag>,
    },
    amount("net", t("agreement.money.net")),
    amount("tax", t("agreement.money.tax")),
    amount("gross", t("agreement.money.gross")),
    amount("due", t("agreement.money.due")),
    {
      key: "submitted",
      title: t("agreement.submitted_at"),
      card: "hide",
      cell: (row) => <Instant at={row.submitted_at} />,
    },
    {
      key: "invoice",
      title: t("agreement.invoice"),
      align: "right",
      cell: (row) => row.invoice ?? "–",
    },
    {
      key: "pdf",
      title: "PDF",
      cell: (row) => <Downloads path={at`/agreements/${id}/statements/${row.name}/pdf`} />,
    },
  ];
  return (
    <Rows
      label={t("agreement.money.statements")}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.name}
      empty={<EmptyState title={t("agreement.statements.none")} />}
    />
  );
}
