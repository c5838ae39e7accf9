// Trainings and evaluations as they go: started, halted, ended, with their stages, the time that is
// left and the curves.
import { App, Button, Checkbox, Form, InputNumber, Modal, Select } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import type {
  DatasetView,
  JobView,
  ProgressLine,
  RoundsView,
  TrainOptions,
} from "../../../api/types.gen";
import { useLook } from "../../../app/look";
import { palettes } from "../../../app/theme";
import { stretch } from "../../../format/instant";
import { group } from "../../../format/number";
import { type Paged, useRead, useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { Chart } from "../../../parts/Chart";
import { Instant } from "../../../parts/figures";
import { EmptyState, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag, type Tone } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../here";
import { curve, stages } from "./curves";
import { jobPath, jobsPath, roundPage } from "./paths";

const TONES: Record<JobView["state"], Tone> = {
  preparing: "info",
  running: "info",
  paused: "warn",
  done: "good",
  failed: "bad",
  cancelled: "plain",
};
const BACKBONES = ["efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2"] as const;
/** So often the progress of a job is asked for while it works. */
const OFTEN = 1500;
/** So many jobs are shown at first. */
const FIRST = 5;

export function Jobs({
  of,
  rounds,
  sets,
}: {
  of: { data: Paged<JobView> | undefined; error: unknown };
  rounds: RoundsView;
  sets: DatasetView[];
}) {
  const { t } = useWords();
  const { id, may } = useHere();
  const [asking, setAsking] = useState(false);
  const [all, setAll] = useState(false);
  const start = useWrite({ stale: [at`/agreements/${id}`], done: () => setAsking(false) });
  const open = of.data?.items.some(({ state }) => TONES[state] === "info" || state === "paused");
  const learnable = sets.filter(({ purpose }) => purpose === "training");
  const judged = rounds.rounds.filter((round) => !round.evaluated_seq && round.files.length > 0);
  const actions = may("record") ? (
    <>
      {judged.map(({ round }) => (
        <Button
          key={round}
          disabled={open ?? true}
          loading={start.isPending}
          onClick={() =>
            start.mutate({ path: jobsPath(id), body: { work: { kind: "evaluate", round } } })
          }
        >
          {t("training.evaluate", { round })}
        </Button>
      ))}
      <Button
        type="primary"
        disabled={(open ?? true) || learnable.length === 0 || !rounds.test_set}
        onClick={() => setAsking(true)}
      >
        {t("training.train")}
      </Button>
    </>
  ) : null;
  return (
    <Section title={t("training.jobs")} lead={t("training.jobs.lead")} actions={actions} flush>
      {start.error && !asking ? <ProblemAlert problem={start.error} /> : null}
      <Loaded of={of}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t("training.jobs.none")}>
              {t(rounds.test_set ? "training.jobs.none.lead" : "training.jobs.none.seal")}
            </EmptyState>
          ) : (
            <>
              {(all ? items : items.slice(0, FIRST)).map((job) => (
                <Job key={job.id} of={job} />
              ))}
              {!all && items.length > FIRST ? (
                <div className="more">
                  <Button onClick={() => setAll(true)}>{t("more")}</Button>
                </div>
              ) : null}
            </>
          )
        }
      </Loaded>
      {asking ? (
        <Ask
          sets={learnable}
          pending={start.isPending}
          problem={start.error}
          close={() => setAsking(false)}
          go={({ dataset, ...options }) =>
            start.mutate({
              path: jobsPath(id),
              body: { dataset, work: { kind: "train", options } },
            })
          }
        />
      ) : null}
    </Section>
  );
}

interface Asked extends TrainOptions {
  dataset: string;
}

