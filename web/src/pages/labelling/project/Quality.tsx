// The quality of a project's work: against gold and against the review, by class with intervals, over
// time, the mistakes item by item, which class was taken for which, and how far replicas agree.
import { Button, Segmented } from "antd";
import { useState } from "react";

import type {
  CountsView,
  MistakesView,
  MistakeView,
  ProjectQualityView,
  QualityView,
  ReplicasView,
} from "../../../api/types.gen";
import { useLook } from "../../../app/look";
import { palettes } from "../../../app/theme";
import { group } from "../../../format/number";
import { useRead } from "../../../http/hooks";
import { Chart } from "../../../parts/Chart";
import { ClassMatrix } from "../../../parts/ClassMatrix";
import { Rows } from "../../../parts/DataTable";
import { Day } from "../../../parts/figures";
import { EmptyState, Facts, Loaded, Loading, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag, type Tone } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { type GuidelineView, projectPath, type ProjectView } from "../api";
import { itemColumn } from "./itemColumn";
import { Agreement } from "./Agreement";
import { bars, matrix, MEASURES, type Measure, share, where } from "./figures";
import { useNames } from "./people";
import { useAfter } from "./useAfter";

type Against = "gold" | "review";

/** The name of a class in the reader's language. */
function useClassName(project: ProjectView): (id: string) => string {
  const { pick } = useWords();
  const { id } = useHere();
  const { data } = useRead<GuidelineView>(`${projectPath(id, project.id)}/guideline`);
  return (code) => {
    const rule = data?.guideline.classes.find((one) => one.id === code);
    return rule ? pick(rule.name) || code : code;
  };
}

export function Quality({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id, side } = useHere();
  const path = projectPath(id, project.id);
  const [against, setAgainst] = useState<Against | null>(null);
  const found = useRead<ProjectQualityView>(`${path}/quality`);
  const own = project.side === side;
  return (
    <Loaded of={found} rows={8}>
      {(data) => {
        const chosen = against ?? (data.gold.items.total > 0 ? "gold" : "review");
        return (
          <>
            <Section
              title={t("labelling.quality.title")}
              lead={
                project.modality === "text"
                  ? t("labelling.quality.leadText")
                  : t("labelling.quality.lead", { iou: data.iou_percent })
              }
              actions={
                <Segmented<Against>
                  aria-label={t("labelling.quality.against")}
                  value={chosen}
                  onChange={setAgainst}
                  options={(["gold", "review"] as const).map((value) => ({
                    value,
                    label: t(`labelling.against.${value}`),
                  }))}
                />
              }
            >
              <Figures key={chosen} of={data[chosen]} against={chosen} project={project} />
              <Days days={data.days} against={chosen} />
            </Section>
            {own && data[chosen].items.total > 0 ? (
              <Mistakes key={chosen} project={project} against={chosen} />
            ) : null}
            {own && (project.settings?.replicas ?? 1) > 1 ? <Agreed project={project} /> : null}
          </>
        );
      }}
    </Loaded>
  );
}

