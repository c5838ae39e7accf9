// A classification service day by day: what was promised and how it stands, images and those in time,
// when it was up, accuracy over time, and what the running period comes to.
import { Input } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import type { ServiceFiguresView } from "../../../api/types.gen";
import { useLook } from "../../../app/look";
import { palettes } from "../../../app/theme";
import { stretch } from "../../../format/instant";
import { fromMinor, toMinor } from "../../../format/money";
import { group } from "../../../format/number";
import { useRead } from "../../../http/hooks";
import { at } from "../../../http/request";
import { Chart } from "../../../parts/Chart";
import { Rows } from "../../../parts/DataTable";
import { EvidenceLink } from "../../../parts/EvidenceLink";
import { Day, Instant, Money, useNow } from "../../../parts/figures";
import { EmptyState, Facts, Loaded, Section } from "../../../parts/Page";
import { StatusTag, type Tone } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere, usePosition } from "../here";
import { standardKey } from "../model/standards";
import { type PeriodRow, usePeriods, useStatement } from "../money/api";
import { useStatementPath } from "../money/Statements";
import { StandardRow } from "../rows";
import "../../labelling/labelling.css";
import { downs, type Piece, pieces, shareOf } from "./timeline";
import "./service.css";

const TONES: Record<Piece["state"], Tone> = {
  up: "good",
  degraded: "warn",
  down: "bad",
  unknown: "plain",
  none: "plain",
};

export default function Service() {
  const { t } = useWords();
  const { id, may } = useHere();
  const [days, setDays] = useState<{ from?: string; to?: string }>({});
  const position = usePosition(id);
  const found = useRead<ServiceFiguresView>(at`/agreements/${id}/service`, days, { keep: true });
  const promised = position.data?.standards ?? [];
  return (
    <>
      <Section title={t("service.promised")} lead={t("service.promised.lead")}>
        {promised.map((one) => (
          <StandardRow key={standardKey(one)} of={one} />
        ))}
      </Section>
      {may("readMoney") ? <Running /> : null}
      <Loaded of={found} rows={8}>
        {(data) => (
          <>
            <Section
              title={t("service.images")}
              lead={t("service.images.lead", { count: group(data.images_total) })}
              actions={
                <span className="service-days">
                  {(["from", "to"] as const).map((end) => (
                    <Input
                      key={end}
                      type="date"
                      aria-label={t(`agreement.${end}`)}
                      value={data[end]}
                      max={end === "from" ? data.to : undefined}
                      min={end === "to" ? data.from : undefined}
                      onChange={({ target }) => {
                        if (target.value)
                          setDays({ from: data.from, to: data.to, [end]: target.value });
                      }}
                    />
                  ))}
                </span>
              }
            >
              <Images of={data} />
            </Section>
            <States of={data} />
            <Accuracy of={data} />
          </>
        )}
      </Loaded>
    </>
  );
}

/** The running period: what it comes to so far, and at this pace. */
function Running() {
  const now = useNow();
  const { id } = useHere();
  const periods = usePeriods(id);
  const inside = (row: PeriodRow) =>
    row.state === "open" &&
    row.from !== null &&
    row.to !== null &&
    Date.parse(row.from) <= now &&
    now < Date.parse(row.to) + 86_400_000;
  const period = periods.data?.items.find(inside);
  return period ? <Cost of={period} now={now} /> : null;
}

