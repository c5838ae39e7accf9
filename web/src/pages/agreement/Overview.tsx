// Where the agreement stands: what needs us now, what the other side owes, breaches, measures,
// money in short, rights over data, what the evidence lacks, and what just came.
import { Button } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";

import { civil } from "../../format/instant";
import { ClauseLink } from "../../parts/ClauseLink";
import { EvidenceLink, EvidenceLinks } from "../../parts/EvidenceLink";
import { Instant, Money } from "../../parts/figures";
import { EmptyState, Loaded, Section } from "../../parts/Page";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";
import { EntryList, useEntries } from "./entries";
import { useHere, usePosition } from "./here";
import type { TabProps } from "./index";
import { isZero } from "./model/exact";
import { metricName } from "./own";
import { openOf } from "./model/obligations";
import { standardKey } from "./model/standards";
import { ObligationDue, ObligationName, StandardRow } from "./rows";
import type { MoneyView, Obligation, Position, Side } from "./types";

export default function Overview({ live }: TabProps) {
  const { id, head, may } = useHere();
  const position = usePosition(id);
  return (
    <Loaded of={position} rows={10}>
      {(now) => (
        <>
          {head.phase === "draft" ? <Unsigned /> : null}
          <div className="columns">
            <div>
              <Needs position={now} />
              <Breaches position={now} />
              <Measures position={now} />
            </div>
            <div>
              {may("readMoney") ? <MoneyShort money={now.money} /> : null}
              <Claims position={now} />
              <Evidence position={now} />
              <Rights position={now} />
              {may("readJournal") ? (
                <Latest fresh={live.entries.map((entry) => entry.seq)} />
              ) : null}
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
}

function useTabPath(): (tab: string) => string {
  const { id } = useHere();
  return (tab) => `/agreements/${encodeURIComponent(id)}/${tab}`;
}

/** The terms lie there; one party or both still have to sign. */
function Unsigned() {
  const { t, code } = useWords();
  const { head, may, side } = useHere();
  const path = useTabPath();
  const signed = new Set(head.signed.map((one) => one.side));
  const missing = (["customer", "vendor"] as const).filter((party) => !signed.has(party));
  return (
    <Section
      title={t("agreement.unsigned.title")}
      actions={
        may("sign") && side !== null && !signed.has(side) ? (
          <Link to={path("documents")}>
            <Button type="primary">{t("agreement.sign.go")}</Button>
          </Link>
        ) : null
      }
    >
      <p>
        {t("agreement.unsigned", {
          parties: missing.map((party) => code("side", party)).join(" · "),
        })}
      </p>
    </Section>
  );
}

function Needs({ position }: { position: Position }) {
  const { t, code } = useWords();
  const { side } = useHere();
  const other: Side = side === "customer" ? "vendor" : "customer";
  const lists: [string, Side][] =
    side === null
      ? [
          [t("agreement.owes", { party: code("side", "customer") }), "customer"],
          [t("agreement.owes", { party: code("side", "vendor") }), "vendor"],
        ]
      : [
          [t("agreement.needs.us"), side],
          [t("agreement.needs.them"), other],
        ];
  return (
    <>
      {lists.map(([title, party]) => (
        <Section key={party} title={title} flush>
          <Owed all={openOf(position.obligations, party)} ours={party === side} />
        </Section>
      ))}
    </>
  );
}

function Owed({ all, ours }: { all: Obligation[]; ours: boolean }) {
  const { t } = useWords();
  if (all.length === 0) {
    return (
      <p className="quiet inset">
        {ours ? t("agreement.needs.nothing") : t("agreement.needs.none")}
      </p>
    );
  }
  return (
    <ul className="owed">
      {all.map((one) => (
        <li
          key={`${one.name}${one.start}`}
          className={one.status === "breached" ? "bad" : undefined}
        >
          <div>
            <StatusTag family="obligation_status" code={one.status} />
          </div>
          <div className="owed-name">
            <strong>
              <ObligationName of={one} />
            </strong>
            {ours ? <WayTo of={one} /> : null}
          </div>
          <div className="owed-when">
            <ObligationDue of={one} />
            <span className="chips">
              <ClauseLink clause={one.clause} />
              <EvidenceLinks ids={one.evidence} most={2} />
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}

const WAY: Record<string, string> = {
  pay: "money",
  prepay: "money",
  review_statement: "money",
  submit_statement: "money",
  inspect: "evidence/deliveries",
  deliver: "evidence/deliveries",
  rework: "evidence/deliveries",
};

/** Where the thing is done: money on its tab, all else is a fact to record. */
function WayTo({ of }: { of: Obligation }) {
  const { t } = useWords();
  const path = useTabPath();
  const { may } = useHere();
  const to = WAY[of.kind] ?? "evidence/record";
  if (to === "evidence/record" && !may("record")) return null;
  return <Link to={path(to)}>{t("agreement.go")}</Link>;
}

/** What was breached and is not open any more, and standards that are not met. */
function Breaches({ position }: { position: Position }) {
  const words = useWords();
  const { t, code } = words;
  const late = position.obligations.filter((one) => one.status === "late");
  const missed = position.standards.filter((one) => one.verdict === "not_met");
  const open = position.obligations.filter((one) => one.status === "breached");
  if (late.length + missed.length + open.length === 0) return null;
  const row = (
    key: string,
    tag: ReactNode,
    name: ReactNode,
    clause: string,
    evidence: string[],
  ) => (
    <li key={key}>
      {tag} {name}{" "}
      <span className="chips">
        <ClauseLink clause={clause} />
        <EvidenceLinks ids={evidence} most={3} />
      </span>
    </li>
  );
  return (
    <Section title={t("agreement.breaches")}>
      <ul className="plain-list breaches">
        {[...open, ...late].map((one) =>
          row(
            `${one.name}${one.start}`,
            <StatusTag family="obligation_status" code={one.status} />,
            <>
              <span className="quiet">{code("side", one.debtor)}</span> <ObligationName of={one} />
            </>,
            one.clause,
            one.evidence,
          ),
        )}
        {missed.map((one) =>
          row(
            standardKey(one),
            <StatusTag family="verdict" code={one.verdict} />,
            metricName(one.metric, words),
            one.clause,
            one.evidence,
          ),
        )}
      </ul>
    </Section>
  );
}

function Measures({ position }: { position: Position }) {
  const { t } = useWords();
  const path = useTabPath();
  if (position.standards.length === 0) return null;
  return (
    <Section
      title={t("agreement.tab.measures")}
      actions={<Link to={path("measures")}>{t("agreement.over_time")}</Link>}
    >
      {position.standards.map((one) => (
        <StandardRow key={standardKey(one)} of={one} />
      ))}
    </Section>
  );
}

function MoneyShort({ money }: { money: MoneyView | null }) {
  const { t, lang } = useWords();
  const path = useTabPath();
  if (money === null) return null;
  const rows: [string, ReactNode][] = [
    [t("agreement.money.invoiced"), <Money value={money.invoiced} />],
    [t("agreement.money.paid"), <Money value={money.paid} />],
    [t("agreement.money.open"), <Money value={money.open} strong />],
    [
      t("agreement.money.overdue"),
      <span className={isZero(money.overdue) ? undefined : "bad-text"}>
        <Money value={money.overdue} strong />
      </span>,
    ],
  ];
  if (!isZero(money.credited))
    rows.push([t("agreement.money.credited"), <Money value={money.credited} />]);
  if (!isZero(money.prepaid)) {
    rows.push([t("agreement.money.prepaid"), <Money value={money.prepaid} />]);
    rows.push([t("agreement.money.drawn"), <Money value={money.drawn} />]);
  }
  return (
    <Section
      title={t("agreement.tab.money")}
      actions={<Link to={path("money")}>{t("agreement.details")}</Link>}
    >
      <dl className="amounts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {money.invoices.some((invoice) => invoice.overdue) ? (
        <p className="small">
          {money.invoices
            .filter((invoice) => invoice.overdue)
            .map((invoice) => (
              <span key={invoice.number} className="bad-text">
                {t("agreement.invoice.overdue", {
                  number: invoice.number,
                  due: civil(invoice.due, lang),
                })}{" "}
                <EvidenceLink id={invoice.evidence} />{" "}
              </span>
            ))}
        </p>
      ) : null}
    </Section>
  );
}

function Claims({ position }: { position: Position }) {
  const { t, code } = useWords();
  const { claims, disputes, force_majeure } = position;
  if (claims.length + disputes.length + force_majeure.length === 0) return null;
  return (
    <Section title={t("agreement.claims")}>
      <ul className="plain-list">
        {claims.map((claim) => (
          <li key={claim.claim}>
            <code>{claim.claim}</code> <span className="quiet">{code("side", claim.by)}</span>{" "}
            <Money value={claim.amount} />
            {claim.settled ? (
              <>
                {" "}
                <span className="quiet">{t("agreement.claim.settled")}</span>{" "}
                <Money value={claim.settled} />
              </>
            ) : null}{" "}
            <span className="chips">
              <ClauseLink clause={claim.clause} />
              <EvidenceLink id={claim.evidence} />
            </span>
          </li>
        ))}
        {disputes.map((name) => (
          <li key={name}>
            {t("agreement.dispute")} <code>{name}</code>
          </li>
        ))}
        {force_majeure.map((name) => (
          <li key={name}>
            {t("agreement.force_majeure")} <code>{name}</code>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Evidence({ position }: { position: Position }) {
  const { t } = useWords();
  const gaps = Object.entries(position.gaps);
  if (gaps.length === 0 && position.conflicts === 0) return null;
  return (
    <Section title={t("agreement.lacks")}>
      <ul className="plain-list">
        {gaps.map(([source, ranges]) => (
          <li key={source}>
            <StatusTag code="warning">{t("agreement.gap")}</StatusTag> <code>{source}</code>{" "}
            <span className="figure">
              {ranges.map(([from, to]) => (from === to ? from : `${from}–${to}`)).join(", ")}
            </span>
          </li>
        ))}
        {position.conflicts > 0 ? (
          <li>
            <StatusTag code="warning">
              {t("agreement.conflicts", { count: position.conflicts })}
            </StatusTag>
          </li>
        ) : null}
      </ul>
    </Section>
  );
}

function Rights({ position }: { position: Position }) {
  const { t, code } = useWords();
  if (position.rights.length === 0) return null;
  return (
    <Section title={t("agreement.rights")} lead={t("agreement.rights.lead")}>
      <ul className="rights">
        {position.rights.map((right) => (
          <li key={right.purpose}>
            <StatusTag
              code={right.permitted ? "allowed" : "refused"}
              tone={right.permitted ? "good" : "plain"}
            >
              {right.permitted ? t("agreement.right.yes") : t("agreement.right.no")}
            </StatusTag>
            <span>{code("purpose", right.purpose)}</span>
            {right.clause ? <ClauseLink clause={right.clause} /> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Latest({ fresh }: { fresh: number[] }) {
  const { t } = useWords();
  const { id } = useHere();
  const path = useTabPath();
  const entries = useEntries(id, { order: "desc" }, 8);
  return (
    <Section
      title={t("agreement.latest")}
      actions={<Link to={path("evidence")}>{t("agreement.all_entries")}</Link>}
    >
      <Loaded of={{ data: entries.data ? entries.rows : undefined, error: entries.error }}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title={t("agreement.no_entries")} />
          ) : (
            <EntryList
              entries={rows.slice(0, 8)}
              fresh={fresh}
              when={(entry) => <Instant at={entry.at} />}
            />
          )
        }
      </Loaded>
    </Section>
  );
}