function Ask({
  sets,
  pending,
  problem,
  close,
  go,
}: {
  sets: DatasetView[];
  pending: boolean;
  problem: unknown;
  close: () => void;
  go: (asked: Asked) => void;
}) {
  const { t } = useWords();
  const [form] = Form.useForm<Asked>();
  return (
    <Modal
      open
      title={t("training.train")}
      okText={t("training.train.go")}
      okButtonProps={{ htmlType: "submit", form: "new-training", loading: pending }}
      onCancel={close}
    >
      {problem ? <ProblemAlert problem={problem} /> : null}
      <Form<Asked>
        id="new-training"
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          dataset: sets[0]?.id,
          backbone: "efficientnet-lite2",
          epochs: 40,
          hidden: 0,
          seed: 1,
          balance: false,
        }}
        onFinish={go}
      >
        <Form.Item name="dataset" label={t("training.dataset")}>
          <Select options={sets.map((set) => ({ value: set.id, label: set.name }))} />
        </Form.Item>
        <Form.Item
          name="backbone"
          label={t("training.backbone")}
          extra={t("training.backbone.extra")}
        >
          <Select options={BACKBONES.map((value) => ({ value, label: t(`training.${value}`) }))} />
        </Form.Item>
        <div className="field-row">
          <Form.Item name="epochs" label={t("training.epochs")} rules={[{ required: true }]}>
            <InputNumber min={1} max={1000} precision={0} />
          </Form.Item>
          <Form.Item name="hidden" label={t("training.hidden")} rules={[{ required: true }]}>
            <InputNumber min={0} max={4096} precision={0} />
          </Form.Item>
          <Form.Item name="seed" label={t("training.seed")} rules={[{ required: true }]}>
            <InputNumber min={0} max={4294967295} precision={0} />
          </Form.Item>
        </div>
        <Form.Item name="balance" valuePropName="checked">
          <Checkbox>{t("training.balance")}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Job({ of }: { of: JobView }) {
  const { t, lang } = useWords();
  const { id } = useHere();
  const works = of.state === "running" || of.state === "preparing";
  const [shown, setShown] = useState(works || of.state === "paused");
  const name =
    of.work.kind === "train"
      ? t("training.job.train", { dataset: of.dataset_name ?? "–" })
      : t("training.job.evaluate", { round: of.work.round });
  return (
    <article className="job" aria-label={name}>
      <div className="job-head">
        <StatusTag code={of.state} tone={TONES[of.state]}>
          {t(`training.job.${of.state}`)}
        </StatusTag>
        <strong>{name}</strong>
        <Instant at={of.created} />
        {of.seconds ? <span className="quiet">{stretch(of.seconds * 1000, lang)}</span> : null}
        {of.round ? (
          <Link to={roundPage(id, of.round)}>{t("training.round", { round: of.round })}</Link>
        ) : null}
        <div className="actions">
          <Controls of={of} />
          {of.work.kind === "train" ? (
            <Button size="small" onClick={() => setShown(!shown)} aria-expanded={shown}>
              {t(shown ? "training.curves.hide" : "training.curves.show")}
            </Button>
          ) : null}
        </div>
      </div>
      {of.problem ? <p className="error-text">{of.problem}</p> : null}
      {shown && of.work.kind === "train" ? <Live of={of} works={works} /> : null}
    </article>
  );
}

function Controls({ of }: { of: JobView }) {
  const { t } = useWords();
  const { id, may } = useHere();
  const { modal } = App.useApp();
  const write = useWrite({ stale: [jobsPath(id)] });
  if (!of.own || !may("record") || of.state === "done") return null;
  const send = (control: "pause" | "resume" | "cancel") =>
    write.mutate({ path: `${jobPath(id, of.id)}/control`, body: { control } });
  const open = of.state === "running" || of.state === "paused" || of.state === "preparing";
  return (
    <>
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      {of.state === "running" ? (
        <Button size="small" onClick={() => send("pause")}>
          {t("training.pause")}
        </Button>
      ) : null}
      {of.state === "paused" ? (
        <Button size="small" onClick={() => send("resume")}>
          {t("training.resume")}
        </Button>
      ) : null}
      {open ? (
        <Button
          size="small"
          danger
          onClick={() =>
            void modal.confirm({
              title: t("training.cancel.sure"),
              content: t("training.cancel.lead"),
              okText: t("training.cancel"),
              okButtonProps: { danger: true },
              onOk: () => send("cancel"),
            })
          }
        >
          {t("training.cancel")}
        </Button>
      ) : null}
    </>
  );
}