function Cost({ of, now }: { of: PeriodRow; now: number }) {
  const { t } = useWords();
  const { id } = useHere();
  const path = useStatementPath();
  const read = useStatement(id, of.name, true);
  return (
    <Section
      title={t("service.cost")}
      actions={<Link to={path(of.name)}>{t("agreement.preview")}</Link>}
    >
      <Loaded of={read}>
        {({ statement: { totals, window } }) => {
          const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
          const passed = Math.min(Math.max(now - from, 1), to - from);
          const minor = toMinor(totals.gross.amount, totals.currency);
          // Whole units of the smallest coin; a forecast is rounded down and owes nothing.
          const pace =
            minor === null
              ? null
              : (minor * BigInt(Math.round(to - from))) / BigInt(Math.round(passed));
          return (
            <div className="project-facts">
              <Facts
                items={[
                  [t("agreement.period"), of.name],
                  [t("service.sofar"), <Money key="m" value={totals.gross} strong />],
                  [t("service.credits"), <Money key="c" value={totals.adjustments} />],
                  [
                    t("service.pace"),
                    pace === null || passed < 86_400_000 ? (
                      t("service.pace.early")
                    ) : (
                      <Money
                        key="f"
                        value={{
                          amount: fromMinor(pace, totals.currency),
                          currency: totals.currency,
                        }}
                      />
                    ),
                  ],
                ]}
              />
            </div>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Images({ of }: { of: ServiceFiguresView }) {
  const { t, code } = useWords();
  const { mode } = useLook();
  if (of.days.length === 0) return <EmptyState title={t("service.images.none")} />;
  const urgent = of.days.some((day) => day.urgent > 0);
  const palette = palettes[mode];
  const bar = (name: string, key: "standard" | "urgent") => ({
    type: "bar",
    stack: "images",
    barMaxWidth: 22,
    name,
    data: of.days.map((day) => [day.day, day[key]]),
  });
  const line = (name: string, key: "standard" | "urgent", color: string) => ({
    type: "line",
    name,
    yAxisIndex: 1,
    symbolSize: 6,
    lineStyle: { width: 2, color },
    itemStyle: { color },
    data: of.days.map((day) => [day.day, shareOf(day[`${key}_in_time`], day[key])]),
  });
  const inTime = (name: string) => t("service.intime", { class: name });
  const [standard, fast] = [code("request_class", "standard"), code("request_class", "urgent")];
  return (
    <Chart
      label={t("service.images")}
      height={280}
      option={{
        grid: { left: 8, right: 12, top: 40, bottom: 8, containLabel: true },
        legend: {},
        tooltip: { trigger: "axis" },
        xAxis: {
          type: "time",
          minInterval: 86_400_000,
          axisLabel: { formatter: "{MM}-{dd}", hideOverlap: true },
        },
        yAxis: [
          { type: "value" },
          {
            type: "value",
            max: 100,
            scale: true,
            axisLabel: { formatter: "{value} %" },
            splitLine: { show: false },
          },
        ],
        series: [
          bar(standard, "standard"),
          ...(urgent ? [bar(fast, "urgent")] : []),
          line(inTime(standard), "standard", palette.accent),
          ...(urgent ? [line(inTime(fast), "urgent", palette.warn)] : []),
        ],
      }}
      table={[
        [t("service.day"), standard, inTime(standard), fast, inTime(fast)],
        ...of.days.map((day) => [
          <Day key="d" on={day.day} />,
          group(day.standard),
          group(day.standard_in_time),
          group(day.urgent),
          group(day.urgent_in_time),
        ]),
      ]}
    />
  );
}

function States({ of }: { of: ServiceFiguresView }) {
  const { t, code, lang } = useWords();
  const { zone } = useHere();
  const shown = pieces(of, zone);
  const name = (state: Piece["state"]) =>
    state === "none" ? t("service.nothing") : code("service_state", state);
  const broken = downs(of);
  return (
    <Section title={t("service.states")} lead={t("service.states.lead")}>
      {of.states.length === 0 ? (
        <EmptyState title={t("service.states.none")} />
      ) : (
        <>
          <div className="service-strip" role="img" aria-label={t("service.states")}>
            {shown.map((piece) => (
              <span
                key={piece.from}
                className={`piece ${piece.state}`}
                style={{ flexGrow: piece.share }}
                title={`${name(piece.state)} · ${stretch(piece.milliseconds, lang)}`}
              />
            ))}
          </div>
          <p className="service-legend">
            {(["up", "degraded", "down", "unknown"] as const).map((state) => (
              <span key={state}>
                <span className={`piece ${state}`} aria-hidden="true" /> {name(state)}
              </span>
            ))}
          </p>
          <Rows
            label={t("service.broken")}
            rows={broken}
            rowKey={(row) => `${row.seq} ${row.from}`}
            empty={<p className="quiet">{t("service.broken.none")}</p>}
            columns={[
              {
                key: "state",
                title: t("service.state"),
                card: "lead",
                cell: (row) => (
                  <StatusTag code={row.state} tone={TONES[row.state]}>
                    {name(row.state)}
                  </StatusTag>
                ),
              },
              { key: "from", title: t("agreement.from"), cell: (row) => <Instant at={row.from} /> },
              { key: "to", title: t("agreement.to"), cell: (row) => <Instant at={row.to} /> },
              {
                key: "long",
                title: t("service.long"),
                align: "right",
                cell: (row) => stretch(Date.parse(row.to) - Date.parse(row.from), lang),
              },
              {
                key: "evidence",
                title: t("agreement.evidence"),
                cell: (row) => <EvidenceLink id={`e${row.seq}`} />,
              },
            ]}
          />
          {of.exclusions.length > 0 ? (
            <>
              <h3 className="sub">{t("service.exclusions")}</h3>
              <Rows
                label={t("service.exclusions")}
                rows={of.exclusions}
                rowKey={(row) => row.id}
                columns={[
                  {
                    key: "reason",
                    title: t("service.reason"),
                    card: "lead",
                    cell: (row) => code("exclusion_reason", row.reason),
                  },
                  {
                    key: "from",
                    title: t("agreement.from"),
                    cell: (row) => <Instant at={row.from} />,
                  },
                  { key: "to", title: t("agreement.to"), cell: (row) => <Instant at={row.to} /> },
                  {
                    key: "agreed",
                    title: t("service.agreed"),
                    cell: (row) =>
                      row.sides.length === 2
                        ? t("service.agreed.both")
                        : row.sides.map((side) => code("side", side)).join(" · "),
                  },
                  {
                    key: "evidence",
                    title: t("agreement.evidence"),
                    cell: (row) => <EvidenceLink id={`e${row.seq}`} />,
                  },
                ]}
              />
            </>
          ) : null}
        </>
      )}
    </Section>
  );
}

function Accuracy({ of }: { of: ServiceFiguresView }) {
  const { t, code } = useWords();
  const { mode } = useLook();
  const position = usePosition(useHere().id);
  if (of.evaluations.length === 0) return null;
  const wanted = position.data?.standards.filter((one) => one.metric === "accuracy") ?? [];
  const levels = wanted.map(
    ({ threshold }) => (Number(threshold.num) / Number(threshold.den)) * 100,
  );
  return (
    <Section title={code("metric", "accuracy")} lead={t("service.accuracy.lead")}>
      {of.evaluations.length > 1 ? (
        <Chart
          label={code("metric", "accuracy")}
          height={220}
          option={{
            grid: { left: 8, right: 70, top: 20, bottom: 8, containLabel: true },
            tooltip: { trigger: "axis" },
            xAxis: { type: "time", axisLabel: { hideOverlap: true } },
            yAxis: { type: "value", scale: true, max: 100, axisLabel: { formatter: "{value} %" } },
            series: [
              {
                type: "line",
                symbolSize: 9,
                data: of.evaluations.map((one) => [one.at, shareOf(one.hits, one.total)]),
                markLine: {
                  symbol: "none",
                  silent: true,
                  lineStyle: { type: "dashed", width: 1.5, color: palettes[mode].warn },
                  data: levels.map((yAxis) => ({ yAxis })),
                },
              },
            ],
          }}
          table={[
            [t("agreement.at"), code("metric", "accuracy")],
            ...of.evaluations.map((one) => [
              <Instant key="at" at={one.at} />,
              `${one.hits} / ${one.total}`,
            ]),
          ]}
        />
      ) : null}
      <Rows
        label={code("metric", "accuracy")}
        rows={of.evaluations}
        rowKey={(row) => row.seq}
        columns={[
          {
            key: "at",
            title: t("agreement.at"),
            card: "lead",
            cell: (row) => <Instant at={row.at} />,
          },
          { key: "set", title: t("service.testset"), cell: (row) => <code>{row.test_set}</code> },
          {
            key: "hits",
            title: t("service.right"),
            align: "right",
            cell: (row) => (
              <span className="figure">
                {group(row.hits)} / {group(row.total)} · {shareOf(row.hits, row.total)?.toFixed(2)}{" "}
                %
              </span>
            ),
          },
          {
            key: "evidence",
            title: t("agreement.evidence"),
            cell: (row) => <EvidenceLink id={`e${row.seq}`} />,
          },
        ]}
      />
    </Section>
  );
}
