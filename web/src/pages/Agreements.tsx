// All agreements of the organisation: what needs the reader now first, then the rest.
import { Button, Input, Segmented } from "antd";
import { useDeferredValue, useState } from "react";
import { Link, useNavigate } from "react-router";

import { useMe } from "../app/session";
import { usePages } from "../http/hooks";
import { at } from "../http/request";
import type { AgreementRow, Need } from "../http/types";
import { isZero } from "../format/money";
import { AgreementScope } from "../parts/agreementContext";
import { ClauseLink } from "../parts/ClauseLink";
import { type Column, DataTable } from "../parts/DataTable";
import { Day, Due, Money } from "../parts/figures";
import { EmptyState, Page, Section } from "../parts/Page";
import { ProblemAlert } from "../parts/ProblemAlert";
import { StatusTag } from "../parts/StatusTag";
import { useWords } from "../words";

type Filter = "all" | "draft" | "in_force" | "ended";

export default function Agreements() {
  const { t } = useWords();
  const me = useMe();
  const navigate = useNavigate();
  const [filter, setFilter] = useState<Filter>("all");
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const all = usePages<AgreementRow>("/agreements", {}, 100);
  const drafts = me.roles.some((role) => role === "owner" || role === "negotiator");
  const needing = all.rows.filter((row) => row.needs_me.length > 0);

  return (
    <Page
      title={t("agreements.title")}
      actions={
        drafts ? (
          <Button type="primary" onClick={() => void navigate("/agreements/new")}>
            {t("agreements.new")}
          </Button>
        ) : null
      }
    >
      <ProblemAlert problem={all.error} />
      {needing.length > 0 ? <NeedsMe rows={needing} /> : null}
      <Section title={t("agreements.all")} flush>
        <div className="toolbar">
          <Input.Search
            allowClear
            className="toolbar-search"
            aria-label={t("search.title")}
            placeholder={t("search.hint")}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Segmented<Filter>
            aria-label={t("agreements.phase")}
            value={filter}
            onChange={setFilter}
            options={[
              { value: "all", label: t("agreements.every") },
              { value: "in_force", label: t("agreements.inForce") },
              { value: "draft", label: t("agreements.draft") },
              { value: "ended", label: t("agreements.ended") },
            ]}
          />
        </div>
        <AllAgreements query={{ q: q || null, phase: filter === "all" ? null : filter }} />
      </Section>
    </Page>
  );
}

/** How many matters are listed before the reader asks for the rest. */
const SHORT = 8;

function NeedsMe({ rows }: { rows: AgreementRow[] }) {
  const { t, pick, code } = useWords();
  const [all, setAll] = useState(false);
  const needs = rows
    .flatMap((row) => row.needs_me.map((need): [AgreementRow, Need] => [row, need]))
    .sort(([, a], [, b]) => Date.parse(a.due) - Date.parse(b.due));
  return (
    <Section title={t("agreements.needsMe", { count: needs.length })} flush>
      <ul className="needs">
        {needs.slice(0, all ? undefined : SHORT).map(([row, need]) => (
          <li
            key={`${row.id}/${need.obligation}`}
            className={need.status === "breached" ? "bad" : undefined}
          >
            <AgreementScope id={row.id}>
              <StatusTag family="obligation_status" code={need.status} />
              <span className="need-what">
                <Link to={at`/agreements/${row.id}`}>{code("obligation", need.kind)}</Link>
                <span className="quiet small">{pick(row.title)}</span>
              </span>
              <span className="need-when">
                <Due at={need.due} />
              </span>
              <ClauseLink clause={need.clause} />
            </AgreementScope>
          </li>
        ))}
      </ul>
      {!all && needs.length > SHORT ? (
        <div className="more">
          <Button onClick={() => setAll(true)}>{t("more")}</Button>
        </div>
      ) : null}
    </Section>
  );
}

function AllAgreements({ query }: { query: { q: string | null; phase: string | null } }) {
  const { t, pick, code } = useWords();
  const columns: Column<AgreementRow>[] = [
    {
      key: "title",
      title: t("agreements.agreement"),
      card: "lead",
      cell: (row) => (
        <>
          <Link to={at`/agreements/${row.id}`} className="row-title">
            {pick(row.title)}
          </Link>
          <div className="quiet small">
            <code>{row.id}</code> · {code("service", row.kind)}
          </div>
        </>
      ),
    },
    {
      key: "other",
      title: t("agreements.parties"),
      cell: (row) => (
        <span>
          <Party
            name={row.customer}
            label={code("side", "customer")}
            mine={row.side === "customer"}
          />
          <Party name={row.vendor} label={code("side", "vendor")} mine={row.side === "vendor"} />
        </span>
      ),
    },
    {
      key: "phase",
      title: t("agreements.phase"),
      cell: (row) => <StatusTag family="phase" code={row.phase} />,
    },
    {
      key: "breached",
      title: t("agreements.breached"),
      align: "right",
      cell: (row) =>
        row.breached > 0 ? (
          <span className="left over">{row.breached}</span>
        ) : (
          <span className="quiet">0</span>
        ),
    },
    { key: "due", title: t("agreements.nextDue"), cell: (row) => <Due at={row.next_due} /> },
    {
      key: "open",
      title: t("agreements.open"),
      align: "right",
      cell: (row) => (
        <span>
          <Money value={row.open} />
          {row.overdue && !isZero(row.overdue) ? (
            <span className="left over block">
              {t("agreements.overdue")} <Money value={row.overdue} />
            </span>
          ) : null}
        </span>
      ),
    },
    { key: "ends", title: t("agreements.ends"), cell: (row) => <Day on={row.ends} /> },
  ];
  return (
    <DataTable
      label={t("agreements.all")}
      path="/agreements"
      query={query}
      columns={columns}
      rowKey={(row) => row.id}
      tone={(row) => (row.breached > 0 ? "bad" : row.phase === "ended" ? "quiet" : undefined)}
      empty={
        <EmptyState
          title={query.q || query.phase ? t("agreements.noneFound") : t("agreements.none")}
        >
          {query.q || query.phase ? null : <Link to="/agreements/new">{t("agreements.new")}</Link>}
        </EmptyState>
      }
    />
  );
}

function Party({ name, label, mine }: { name: string | null; label: string; mine: boolean }) {
  return (
    <span className="party">
      <span className="quiet small">{label}</span>{" "}
      <span className={mine ? "strong" : undefined}>{name || "–"}</span>
    </span>
  );
}