function Figures({
  of,
  against,
  project,
}: {
  of: QualityView;
  against: Against;
  project: ProjectView;
}) {
  const words = useWords();
  const { t } = words;
  const { mode } = useLook();
  const nameOf = useClassName(project);
  const [measure, setMeasure] = useState<Measure>("f1");
  // Of whole texts there is no place that could be imprecise.
  const placed = Boolean(project.modality !== "text" || of.total.imprecise > 0);
  if (of.items.total === 0) {
    return (
      <EmptyState title={t("labelling.quality.none")}>
        {t(`labelling.quality.none.${against}`)}
      </EmptyState>
    );
  }
  const drawn = bars(of.classes, measure, nameOf);
  const palette = palettes[mode];
  const rows: [string, CountsView][] = Object.entries(of.classes);
  return (
    <>
      <div className="project-facts">
        <Facts
          items={[
            [t("labelling.quality.judged"), group(of.items.total)],
            [t("labelling.quality.conforming"), share(of.items, words)],
            ...MEASURES.map((one): [string, string] => [
              t(`labelling.measure.${one}`),
              share(of.total[one], words),
            ]),
            ...(placed
              ? [
                  [t("labelling.measure.iou"), of.total.mean_iou?.slice(0, 6) ?? "–"] as [
                    string,
                    string,
                  ],
                ]
              : []),
          ]}
        />
      </div>
      <div className="measure-choice">
        <Segmented<Measure>
          aria-label={t("labelling.measure")}
          size="small"
          value={measure}
          onChange={setMeasure}
          options={MEASURES.map((value) => ({ value, label: t(`labelling.measure.${value}`) }))}
        />
      </div>
      <Chart
        label={t("labelling.quality.chart", { measure: t(`labelling.measure.${measure}`) })}
        height={Math.max(150, 60 + drawn.length * 34)}
        option={{
          grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
          tooltip: {
            trigger: "axis",
            valueFormatter: (value: unknown) => `${Number(value).toFixed(1)}%`,
          },
          xAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" } },
          yAxis: {
            type: "category",
            inverse: true,
            data: drawn.map(({ name }) => name),
            axisLabel: { color: palette.ink, width: 110, overflow: "truncate" },
          },
          series: [
            {
              type: "bar",
              barMaxWidth: 18,
              itemStyle: { opacity: 0.6 },
              data: drawn.map(({ value }) => value),
              // The Wilson interval lies across the end of its bar.
              markLine: {
                silent: true,
                animation: false,
                symbol: ["rect", "rect"],
                symbolSize: [12, 2],
                label: { show: false },
                lineStyle: { color: palette.ink, type: "solid", width: 1.5 },
                data: drawn.flatMap(({ lower, upper }, at) =>
                  lower === null || upper === null
                    ? []
                    : [[{ coord: [lower, at] }, { coord: [upper, at] }]],
                ),
              },
            },
          ],
        }}
        table={[
          [t("labelling.class"), ...MEASURES.map((one) => t(`labelling.measure.${one}`))],
          ...rows.map(([id, counts]) => [
            nameOf(id),
            ...MEASURES.map((one) => share(counts[one], words)),
          ]),
        ]}
      />
      <Rows
        label={t("labelling.quality.classes")}
        rows={rows}
        rowKey={([id]) => id}
        columns={[
          { key: "class", title: t("labelling.class"), card: "lead", cell: ([id]) => nameOf(id) },
          ...COUNTS.filter((one) => placed || one !== "imprecise").map((one) => ({
            key: one,
            title: t(`labelling.count.${one}`),
            align: "right" as const,
            cell: ([, counts]: [string, CountsView]) => (
              <span className="figure">{group(counts[one])}</span>
            ),
          })),
          ...(placed
            ? [
                {
                  key: "iou",
                  title: t("labelling.measure.iou"),
                  align: "right" as const,
                  cell: ([, counts]: [string, CountsView]) => (
                    <span className="figure">{counts.mean_iou?.slice(0, 6) ?? "–"}</span>
                  ),
                },
              ]
            : []),
        ]}
      />
    </>
  );
}

const COUNTS = ["gold", "work", "right", "wrong_class", "missed", "extra", "imprecise"] as const;

function Days({ days, against }: { days: ProjectQualityView["days"]; against: Against }) {
  const words = useWords();
  const { t } = words;
  const { mode } = useLook();
  const judged = days.filter((day) => day[against].total > 0);
  if (judged.length < 2) return null;
  const end = (value: number | null | undefined) => (value ?? 0) / 10_000;
  const line = (name: string, values: number[], quiet: boolean) => ({
    type: "line",
    name,
    symbolSize: quiet ? 0 : 7,
    lineStyle: quiet ? { type: "dashed", width: 1, color: palettes[mode].quiet } : { width: 2 },
    itemStyle: quiet ? { color: palettes[mode].quiet } : {},
    data: judged.map((day, at) => [day.day, values[at]]),
  });
  return (
    <>
      <h3 className="sub">{t("labelling.quality.days")}</h3>
      <Chart
        label={t("labelling.quality.days")}
        height={190}
        option={{
          grid: { left: 8, right: 24, top: 34, bottom: 8, containLabel: true },
          tooltip: {
            trigger: "axis",
            valueFormatter: (value: unknown) => `${Number(value).toFixed(1)}%`,
          },
          legend: {},
          xAxis: {
            type: "time",
            minInterval: 86_400_000,
            axisLabel: { formatter: "{MM}-{dd}", hideOverlap: true },
          },
          yAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" } },
          series: [
            line(
              t("labelling.measure.accuracy"),
              judged.map((day) => Number(day[against].decimal) * 100),
              false,
            ),
            line(
              t("labelling.quality.lower"),
              judged.map((day) => end(day[against].lower)),
              true,
            ),
            line(
              t("labelling.quality.upper"),
              judged.map((day) => end(day[against].upper)),
              true,
            ),
          ],
        }}
        table={[
          [t("labelling.pay.day"), t("labelling.measure.accuracy")],
          ...judged.map((day) => [<Day key="d" on={day.day} />, share(day[against], words)]),
        ]}
      />
    </>
  );
}

