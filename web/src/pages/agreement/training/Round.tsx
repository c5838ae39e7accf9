// One round: what it took, the signed standards against what was measured on the sealed test set,
// class by class, the surest mistakes, and the package that is handed over.
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import type { DatasetView, RoundsView, RoundView } from "../../../api/types.gen";
import { useLook } from "../../../app/look";
import { palettes } from "../../../app/theme";
import { size } from "../../../format/bytes";
import { stretch } from "../../../format/instant";
import { group } from "../../../format/number";
import { type Paged, useRead, useWrite } from "../../../http/hooks";
import { address, at } from "../../../http/request";
import { Chart } from "../../../parts/Chart";
import { ClassMatrix } from "../../../parts/ClassMatrix";
import { Rows } from "../../../parts/DataTable";
import { EvidenceLink } from "../../../parts/EvidenceLink";
import { Hash, Instant } from "../../../parts/figures";
import { EmptyState, Facts, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import NotFound from "../../NotFound";
import { useHere } from "../here";
import { measured } from "../model/standards";
import { Picture } from "./Dataset";
import { confusion, type Evaluation, type RunManifest, within } from "./evaluation";
import { datasetPath, datasetsPath, roundPath, roundsPath, trainingPage } from "./paths";
import { useStandardName, Verdict } from "./Training";

/** So many mistakes are shown. */
const MISSES = 24;
const MEASURES = ["precision", "recall", "f1"] as const;

export function Round({ number }: { number: number }) {
  const { t } = useWords();
  const { id } = useHere();
  const rounds = useRead<RoundsView>(roundsPath(id));
  return (
    <>
      <p>
        <Link to={trainingPage(id)}>← {t("training.back")}</Link>
      </p>
      <Loaded of={rounds} rows={8}>
        {(data) => {
          const round = data.rounds.find((one) => one.round === number);
          return round ? <Found round={round} /> : <NotFound />;
        }}
      </Loaded>
    </>
  );
}

function Found({ round }: { round: RoundView }) {
  const { id } = useHere();
  const path = roundPath(id, round.round);
  const said = useRead<{ evaluation: Evaluation }>(
    round.has_evaluation ? `${path}/evaluation` : null,
    undefined,
    { staleTime: Infinity },
  );
  return (
    <>
      <Head round={round} path={path} />
      <Standards round={round} of={said.data?.evaluation} />
      {round.has_evaluation ? (
        <Loaded of={said} rows={8}>
          {({ evaluation }) => (
            <>
              <Classes of={evaluation} />
              <Sureness of={evaluation} />
              <Misses of={evaluation} />
            </>
          )}
        </Loaded>
      ) : null}
      <Package round={round} path={path} />
    </>
  );
}

function Head({ round, path }: { round: RoundView; path: string }) {
  const { t, lang } = useWords();
  const run = useRead<RunManifest>(round.has_run ? `${path}/run` : null, undefined, {
    staleTime: Infinity,
  });
  const { backbone, dataset, settings, images, operations } = run.data ?? {};
  const setting = (name: string) => {
    const value = settings?.[name];
    return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  };
  const named = ["hidden", "epochs", "batch", "rate", "decay", "smoothing", "seed"].filter(
    (name) => settings?.[name] !== undefined,
  );
  return (
    <Section title={t("training.round", { round: round.round })}>
      <div className="project-facts">
        <Facts
          items={[
            [t("training.parameters"), group(round.parameters ?? 0)],
            [t("training.data"), size(round.data_bytes ?? 0)],
            [t("training.time"), stretch((round.training_seconds ?? 0) * 1000, lang)],
            ...(run.data
              ? ([
                  [t("training.learned"), t("training.images", { count: group(images ?? 0) })],
                  [t("training.backbone"), backbone?.name ?? "–"],
                  [t("training.operations"), group(operations ?? 0)],
                  [t("training.dataset"), <Hash key="d" value={dataset?.digest} />],
                ] as [string, React.ReactNode][])
              : []),
            [
              t("agreement.evidence"),
              round.run_seq ? <EvidenceLink key="e" id={`e${round.run_seq}`} /> : "–",
            ],
          ]}
        />
      </div>
      {named.length > 0 ? (
        <p className="quiet small">
          {t("training.settings")}: {named.map((name) => `${name} ${setting(name)}`).join(" · ")}
        </p>
      ) : null}
    </Section>
  );
}

function Standards({ round, of }: { round: RoundView; of: Evaluation | undefined }) {
  const { t } = useWords();
  const nameOf = useStandardName();
  const interval = of?.accuracy_interval;
  return (
    <Section
      title={t("training.standards")}
      lead={t("training.standards.lead")}
      actions={round.evaluated_seq ? <EvidenceLink id={`e${round.evaluated_seq}`} /> : null}
      flush
    >
      <Rows
        label={t("training.standards")}
        rows={round.standards}
        rowKey={(row) => `${row.metric} ${row.average} ${row.class ?? ""}`}
        columns={[
          { key: "name", title: t("training.measure"), card: "lead", cell: nameOf },
          {
            key: "wanted",
            title: t("agreement.measure.required"),
            align: "right",
            cell: ({ metric, threshold }) => (
              <span className="figure">≥ {measured(metric, threshold)}</span>
            ),
          },
          {
            key: "value",
            title: t("agreement.measure.value"),
            align: "right",
            cell: ({ metric, value }) => (
              <span className="figure">{value ? measured(metric, value) : "–"}</span>
            ),
          },
          {
            key: "items",
            title: t("training.test.images"),
            align: "right",
            cell: ({ items }) => <span className="figure">{items ? group(items) : "–"}</span>,
          },
          {
            key: "verdict",
            title: t("agreement.measure.verdict"),
            cell: (row) => (
              <>
                <Verdict of={row} />{" "}
                {row.metric === "accuracy" && interval ? <Decides row={row} of={interval} /> : null}
              </>
            ),
          },
        ]}
      />
    </Section>
  );
}

/** Whether the sample can decide at all: the threshold lies inside the interval or not. */
function Decides({
  row,
  of: [lower, upper],
}: {
  row: RoundView["standards"][number];
  of: [number, number];
}) {
  const { t } = useWords();
  const wanted = Number((BigInt(row.threshold.num) * 1_000_000n) / BigInt(row.threshold.den));
  const ends = {
    lower: (lower / 10_000).toFixed(1),
    upper: (upper / 10_000).toFixed(1),
  };
  const inside = lower < wanted && wanted <= upper;
  return (
    <span className="quiet small">
      {t(inside ? "training.undecided" : "training.decided", ends)}
    </span>
  );
}

function Classes({ of }: { of: Evaluation }) {
  const { t } = useWords();
  const { rows, most } = confusion(of);
  return (
    <Section title={t("training.classes")} flush>
      <Rows
        label={t("training.classes")}
        rows={of.classes}
        rowKey={(row) => row.class}
        columns={[
          { key: "class", title: t("training.class"), card: "lead", cell: (row) => row.class },
          {
            key: "support",
            title: t("training.test.images"),
            align: "right",
            cell: ({ support }) => <span className="figure">{group(support)}</span>,
          },
          ...MEASURES.map((measure) => ({
            key: measure,
            title: t(`labelling.measure.${measure}`),
            align: "right" as const,
            cell: (row: Evaluation["classes"][number]) => (
              <span className="figure">
                {within(
                  row[measure],
                  measure === "precision"
                    ? row.precision_interval
                    : measure === "recall"
                      ? row.recall_interval
                      : null,
                )}
              </span>
            ),
          })),
          {
            key: "auroc",
            title: "AUROC",
            align: "right",
            cell: ({ auroc }) => <span className="figure">{auroc?.toFixed(3) ?? "–"}</span>,
          },
        ]}
      />
      <div className="confusion">
        <h3 className="sub">{t("training.confusion")}</h3>
        <p className="quiet small">{t("training.confusion.lead")}</p>
        <ClassMatrix
          label={t("training.confusion")}
          corner={t("training.confusion.corner")}
          names={of.classes.map((row) => row.class)}
          rows={rows}
          most={most}
        />
      </div>
    </Section>
  );
}

/** How sure it was against how often it was right. */
function Sureness({ of }: { of: Evaluation }) {
  const { t } = useWords();
  const { mode } = useLook();
  const bins = (of.reliability ?? []).filter(({ images }) => images > 0);
  const tops = of.top_hits ?? [];
  if (bins.length < 2) return null;
  const palette = palettes[mode];
  return (
    <Section title={t("training.sure")} lead={t("training.sure.lead")}>
      <div className="project-facts">
        <Facts
          items={[
            ...[1, 3, 5]
              .filter((first) => first <= of.classes.length && tops.length >= first)
              .map((first): [string, string] => [
                t("training.top", { first }),
                within((tops[first - 1] ?? 0) / of.images, null),
              ]),
            [t("training.calibration"), (of.calibration_error ?? 0).toFixed(4)],
            [t("training.log_loss"), (of.log_loss ?? 0).toFixed(4)],
            ["AUROC", of.macro_auroc?.toFixed(4) ?? "–"],
          ]}
        />
      </div>
      <Chart
        label={t("training.sure")}
        height={260}
        option={{
          grid: { left: 8, right: 24, top: 16, bottom: 32, containLabel: true },
          tooltip: { trigger: "item" },
          xAxis: {
            type: "value",
            min: 0,
            max: 100,
            name: t("training.certainty"),
            nameLocation: "middle",
            nameGap: 28,
            axisLabel: { formatter: "{value} %" },
          },
          yAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value} %" } },
          series: [
            {
              type: "line",
              silent: true,
              symbol: "none",
              lineStyle: { type: "dashed", width: 1, color: palette.quiet },
              data: [
                [0, 0],
                [100, 100],
              ],
            },
            {
              type: "line",
              symbolSize: 9,
              data: bins.map(({ certainty, hits, images }) => [
                certainty * 100,
                (hits / images) * 100,
              ]),
            },
          ],
        }}
        table={[
          [t("training.certainty"), t("training.right"), t("training.test.images")],
          ...bins.map(({ certainty, hits, images }) => [
            within(certainty, null),
            within(hits / images, null),
            group(images),
          ]),
        ]}
      />
    </Section>
  );
}