function Live({ of, works }: { of: JobView; works: boolean }) {
  const { t, lang } = useWords();
  const { id } = useHere();
  const read = useRead<Paged<ProgressLine>>(
    `${jobPath(id, of.id)}/progress`,
    undefined,
    works ? { refetchInterval: OFTEN } : undefined,
  );
  return (
    <Loaded of={read} rows={2}>
      {({ items }) => {
        const begun = stages(items, of.state === "done");
        if (begun.length === 0) return <p className="quiet">{t("training.job.waits")}</p>;
        return (
          <>
            <div className="job-stages" role="status">
              {begun.map(({ stage, done, of: whole, left, over }) => (
                <div key={stage} style={{ display: "contents" }}>
                  <span>{t(`training.stage.${stage}`)}</span>
                  <progress
                    max={Math.max(1, whole)}
                    value={over ? Math.max(1, whole) : done}
                    aria-label={t(`training.stage.${stage}`)}
                  />
                  <span className="figure quiet">
                    {group(done)} / {group(whole)}
                    {left !== null && works
                      ? ` · ${t("training.left", { time: stretch(left * 1000, lang) })}`
                      : ""}
                  </span>
                </div>
              ))}
            </div>
            <Curves lines={items} />
          </>
        );
      }}
    </Loaded>
  );
}

export function Curves({ lines }: { lines: ProgressLine[] }) {
  const { t } = useWords();
  const { mode } = useLook();
  const { epochs, loss, validationLoss, accuracy } = curve(lines);
  if (epochs.length < 2) return null;
  const judged = validationLoss.some((value) => value !== null);
  const palette = palettes[mode];
  const line = (name: string, data: (number | null)[], color: string, axis = 0) => ({
    type: "line",
    name,
    data,
    yAxisIndex: axis,
    showSymbol: false,
    lineStyle: { width: 2, color },
    itemStyle: { color },
  });
  return (
    <Chart
      label={t("training.curves")}
      height={240}
      option={{
        grid: { left: 8, right: 16, top: 40, bottom: 30, containLabel: true },
        legend: {},
        tooltip: {
          trigger: "axis",
          valueFormatter: (value: unknown) => (typeof value === "number" ? value.toFixed(3) : "–"),
        },
        xAxis: {
          type: "category",
          data: epochs,
          name: t("training.epoch"),
          nameLocation: "middle",
          nameGap: 26,
        },
        yAxis: [
          { type: "value", name: t("training.loss"), scale: true },
          ...(judged
            ? [
                {
                  type: "value" as const,
                  name: t("training.accuracy"),
                  scale: true,
                  max: 100,
                  axisLabel: { formatter: "{value} %" },
                  splitLine: { show: false },
                },
              ]
            : []),
        ],
        series: [
          line(t("training.loss.train"), loss, palette.quiet),
          ...(judged
            ? [
                line(t("training.loss.validation"), validationLoss, palette.warn),
                line(t("training.accuracy.validation"), accuracy, palette.accent, 1),
              ]
            : []),
        ],
      }}
      table={[
        [
          t("training.epoch"),
          t("training.loss.train"),
          t("training.loss.validation"),
          t("training.accuracy.validation"),
        ],
        ...epochs.map((epoch, place) => [
          epoch,
          loss[place]?.toFixed(4),
          validationLoss[place]?.toFixed(4) ?? "–",
          accuracy[place]?.toFixed(1) ?? "–",
        ]),
      ]}
    />
  );
}
