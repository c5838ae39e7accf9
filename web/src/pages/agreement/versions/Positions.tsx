// What our side has reached: each clause of our playbook in each version, who gave way where, and the
// findings that a person must approve. None of it is ever shown to the other party.
import { Link } from "react-router";

import { EmptyState, Section } from "../../../parts/Page";
import { TONE } from "../../../parts/review/findings";
import { type Column, Rows } from "../../../parts/DataTable";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import type { Concession, Negotiation } from "./api";
import { Red } from "./Red";
import { SignsBy } from "./SignsBy";
import { useVersionPath } from "./Versions";

export function Positions({ of, choose }: { of: Negotiation; choose: (id: string) => void }) {
  const { t } = useWords();
  const latest = Math.max(0, ...of.red.map((one) => one.version));
  const red = of.red.filter((one) => one.version === latest);
  return (
    <>
      {red.length > 0 ? (
        <Section title={t("version.redTitle", { number: latest })} lead={t("version.redLead")}>
          <Red of={red} />
        </Section>
      ) : null}
      <Section
        title={t("version.matrix")}
        lead={t("version.matrixLead")}
        actions={<SignsBy of={of} choose={choose} />}
        flush
      >
        <Matrix of={of} />
      </Section>
      <Section title={t("version.concessions")} flush={of.concessions.length > 0}>
        <Concessions of={of.concessions} />
      </Section>
    </>
  );
}

function Matrix({ of }: { of: Negotiation }) {
  const { t, code, pick } = useWords();
  const path = useVersionPath();
  const versions = [
    ...new Set(of.clauses.flatMap((row) => row.by_version.map(({ version }) => version))),
  ].sort((a, b) => a - b);
  type Clause = Negotiation["clauses"][number];
  const columns: Column<Clause>[] = [
    {
      key: "clause",
      title: t("agreement.clause"),
      card: "lead",
      cell: (row) => (
        <>
          <code>{row.clause}</code> {pick(row.title)}
        </>
      ),
    },
    ...versions.map((version): Column<Clause> => ({
      key: String(version),
      title: t("version.number", { number: version }),
      cell: (row) => {
        const found = row.by_version.find((one) => one.version === version);
        if (!found) return <span className="quiet">–</span>;
        return (
          <Link
            className="position-cell"
            to={`${path(version)}?clause=${encodeURIComponent(row.clause)}`}
            title={found.quote}
          >
            <StatusTag code={found.status} tone={TONE[found.status] ?? "plain"}>
              {code("review_status", found.status)}
            </StatusTag>
            <span className="small quiet">{code("position_reached", found.reached)}</span>
          </Link>
        );
      },
    })),
  ];
  return (
    <Rows
      label={t("version.matrix")}
      columns={columns}
      rows={of.clauses}
      rowKey={(row) => row.clause}
    />
  );
}

function Concessions({ of }: { of: Concession[] }) {
  const { t, code, known } = useWords();
  const { side } = useHere();
  if (of.length === 0) return <EmptyState title={t("version.noConcessions")} />;
  const columns: Column<Concession>[] = [
    {
      key: "clause",
      title: t("agreement.clause"),
      card: "lead",
      cell: (row) => (
        <>
          <code>{row.clause}</code> {known("clause", row.clause)}
        </>
      ),
    },
    {
      key: "version",
      title: t("version.version"),
      cell: (row) => t("version.number", { number: row.version }),
    },
    {
      key: "by",
      title: t("version.by"),
      cell: (row) => (
        <>
          {code("side", row.by)}
          {row.by === side ? <span className="our-mark">{t("agreement.we")}</span> : null}
        </>
      ),
    },
    {
      key: "change",
      title: t("version.change"),
      cell: (row) => (
        <span className="turn">
          {[row.from, row.to].map((status, i) => (
            <span key={i}>
              {i === 1 ? <span aria-hidden="true">→ </span> : null}
              <StatusTag code={status} tone={TONE[status] ?? "plain"}>
                {known("review_status", status) ?? code("position_reached", status)}
              </StatusTag>
            </span>
          ))}
        </span>
      ),
    },
    {
      key: "gain",
      title: t("version.forUs"),
      cell: (row) => (
        <StatusTag code={row.gain ? "better" : "worse"} tone={row.gain ? "good" : "bad"}>
          {row.gain ? t("version.gain") : t("version.loss")}
        </StatusTag>
      ),
    },
  ];
  return (
    <Rows
      label={t("version.concessions")}
      columns={columns}
      rows={of}
      rowKey={(row) => `${row.clause}${row.version}`}
    />
  );
}
