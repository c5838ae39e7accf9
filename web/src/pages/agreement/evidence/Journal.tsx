// The journal with filters. Each entry opens with its exact line, its hash and its proof.
import { Button, Form, Input, Select } from "antd";
import { useMemo, useState } from "react";

import { fromWall } from "../../../format/instant";
import { address, at, type Query } from "../../../http/request";
import { type Column, DataTable } from "../../../parts/DataTable";
import { EvidenceLink } from "../../../parts/EvidenceLink";
import { Hash, Instant } from "../../../parts/figures";
import { EmptyState, Section } from "../../../parts/Page";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { Actor } from "../entries";
import { useHere } from "../here";
import type { Live } from "../live";
import { capital } from "../own";
import { EVENTS, FACTS } from "../model/kinds";
import type { Entry } from "../types";

interface Filter {
  kind?: string;
  actor?: string;
  q?: string;
  from?: string;
  to?: string;
  order?: "asc" | "desc";
}

export default function Journal({ live }: { live: Live }) {
  const { t, pick, code } = useWords();
  const { id, zone, head } = useHere();
  const [filter, setFilter] = useState<Filter>({ order: "desc" });
  const query = useMemo(() => asQuery(filter, zone), [filter, zone]);
  const fresh = new Set(live.entries.map((entry) => entry.seq));
  const columns: Column<Entry>[] = [
    {
      key: "id",
      title: t("agreement.entry"),
      width: "5em",
      cell: (row) => <EvidenceLink id={`e${row.seq}`} />,
    },
    { key: "at", title: t("agreement.at"), width: "11em", cell: (row) => <Instant at={row.at} /> },
    {
      key: "text",
      title: t("agreement.what"),
      card: "lead",
      cell: (row) => (
        <>
          {fresh.has(row.seq) ? (
            <StatusTag code="new" tone="info">
              {t("agreement.new")}
            </StatusTag>
          ) : null}{" "}
          {capital(pick(row.text))}
        </>
      ),
    },
    {
      key: "actor",
      title: t("agreement.actor"),
      width: "12em",
      cell: (row) => <Actor of={row.actor} />,
    },
    {
      key: "hash",
      title: "SHA-256",
      card: "hide",
      width: "11em",
      cell: (row) => <Hash value={row.sha256} />,
    },
  ];
  return (
    <Section
      title={t("agreement.evidence.journal")}
      lead={t("agreement.journal.lead", { count: head.entries })}
      flush
      actions={
        <Button href={address(at`/agreements/${id}/bundle`)} download={`${id}.tally`}>
          {t("agreement.bundle")}
        </Button>
      }
    >
      <Filters filter={filter} setFilter={setFilter} />
      <DataTable<Entry>
        label={t("agreement.evidence.journal")}
        path={at`/agreements/${id}/entries`}
        query={query}
        columns={columns}
        rowKey={(row) => row.seq}
        empty={<EmptyState title={t("agreement.journal.none")} />}
      />
    </Section>
  );

  function asQuery({ from, to, ...rest }: Filter, of: string): Query {
    return {
      ...rest,
      ...(from ? { from: fromWall(`${from}T00:00`, of) } : {}),
      ...(to ? { to: fromWall(`${to}T23:59:59`, of) } : {}),
    };
  }

  function Filters({
    filter: shown,
    setFilter: set,
  }: {
    filter: Filter;
    setFilter: (filter: Filter) => void;
  }) {
    const kinds = [
      {
        label: t("agreement.kinds.facts"),
        options: FACTS.map((value) => ({ value, label: code("fact", value) })),
      },
      {
        label: t("agreement.kinds.events"),
        options: EVENTS.map((value) => ({ value, label: code("event", value) })),
      },
    ];
    const actors = (["customer", "vendor", "deployment"] as const).map((value) => ({
      value,
      label: code("actor", value),
    }));
    const orders = (["desc", "asc"] as const).map((value) => ({
      value,
      label: t(`agreement.order.${value}`),
    }));
    return (
      <Form<Filter>
        layout="vertical"
        name="filter-form"
        className="filters"
        initialValues={shown}
        onValuesChange={(_, all) => {
          const { q, ...rest } = all;
          set({ ...rest, ...(shown.q && q ? { q: shown.q } : {}) });
        }}
        onFinish={set}
      >
        <Form.Item name="kind" label={t("agreement.kind")}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: "label" }}
            options={kinds}
            popupMatchSelectWidth={280}
          />
        </Form.Item>
        <Form.Item name="actor" label={t("agreement.actor")}>
          <Select allowClear options={actors} />
        </Form.Item>
        <Form.Item name="from" label={t("agreement.from")}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="to" label={t("agreement.to")}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="order" label={t("agreement.order")}>
          <Select options={orders} />
        </Form.Item>
        <Form.Item name="q" label={t("agreement.text")}>
          <Input.Search allowClear onSearch={(q) => set({ ...shown, q })} />
        </Form.Item>
      </Form>
    );
  }
}