const MISTAKE_TONE: Record<string, Tone> = {
  missed: "bad",
  extra: "warn",
  wrong_class: "bad",
  imprecise: "info",
};
const KINDS = ["missed", "extra", "wrong_class", "imprecise"] as const;
type Kind = (typeof KINDS)[number];

function Mistakes({ project, against }: { project: ProjectView; against: Against }) {
  const { t } = useWords();
  const { id } = useHere();
  const nameOf = useClassName(project);
  const person = useNames(project);
  const [kind, setKind] = useState<Kind | "all">("all");
  const found = useAfter<MistakesView>(`${projectPath(id, project.id)}/mistakes`, { against });
  const pages = found.data?.pages ?? [];
  const all = pages.flatMap((page) => page.items);
  const judged = pages.reduce((sum, page) => sum + page.judged, 0);
  const shown = kind === "all" ? all : all.filter((one) => one.kind === kind);
  const count = (one: Kind) => all.filter((mistake) => mistake.kind === one).length;
  return (
    <Section
      title={t("labelling.mistakes")}
      lead={t("labelling.mistakes.lead", { count: group(judged) })}
      flush
    >
      {found.error ? <ProblemAlert problem={found.error} /> : null}
      {found.isPending ? (
        <Loading />
      ) : (
        <>
          <div className="measure-choice padded">
            <Segmented<Kind | "all">
              aria-label={t("labelling.mistake.kind")}
              size="small"
              value={kind}
              onChange={setKind}
              options={[
                { value: "all", label: `${t("labelling.mistake.all")} ${group(all.length)}` },
                ...KINDS.filter((one) => one !== "imprecise" || count(one) > 0).map((value) => ({
                  value,
                  label: `${t(`labelling.mistake.${value}`)} ${group(count(value))}`,
                })),
              ]}
            />
          </div>
          <Rows<MistakeView>
            label={t("labelling.mistakes")}
            rows={shown}
            rowKey={(one) => `${one.seq} ${one.person} ${one.kind} ${one.label} ${where(one)}`}
            empty={<EmptyState title={t("labelling.mistakes.none")} />}
            columns={[
              itemColumn(t("labelling.item"), id, project.id),
              {
                key: "kind",
                title: t("labelling.mistake.kind"),
                cell: ({ kind: code }) => (
                  <StatusTag code={code} tone={MISTAKE_TONE[code] ?? "plain"}>
                    {t(`labelling.mistake.${code as Kind}`)}
                  </StatusTag>
                ),
              },
              {
                key: "class",
                title: t("labelling.class"),
                cell: (one) =>
                  one.found
                    ? t("labelling.mistake.instead", {
                        class: nameOf(one.class),
                        found: nameOf(one.found),
                      })
                    : nameOf(one.class),
              },
              {
                key: "place",
                title: t("labelling.mistake.place"),
                cell: (one) => <span className="figure">{where(one)}</span>,
              },
              {
                key: "person",
                title: t("labelling.people.name"),
                cell: (one) => person(one.person),
              },
            ]}
          />
          {found.hasNextPage ? (
            <div className="more">
              <Button onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
                {t("labelling.mistakes.more")}
              </Button>
            </div>
          ) : null}
          {project.modality === "text" ? (
            <Confusion pairs={pages.flatMap((page) => page.pairs)} nameOf={nameOf} />
          ) : null}
        </>
      )}
    </Section>
  );
}

function Confusion({
  pairs,
  nameOf,
}: {
  pairs: MistakesView["pairs"];
  nameOf: (id: string) => string;
}) {
  const { t } = useWords();
  const { classes, rows, most } = matrix(pairs);
  if (classes.length === 0) return null;
  const name = (one: string | null) => (one === null ? t("labelling.matrix.nothing") : nameOf(one));
  return (
    <div className="confusion">
      <h3 className="sub">{t("labelling.matrix")}</h3>
      <p className="quiet small">{t("labelling.matrix.lead")}</p>
      <ClassMatrix
        label={t("labelling.matrix")}
        corner={t("labelling.matrix.corner")}
        names={classes.map(name)}
        rows={rows}
        most={most}
      />
    </div>
  );
}

function Agreed({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id } = useHere();
  const found = useRead<ReplicasView>(`${projectPath(id, project.id)}/replicas`);
  return (
    <Section title={t("labelling.agreement")} lead={t("labelling.agreement.lead")}>
      <Loaded of={found}>{(data) => <Agreement of={data} />}</Loaded>
    </Section>
  );
}
