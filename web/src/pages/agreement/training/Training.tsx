// A training under its agreement: the sealed test set, the rounds beside each other, the jobs as they
// go, and the datasets.
import { App, Button } from "antd";
import { Link } from "react-router";

import type {
  DatasetView,
  JobView,
  RoundsView,
  RoundView,
  RoundStandardView,
} from "../../../api/types.gen";
import { useLook } from "../../../app/look";
import { palettes } from "../../../app/theme";
import { size } from "../../../format/bytes";
import { stretch } from "../../../format/instant";
import { group } from "../../../format/number";
import { type Paged, useRead, useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { Chart } from "../../../parts/Chart";
import { type Column, Rows } from "../../../parts/DataTable";
import { EvidenceLink } from "../../../parts/EvidenceLink";
import { Hash, Instant } from "../../../parts/figures";
import { EmptyState, Facts, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import type { TabProps } from "..";
import { useHere } from "../here";
import { drawn, measured } from "../model/standards";
import "../../labelling/labelling.css";
import { Datasets } from "./Datasets";
import { Dataset } from "./Dataset";
import { Jobs } from "./Jobs";
import { datasetsPath, jobsPath, roundPage, roundsPath } from "./paths";
import { Round } from "./Round";
import "./training.css";

/** So often jobs are asked for while one works. */
const OFTEN = 2000;

export default function Training({ rest }: TabProps) {
  const [part, which] = rest;
  if (part === "rounds" && which) return <Round key={which} number={Number(which)} />;
  if (part === "datasets" && which) return <Dataset key={which} dataset={which} />;
  return <All />;
}

export function isOpen({ state }: JobView): boolean {
  return state === "preparing" || state === "running" || state === "paused";
}

function All() {
  const { id } = useHere();
  const jobs = useRead<Paged<JobView>>(jobsPath(id), undefined, { refetchInterval: OFTEN });
  const works = jobs.data?.items.some(isOpen) ?? false;
  const often = works ? { refetchInterval: 2 * OFTEN } : undefined;
  const rounds = useRead<RoundsView>(roundsPath(id), undefined, often);
  const datasets = useRead<Paged<DatasetView>>(datasetsPath(id));
  const sets = datasets.data?.items ?? [];
  return (
    <Loaded of={rounds} rows={8}>
      {(data) => (
        <>
          <TestSet of={data} sets={sets} />
          <Rounds of={data} />
          <Jobs of={jobs} rounds={data} sets={sets} />
          <Datasets of={datasets} />
        </>
      )}
    </Loaded>
  );
}

function TestSet({ of, sets }: { of: RoundsView; sets: DatasetView[] }) {
  const { t } = useWords();
  const { id, may } = useHere();
  const { message } = App.useApp();
  const seal = useWrite({
    stale: [at`/agreements/${id}`],
    done: () => void message.success(t("training.test.done")),
  });
  const fitting = sets.filter((set) => set.purpose === "test");
  if (!of.test_set) {
    return (
      <Section title={t("training.test")} lead={t("training.test.lead")}>
        <p>{t("training.test.none", { count: group(of.test_images) })}</p>
        {seal.error ? <ProblemAlert problem={seal.error} /> : null}
        {may("record")
          ? fitting.map((set) => (
              <p key={set.id} className="seal-line">
                <Button
                  type="primary"
                  loading={seal.isPending}
                  onClick={() => seal.mutate({ path: `${datasetsPath(id)}/${set.id}/seal` })}
                >
                  {t("training.test.seal", { name: set.name })}
                </Button>{" "}
                <span className="quiet">{t("training.images", { count: group(set.images) })}</span>
              </p>
            ))
          : null}
      </Section>
    );
  }
  const { sha256, seq, openings } = of.test_set;
  return (
    <Section title={t("training.test")} lead={t("training.test.lead")}>
      <div className="project-facts">
        <Facts
          items={[
            [t("training.test.images"), group(of.test_images)],
            ["SHA-256", <Hash key="h" value={sha256} />],
            [t("training.test.sealed"), <EvidenceLink key="e" id={`e${seq}`} />],
            [
              t("training.test.openings"),
              openings.length === 0 ? (
                t("training.test.unopened")
              ) : (
                <span key="o">
                  {openings.map((one) => (
                    <span key={one.seq} className="opening">
                      {t("training.round", { round: one.round })}{" "}
                      <EvidenceLink id={`e${one.seq}`} />
                    </span>
                  ))}
                </span>
              ),
            ],
          ]}
        />
      </div>
    </Section>
  );
}

export function useStandardName(): (of: RoundStandardView) => string {
  const { code } = useWords();
  return (of) => {
    const over = of.class ?? (of.metric === "accuracy" ? "" : code("average", of.average));
    return over === "" ? code("metric", of.metric) : `${code("metric", of.metric)} · ${over}`;
  };
}

export function Verdict({ of }: { of: RoundStandardView }) {
  const { code } = useWords();
  if (of.met === null || of.met === undefined) return <span className="quiet">–</span>;
  const verdict = of.met ? "met" : "not_met";
  return <StatusTag code={verdict}>{code("verdict", verdict)}</StatusTag>;
}

function stateOf(round: RoundView): "accepted" | "returned" | "delivered" | "judged" | "trained" {
  if (round.accepted) return "accepted";
  if (round.returned) return "returned";
  if (round.delivered) return "delivered";
  return round.evaluated_seq ? "judged" : "trained";
}

const STATE_TONE = {
  accepted: "good",
  returned: "bad",
  delivered: "info",
  judged: "info",
  trained: "plain",
} as const;

function Rounds({ of }: { of: RoundsView }) {
  const { t, lang } = useWords();
  const { id } = useHere();
  const nameOf = useStandardName();
  const standards = of.rounds[0]?.standards ?? [];
  const columns: Column<RoundView>[] = [
    {
      key: "round",
      title: t("training.rounds.round"),
      card: "lead",
      cell: ({ round }) => <Link to={roundPage(id, round)}>{t("training.round", { round })}</Link>,
    },
    ...standards.map((standard, place): Column<RoundView> => {
      const { metric, threshold } = standard;
      return {
        key: `standard ${place}`,
        title: `${nameOf(standard)} ≥ ${measured(metric, threshold)}`,
        align: "right",
        cell: (row) => {
          const own = row.standards[place];
          return own?.value ? (
            <span className="judged">
              <span className="figure">{measured(metric, own.value)}</span> <Verdict of={own} />
            </span>
          ) : (
            "–"
          );
        },
      };
    }),
    {
      key: "parameters",
      title: t("training.parameters"),
      align: "right",
      cell: ({ parameters }) => <span className="figure">{group(parameters ?? 0)}</span>,
    },
    {
      key: "data",
      title: t("training.data"),
      align: "right",
      cell: ({ data_bytes }) => <span className="figure">{size(data_bytes ?? 0)}</span>,
    },
    {
      key: "time",
      title: t("training.time"),
      align: "right",
      cell: ({ training_seconds }) => (
        <span className="figure">{stretch((training_seconds ?? 0) * 1000, lang)}</span>
      ),
    },
    {
      key: "state",
      title: t("training.state"),
      cell: (row) => {
        const state = stateOf(row);
        return (
          <>
            <StatusTag code={state} tone={STATE_TONE[state]}>
              {t(`training.state.${state}`)}
            </StatusTag>{" "}
            <Instant at={row.accepted ?? row.returned ?? row.delivered} />
          </>
        );
      },
    },
    {
      key: "evidence",
      title: t("agreement.evidence"),
      cell: (row) =>
        [row.run_seq, row.evaluated_seq, row.delivered_seq].map((seq) =>
          seq ? <EvidenceLink key={seq} id={`e${seq}`} /> : null,
        ),
    },
  ];
  return (
    <Section
      title={t("training.rounds")}
      lead={t("training.rounds.lead", { done: of.rounds.length, most: of.max_rounds })}
      flush
    >
      <Rows
        label={t("training.rounds")}
        rows={of.rounds}
        rowKey={({ round }) => round}
        empty={
          <EmptyState title={t("training.rounds.none")}>
            {t("training.rounds.none.lead")}
          </EmptyState>
        }
        columns={columns}
      />
      <Comparison rounds={of.rounds} />
    </Section>
  );
}

/** The rounds against the thresholds, once two of them were judged. */
function Comparison({ rounds }: { rounds: RoundView[] }) {
  const { t } = useWords();
  const { mode } = useLook();
  const nameOf = useStandardName();
  const judged = rounds.filter(({ standards }) => standards.some((one) => one.value));
  if (judged.length < 2) return null;
  const standards = judged[0]?.standards ?? [];
  const names = judged.map(({ round }) => t("training.round", { round }));
  const value = (of: RoundStandardView | undefined) =>
    of?.value ? drawn(of.metric, of.value) : null;
  return (
    <div className="padded">
      <Chart
        label={t("training.comparison")}
        height={230}
        option={{
          grid: { left: 8, right: 70, top: 34, bottom: 8, containLabel: true },
          legend: {},
          tooltip: { trigger: "axis" },
          xAxis: { type: "category", data: names },
          yAxis: { type: "value", scale: true, max: 100, axisLabel: { formatter: "{value} %" } },
          series: standards.map((standard, place) => ({
            type: "line",
            name: nameOf(standard),
            symbolSize: 9,
            data: judged.map((row) => value(row.standards[place])),
            markLine: {
              symbol: "none",
              silent: true,
              lineStyle: { type: "dashed", width: 1.5, color: palettes[mode].warn },
              label: { formatter: `≥ ${measured(standard.metric, standard.threshold)}` },
              data: [{ yAxis: drawn(standard.metric, standard.threshold) }],
            },
          })),
        }}
        table={[
          [t("training.rounds.round"), ...standards.map(nameOf)],
          ...judged.map((row, place) => [
            names[place],
            ...row.standards.map((one) => (one.value ? measured(one.metric, one.value) : "–")),
          ]),
        ]}
      />
    </div>
  );
}
