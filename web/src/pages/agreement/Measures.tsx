// Each standard with its value, its threshold and its verdict; over time where there are several.
import { useLook } from "../../app/look";
import { type Mode, palettes } from "../../app/theme";
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

/** The facts that hold values of standards, by the kind of agreement. */
const FACTS_OF: Record<string, [string, string?]> = {
  annotation: ["inspected"],
  training: ["model_evaluated"],
  lease: ["probed"],
  classification: ["accuracy_evaluated", "images_answered"],
};

export default function Measures() {
  const { t } = useWords();
  const { id, head } = useHere();
  const position = usePosition(id);
  const [first, second] = FACTS_OF[head.kind] ?? [];
  const some = useManyEntries(id, { kind: first, order: "desc" }, MOST, first !== undefined);
  const more = useManyEntries(id, { kind: second, order: "desc" }, MOST, second !== undefined);
  const facts = [...some.rows, ...more.rows];
  const cut = some.cut || more.cut;
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
                <History of={one} facts={facts} />
              </Section>
            ))}
            {cut ? (
              <p className="quiet small">{t("agreement.measures.cut", { count: facts.length })}</p>
            ) : null}
          </>
        )
      }
    </Loaded>
  );
}

function History({ of, facts }: { of: Standard; facts: Entry[] }) {
  const words = useWords();
  const { t } = words;
  const { mode } = useLook();
  const points = relevant(of, history(of, facts));
  if (points.length < 2) return null;
  const label = t("agreement.measures.chart", {
    metric: metricName(of.metric, words),
    count: points.length,
  });
  return (
    <Chart
      label={label}
      height={200}
      option={option(of, points, t("agreement.measure.required"), mode)}
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

function option(of: Standard, points: Point[], threshold: string, mode: Mode) {
  const { unit } = reading(of.metric);
  // What was measured in one go has no time axis: one place for each value.
  const atOnce = new Set(points.map((point) => point.at)).size < points.length;
  const values = points.map((point) => drawn(of.metric, point.value));
  const line = drawn(of.metric, of.threshold);
  return {
    grid: { left: 8, right: 84, top: 28, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis" },
    xAxis: atOnce
      ? { type: "category", data: points.map((point) => `e${point.seq}`) }
      : { type: "time" },
    yAxis: {
      type: "value",
      scale: true,
      name: unit,
      min: (all: { min: number }) => Math.floor(Math.min(all.min, line)),
      max: (all: { max: number }) => Math.ceil(Math.max(all.max, line)),
    },
    series: [
      {
        type: atOnce ? "scatter" : "line",
        data: atOnce ? values : points.map((point, i) => [point.at, values[i]]),
        symbolSize: 9,
        markLine: {
          symbol: "none",
          label: { formatter: threshold, position: "end" },
          lineStyle: { type: "dashed", width: 2, color: palettes[mode].warn },
          data: [{ yAxis: line }],
        },
      },
    ],
  };
}
