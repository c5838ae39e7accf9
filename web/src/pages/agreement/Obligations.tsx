// Who owes what to whom, by when, under which clause: both parties side by side.
import { App, Button, Segmented } from "antd";
import { useState } from "react";

import { useWrite } from "../../http/hooks";
import { at } from "../../http/request";
import { ClauseLink } from "../../parts/ClauseLink";
import { type Column, Rows } from "../../parts/DataTable";
import { EvidenceLinks } from "../../parts/EvidenceLink";
import { Instant } from "../../parts/figures";
import { Loaded, Section } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";
import { useHere, usePosition } from "./here";
import { bySide, isOpen, mayWaive } from "./model/obligations";
import { ObligationDue, ObligationName } from "./rows";
import type { Obligation, Side } from "./types";

const SHOWN = ["all", "open", "breached", "over"] as const;
type Shown = (typeof SHOWN)[number];

function isShown(one: Obligation, shown: Shown): boolean {
  if (shown === "all") return true;
  if (shown === "open") return isOpen(one.status);
  if (shown === "breached") return one.status === "breached" || one.status === "late";
  return !isOpen(one.status);
}

export default function Obligations() {
  const { t, code } = useWords();
  const { id, side } = useHere();
  const position = usePosition(id);
  const [shown, setShown] = useState<Shown>("all");
  const order: Side[] = side === "vendor" ? ["vendor", "customer"] : ["customer", "vendor"];
  return (
    <Loaded of={position} rows={10}>
      {(now) => {
        const sides = bySide(now.obligations.filter((one) => isShown(one, shown)));
        return (
          <>
            <div className="tools">
              <Segmented<Shown>
                value={shown}
                onChange={setShown}
                aria-label={t("agreement.obligations.filter")}
                options={SHOWN.map((value) => ({
                  value,
                  label: t(`agreement.obligations.${value}`),
                }))}
              />
              <span className="quiet small">
                {t("agreement.as_of")} <Instant at={now.as_of} />
              </span>
            </div>
            {order.map((party) => (
              <Section
                key={party}
                flush
                title={
                  <>
                    {t("agreement.owes", { party: code("side", party) })}
                    {party === side ? <span className="our-mark">{t("agreement.we")}</span> : null}
                  </>
                }
              >
                <Table
                  all={sides[party]}
                  label={t("agreement.owes", { party: code("side", party) })}
                />
              </Section>
            ))}
          </>
        );
      }}
    </Loaded>
  );
}

function Table({ all, label }: { all: Obligation[]; label: string }) {
  const { t } = useWords();
  const { side, may } = useHere();
  const columns: Column<Obligation>[] = [
    {
      key: "status",
      title: t("agreement.status"),
      width: "7.5em",
      cell: (one) => <StatusTag family="obligation_status" code={one.status} />,
    },
    {
      key: "name",
      title: t("agreement.obligation"),
      card: "lead",
      cell: (one) => <ObligationName of={one} />,
    },
    { key: "due", title: t("agreement.due"), cell: (one) => <ObligationDue of={one} /> },
    { key: "met", title: t("agreement.met_at"), cell: (one) => <Instant at={one.met} /> },
    {
      key: "clause",
      title: t("agreement.clause"),
      cell: (one) => <ClauseLink clause={one.clause} />,
    },
    {
      key: "evidence",
      title: t("agreement.evidence"),
      cell: (one) => <EvidenceLinks ids={one.evidence} most={3} />,
    },
  ];
  if (may("notify") && all.some((one) => mayWaive(one, side))) {
    columns.push({
      key: "waive",
      title: t("agreement.action"),
      cell: (one) => (mayWaive(one, side) ? <Waive of={one} /> : null),
    });
  }
  return (
    <Rows
      label={label}
      columns={columns}
      rows={all}
      rowKey={(one) => `${one.name}${one.start}`}
      tone={(one) => (one.status === "breached" ? "bad" : isOpen(one.status) ? undefined : "quiet")}
      empty={<p className="quiet inset">{t("agreement.needs.none")}</p>}
    />
  );
}

/** The creditor may give up what is owed; it cannot be taken back. */
function Waive({ of }: { of: Obligation }) {
  const { t, code } = useWords();
  const { id } = useHere();
  const { modal } = App.useApp();
  const path = at`/agreements/${id}`;
  const waive = useWrite({ stale: [path] });
  const ask = () => {
    modal.confirm({
      title: t("agreement.waive.title", { what: code("obligation", of.kind) }),
      content: t("agreement.waive.why", { party: code("side", of.debtor) }),
      okText: t("agreement.waive"),
      okButtonProps: { danger: true },
      onOk: () =>
        waive
          .mutateAsync({
            path: `${path}/actions`,
            body: { action: { do: "waive", obligation: of.name } },
          })
          .catch(() => undefined),
    });
  };
  return (
    <>
      <Button size="small" onClick={ask} loading={waive.isPending}>
        {t("agreement.waive")}
      </Button>
      {waive.error ? <ProblemAlert problem={waive.error} /> : null}
    </>
  );
}
