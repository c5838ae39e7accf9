// What was done and refused, by whom, from where; kept at least 190 days.
import { Input, Segmented } from "antd";
import { useDeferredValue, useState } from "react";

import { type Paged, useRead } from "../../http/hooks";
import type { AuditRow, PersonRow } from "../../http/types";
import { type Column, DataTable } from "../../parts/DataTable";
import { Instant } from "../../parts/figures";
import { EmptyState, Section } from "../../parts/Page";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";

type Which = "all" | "refused";

export default function Audit() {
  const { t } = useWords();
  const [action, setAction] = useState("");
  const [which, setWhich] = useState<Which>("all");
  const wanted = useDeferredValue(action.trim());
  const people = useRead<Paged<PersonRow>>("/people", { limit: 200 });
  const names = new Map(people.data?.items.map((person) => [person.id, person.name]));
  const columns: Column<AuditRow>[] = [
    { key: "at", title: t("audit.at"), cell: (row) => <Instant at={row.at} /> },
    {
      key: "person",
      title: t("audit.person"),
      card: "lead",
      cell: (row) =>
        row.person ? (
          (names.get(row.person) ?? <code>{row.person}</code>)
        ) : (
          <span className="quiet">{t("audit.nobody")}</span>
        ),
    },
    { key: "action", title: t("audit.action"), cell: (row) => <code>{row.action}</code> },
    {
      key: "object",
      title: t("audit.object"),
      cell: (row) => (
        <span className="wrap-anywhere">
          {row.agreement ? <code>{row.agreement}</code> : null}{" "}
          {row.object ? <code className="quiet">{row.object}</code> : null}
        </span>
      ),
    },
    {
      key: "result",
      title: t("audit.result"),
      cell: (row) => (
        <StatusTag code={row.result}>
          {row.result === "allowed" ? t("audit.allowed") : t("audit.refused")}
        </StatusTag>
      ),
    },
    {
      key: "from",
      title: t("audit.from"),
      cell: (row) => (
        <>
          <code>{row.address ?? "–"}</code>
          <div className="small quiet">
            <code>{row.request_id}</code>
          </div>
        </>
      ),
    },
  ];
  return (
    <Section title={t("organisation.audit")} lead={t("audit.lead")} flush>
      <div className="toolbar">
        <Input
          className="toolbar-search"
          allowClear
          aria-label={t("audit.action")}
          placeholder={t("audit.filter")}
          value={action}
          onChange={(event) => setAction(event.target.value)}
        />
        <Segmented<Which>
          aria-label={t("audit.result")}
          value={which}
          onChange={setWhich}
          options={[
            { value: "all", label: t("agreements.every") },
            { value: "refused", label: t("audit.refused") },
          ]}
        />
      </div>
      <DataTable<AuditRow>
        label={t("organisation.audit")}
        path="/audit"
        query={wanted ? { action: wanted } : {}}
        columns={columns}
        keep={(row) => which === "all" || row.result === "refused"}
        rowKey={(row) => row.seq}
        tone={(row) => (row.result === "refused" ? "warn" : undefined)}
        empty={<EmptyState title={t("audit.none")} />}
      />
    </Section>
  );
}
