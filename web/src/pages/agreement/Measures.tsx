// Each standard with its value, its threshold and its verdict; over time where there are several.
import { Chart } from "../../parts/Chart";
import { EvidenceLink } from "../../parts/EvidenceLink";
import { Instant } from "../../parts/figures";
import { EmptyState, Loaded, Section } from "../../parts/Page";
import { StatusTag } from "../../parts/StatusTag";
import { useWords } from "../../words";
import { useManyEntries } from "./entries";
import { useHere, usePosition } from "./here";
import {
  drawn,
  history,
  measured,
  type Point,
  reading,
  relevant,
  standardKey,
} from "./model/standards";
import { metricName } from "./own";
import { StandardRow } from "./rows";
import type { Entry, Standard } from "./types";

/** So many recorded facts are looked through for values. */
const MOST = 2000;

export default function Measures() {
  const { t } = useWords();
  const { id } = useHere();
  const position = usePosition(id);
  const facts = useManyEntries(id, { kind: "fact_recorded", order: "desc" }, MOST);
  return (
    <Loaded of={position} rows={8}>
      {({ standards }) =>
        standards.length === 0 ? (
          <EmptyState title={t("agreement.measures.none")} />
        ) : (
          <>
            {standards.map((one) => (
              <Section key={standardKey(one)}>
                <StandardRow of={one} />
                <History of={one} facts={facts.rows} />
              </Section>
            ))}
            {facts.complete ? null : (
              <p className="quiet small">
                {t("agreement.measures.cut", { count: facts.rows.length })}
              </p>
            )}
          </>
        )
      }
    </Loaded>
  );
}

function History({ of, facts }: { of: Standard; facts: Entry[] }) {
  const words = useWords();
  const { t } = words;
  const points = relevant(of, history(of, facts));
  if (points.length < 2) return null;
  const { unit } = reading(of.metric);
  const label = t("agreement.measures.chart", {
    metric: metricName(of.metric, words),
    count: points.length,
  });
  return (
    <Chart
      label={label}
      height={200}
      option={option(of, points, unit, t("agreement.measure.required"))}
      table={table()}
    />
  );

  function table() {
    const head = [
      t("agreement.at"),
      t("agreement.measure.value"),
      t("agreement.measure.verdict"),
      t("agreement.evidence"),
    ];
    const rows = points.map((point) => [
      <Instant key="at" at={point.at} />,
      <span key="v" className="figure">
        {measured(of.metric, point.value)}
      </span>,
      point.verdict ? <StatusTag key="t" family="verdict" code={point.verdict} /> : "–",
      <EvidenceLink key="e" id={`e${point.seq}`} />,
    ]);
    return [head, ...rows];
  }
}

function option(of: Standard, points: Point[], unit: string, threshold: string) {
  const data = points.map((point) => [point.at, drawn(of.metric, point.value)]);
  const line = drawn(of.metric, of.threshold);
  return {
    grid: { left: 8, right: 72, top: 24, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis" },
    xAxis: { type: "time" },
    yAxis: {
      type: "value",
      scale: true,
      name: unit,
      min: (v: { min: number }) => Math.min(v.min, line),
    },
    series: [
      {
        type: "line",
        data,
        symbolSize: 8,
        markLine: {
          symbol: "none",
          label: { formatter: threshold, position: "end" },
          lineStyle: { type: "dashed", width: 2 },
          data: [{ yAxis: line }],
        },
      },
    ],
  };
}
