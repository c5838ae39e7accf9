// One statement, drawn up or only previewed: every line with its working, its clause and its
// evidence, the sums, what could not be computed, and what may be done with it.
import { Alert, Checkbox } from "antd";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";

import { at } from "../../../http/request";
import { formatMoney } from "../../../format/money";
import { ClauseLink } from "../../../parts/ClauseLink";
import { EvidenceLinks } from "../../../parts/EvidenceLink";
import { Instant, Limit, Money } from "../../../parts/figures";
import { Loaded, Section } from "../../../parts/Page";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { ownName } from "../own";
import { type Part, type Row, rowsOf } from "../model/working";
import { isZero } from "../model/exact";
import type { Gap, Statement } from "../types";
import { type Objection, type StatementView, useStatement, useStatements } from "./api";
import { Downloads } from "./Downloads";
import { StatementActions } from "./StatementActions";
import { WorkingView } from "./Working";

export default function StatementPage({ name }: { name: string }) {
  const { id } = useHere();
  const { t } = useWords();
  const statements = useStatements(id);
  const drawn = statements.data?.items.find((row) => row.name === name);
  const view = useStatement(id, name, statements.data ? drawn === undefined : null);
  return (
    <>
      <p>
        <Link to={`/agreements/${encodeURIComponent(id)}/money/statements`}>
          ← {t("agreement.money.statements")}
        </Link>
      </p>
      <Loaded of={{ data: view.data, error: view.error ?? statements.error }} rows={12}>
        {(data) => <View key={name} name={name} view={data} preview={drawn === undefined} />}
      </Loaded>
    </>
  );
}

function View({ name, view, preview }: { name: string; view: StatementView; preview: boolean }) {
  const words = useWords();
  const { t } = words;
  const { id } = useHere();
  const { statement } = view;
  const [chosen, setChosen] = useState<number[]>([]);
  const [objecting, setObjecting] = useState(false);
  const state = preview ? "preview" : view.state;
  return (
    <>
      <Section
        title={
          <>
            {t("agreement.statement")} {name}{" "}
            <StatusTag code={state} {...(preview ? { tone: "plain" } : {})}>
              {ownName("state", state, words)}
            </StatusTag>
          </>
        }
        actions={preview ? null : <Downloads path={at`/agreements/${id}/statements/${name}/pdf`} />}
        lead={
          <>
            <Instant at={statement.window.from} /> – <Limit at={statement.window.to} />
            {statement.prices_include_tax ? ` · ${t("agreement.with_tax")}` : ""}
          </>
        }
      >
        {view.objection ? <Objected of={view.objection} /> : null}
        {preview ? <Alert type="info" showIcon title={t("agreement.preview.note")} /> : null}
        <StatementActions
          name={name}
          state={state}
          chosen={chosen}
          objecting={objecting}
          setObjecting={(on) => {
            setObjecting(on);
            if (!on) setChosen([]);
          }}
        />
      </Section>
      <Lines view={view} objecting={objecting} chosen={chosen} setChosen={setChosen} />
      <Totals of={statement} />
      <Gaps gaps={statement.gaps} />
    </>
  );
}

/** Which lines are disputed, and what stays due of the rest. */
function Objected({ of }: { of: Objection }) {
  const { t } = useWords();
  return (
    <p>
      <StatusTag code="objected">
        {t("agreement.object.chosen", { lines: of.lines.map((index) => index + 1).join(", ") })}
      </StatusTag>{" "}
      {t("agreement.disputed")} <Money value={of.disputed} /> · {t("agreement.undisputed")}{" "}
      <Money value={of.undisputed} />
    </p>
  );
}

function Lines({
  view,
  objecting,
  chosen,
  setChosen,
}: {
  view: StatementView;
  objecting: boolean;
  chosen: number[];
  setChosen: (lines: number[]) => void;
}) {
  const { t } = useWords();
  const rows = rowsOf(view.statement);
  const parts: Part[] = ["lines", "tax_lines", "adjustments", "refunds", "forfeits"];
  const toggle = (index: number) =>
    setChosen(
      chosen.includes(index)
        ? chosen.filter((one) => one !== index)
        : [...chosen, index].sort((a, b) => a - b),
    );
  return (
    <>
      {parts.map((part) => {
        const own = rows.filter((row) => row.part === part);
        if (own.length === 0) return null;
        return (
          <Section key={part} title={t(`agreement.part.${part}`)} flush>
            <ol className="lines">
              {own.map((row) => (
                <StatementLine
                  key={row.key}
                  row={row}
                  choose={
                    objecting && part === "lines" ? (
                      <Checkbox
                        checked={chosen.includes(row.index)}
                        onChange={() => toggle(row.index)}
                        aria-label={t("agreement.object.line", { number: row.index + 1 })}
                      />
                    ) : null
                  }
                />
              ))}
            </ol>
          </Section>
        );
      })}
    </>
  );
}

function StatementLine({ row, choose }: { row: Row; choose: ReactNode }) {
  const { t, code } = useWords();
  const { line } = row;
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className="line">
        {choose}
        <span className="line-number figure">{row.index + 1}</span>
        <span className="line-name">
          {code("line_code", line.code)}
          {line.subject ? <code className="subject">{line.subject}</code> : null}
        </span>
        <span className="chips">
          <ClauseLink clause={line.clause} />
          <EvidenceLinks ids={line.evidence} most={3} />
        </span>
        <button type="button" className="chip" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("agreement.working")}
        </button>
        <span className="line-amount">
          <Money value={line.amount} />
        </span>
      </div>
      {open ? <WorkingView of={line.working} amount={formatMoney(line.amount)} /> : null}
    </li>
  );
}

function Totals({ of }: { of: Statement }) {
  const { t, pick } = useWords();
  const { totals } = of;
  const rows: [string, ReactNode][] = [
    [t("agreement.money.net"), <Money value={totals.net} />],
    [t("agreement.money.tax"), <Money value={totals.tax} />],
    [t("agreement.money.gross"), <Money value={totals.gross} strong />],
  ];
  if (!isZero(totals.adjustments))
    rows.push([t("agreement.part.adjustments"), <Money value={totals.adjustments} />]);
  rows.push([t("agreement.money.due"), <Money value={totals.due} strong />]);
  if (!isZero(totals.refund))
    rows.push([t("agreement.money.refund"), <Money value={totals.refund} />]);
  return (
    <Section title={t("agreement.totals")}>
      <dl className="amounts narrow">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="in-words">
        <span className="quiet">{t("agreement.in_words")}</span> {pick(totals.due_words)}
      </p>
    </Section>
  );
}

/** What could not be computed is listed, never taken as nothing. */
function Gaps({ gaps }: { gaps: Gap[] }) {
  const { t, code } = useWords();
  if (gaps.length === 0) return null;
  return (
    <Section title={t("agreement.gaps")} lead={t("agreement.gaps.lead")}>
      <ul className="plain-list">
        {gaps.map((gap, i) => (
          <li key={i}>
            {gap.metric ? <strong>{code("metric", gap.metric)} </strong> : null}
            {gap.subject ? <code className="subject">{gap.subject} </code> : null}
            {code("gap_code", gap.code)}{" "}
            {gap.window ? (
              <span className="quiet small">
                <Instant at={gap.window.from} /> – <Limit at={gap.window.to} />{" "}
              </span>
            ) : null}
            <ClauseLink clause={gap.clause} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