function Misses({ of }: { of: Evaluation }) {
  const { t } = useWords();
  const { id } = useHere();
  const sets = useRead<Paged<DatasetView>>(datasetsPath(id));
  const sealed = sets.data?.items.find((set) => set.sealed);
  const shown = of.misses.slice(0, MISSES);
  if (shown.length === 0) return null;
  const told = ({ truth, given, certainty }: Evaluation["misses"][number]) =>
    t("training.miss", { truth, given, certainty: (certainty * 100).toFixed(0) });
  return (
    <Section
      title={t("training.misses")}
      lead={t("training.misses.lead", { count: group(of.misses.length), of: group(of.images) })}
      flush
    >
      {sealed ? (
        <div className="pictures">
          {shown.map((miss) => (
            <Picture key={miss.image} path={datasetPath(id, sealed.id)} name={miss.image}>
              {told(miss)}
            </Picture>
          ))}
        </div>
      ) : (
        <ul className="named-misses">
          {shown.map((miss) => (
            <li key={miss.image}>
              <code>{miss.image}</code> {told(miss)}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Package({ round, path }: { round: RoundView; path: string }) {
  const { t } = useWords();
  const { may, side } = useHere();
  const [handing, setHanding] = useState(false);
  const hand =
    may("deliver") && !round.delivered && round.files.length > 0 ? (
      <Button type="primary" onClick={() => setHanding(true)}>
        {t("training.deliver")}
      </Button>
    ) : null;
  return (
    <Section title={t("training.package")} lead={t("training.package.lead")} actions={hand} flush>
      {round.delivered ? (
        <p className="padded">
          {t("training.delivered")} <Instant at={round.delivered} />{" "}
          {round.delivered_seq ? <EvidenceLink id={`e${round.delivered_seq}`} /> : null}
        </p>
      ) : null}
      <Rows
        label={t("training.package")}
        rows={round.files}
        rowKey={({ name }) => name}
        empty={
          <EmptyState
            title={t(side === "customer" ? "training.package.waits" : "training.package.none")}
          />
        }
        columns={[
          {
            key: "name",
            title: t("training.file"),
            card: "lead",
            cell: ({ name }) => (
              <a href={address(`${path}/files/${encodeURIComponent(name)}`)} download={name}>
                {name}
              </a>
            ),
          },
          {
            key: "bytes",
            title: t("training.size"),
            align: "right",
            cell: (file) => <span className="figure">{size(file.bytes)}</span>,
          },
          { key: "sha256", title: "SHA-256", cell: ({ sha256 }) => <Hash value={sha256} /> },
        ]}
      />
      {handing ? <HandOver round={round} path={path} close={() => setHanding(false)} /> : null}
    </Section>
  );
}

function HandOver({ round, path, close }: { round: RoundView; path: string; close: () => void }) {
  const { t } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const reached = round.reached === true;
  const write = useWrite({
    stale: [at`/agreements/${id}`],
    done: () => {
      void message.success(t("training.delivered"));
      close();
    },
  });
  return (
    <Modal
      open
      title={t("training.deliver")}
      okText={t("training.deliver")}
      okButtonProps={{ htmlType: "submit", form: "hand-over", loading: write.isPending }}
      onCancel={close}
    >
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <p>{t(reached ? "training.deliver.reached" : "training.deliver.below")}</p>
      <Form<{ although?: string }>
        id="hand-over"
        layout="vertical"
        requiredMark={false}
        onFinish={({ although }) =>
          write.mutate({ path: `${path}/deliver`, body: although ? { although } : {} })
        }
      >
        {reached ? null : (
          <Form.Item
            name="although"
            label={t("training.although")}
            rules={[{ required: true, whitespace: true, message: t("field.needed") }]}
          >
            <Input.TextArea rows={3} maxLength={4000} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
