// The delivery of a project under its agreement: handed over, the sample drawn from both seeds, each
// drawn item decided by the customer's people, the result with its clause and evidence, the rework.
import { App, Button, Checkbox, Form, Input, InputNumber, Select } from "antd";
import { Link, useNavigate } from "react-router";

import type {
  DeliveredView,
  DrawnView,
  InspectionView,
  ReworkView,
  SampleView,
} from "../../../api/types.gen";
import { group } from "../../../format/number";
import { useRead, useWrite } from "../../../http/hooks";
import { at } from "../../../http/request";
import { ClauseLink } from "../../../parts/ClauseLink";
import { Rows } from "../../../parts/DataTable";
import { EvidenceLink } from "../../../parts/EvidenceLink";
import { Instant, Limit } from "../../../parts/figures";
import { EmptyState, Facts, Loaded, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag, type Tone } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { CommitButton, Reveal } from "../../agreement/evidence/Seeds";
import { useHere } from "../../agreement/here";
import { metricName } from "../../agreement/own";
import { type GuidelineView, itemPage, type ItemView, projectPath, type ProjectView } from "../api";
import { itemColumn } from "./itemColumn";
import { FORMAT_OPTIONS } from "./formats";
import { failing, steps, type Step } from "./delivered";
import { useHands, useNames } from "./people";

const STEP_TONE: Record<Step["state"], Tone> = { done: "good", now: "info", open: "plain" };
const STATE_TONE: Record<string, Tone> = {
  planned: "plain",
  delivered: "info",
  drawn: "info",
  inspected: "info",
  accepted: "good",
  rejected: "bad",
};
type State = "planned" | "delivered" | "drawn" | "inspected" | "accepted" | "rejected";

export function Inspection({ project }: { project: ProjectView }) {
  const { id } = useHere();
  const path = `${projectPath(id, project.id)}/inspection`;
  const found = useRead<InspectionView>(path, undefined, { refetchInterval: 30_000 });
  return (
    <Loaded of={found} rows={8}>
      {(view) => (
        <>
          <Standing view={view} project={project} />
          {view.result ? <Result of={view.result} clause={view.clause} /> : null}
          {view.sample ? <Sample of={view.sample} view={view} project={project} /> : null}
          <Rework view={view} project={project} />
        </>
      )}
    </Loaded>
  );
}

function Standing({ view, project }: { view: InspectionView; project: ProjectView }) {
  const { t, code } = useWords();
  const { id, side, may } = useHere();
  const own = project.side === side;
  const waits = view.state === "planned" || view.state === "rejected";
  const decided = waits || view.state === "accepted";
  const party = side !== null && may("record") ? side : null;
  const commits = party !== null && waits && !view.committed.includes(party);
  const reveals =
    party !== null && !decided && view.committed.length === 2 && !view.revealed.includes(party);
  const facts: [string, React.ReactNode][] = [
    [t("labelling.inspection.delivery"), <code key="d">{view.delivery}</code>],
    [t("labelling.inspection.round"), view.round || "–"],
    [t("labelling.project.quantity"), view.items > 0 ? group(view.items) : "–"],
  ];
  if (view.format) facts.push([t("labelling.format"), formatName(view.format)]);
  if (view.evidence) {
    facts.push([t("labelling.inspection.evidence"), <EvidenceLink key="e" id={view.evidence} />]);
  }
  return (
    <Section
      title={t("labelling.part.inspection")}
      lead={t("labelling.inspection.lead")}
      actions={
        <>
          <ClauseLink clause={view.clause} />
          <StatusTag code={view.state} tone={STATE_TONE[view.state] ?? "plain"}>
            {t(`labelling.inspectionState.${view.state as State}`)}
          </StatusTag>
        </>
      }
    >
      <div className="project-facts">
        <Facts items={facts} />
      </div>
      <ol className="inspection-steps">
        {steps(view).map((step) => (
          <li key={step.name}>
            <StatusTag code={step.state} tone={STEP_TONE[step.state]}>
              {t(`labelling.step.${step.name}`)}
            </StatusTag>
            {step.name === "seeds" ? (
              <span className="small quiet">
                {(["customer", "vendor"] as const)
                  .map((one) => {
                    const said = view.revealed.includes(one)
                      ? "revealed"
                      : view.committed.includes(one)
                        ? "committed"
                        : "missing";
                    return `${code("side", one)}: ${t(`labelling.seed.${said}`)}`;
                  })
                  .join(" · ")}
              </span>
            ) : null}
            {step.name === "sample" && view.sample ? (
              <span className="small quiet">
                {t("labelling.inspection.decidedOf", {
                  decided: group(view.sample.decided),
                  drawn: group(view.sample.drawn.length),
                })}
              </span>
            ) : null}
          </li>
        ))}
      </ol>
      <Deadline view={view} />
      {commits ? (
        <div className="inline-form">
          <CommitButton delivery={view.delivery} />
          <span className="quiet small">{t("labelling.inspection.commit")}</span>
        </div>
      ) : null}
      {own && may("deliver") && waits ? <Deliver project={project} /> : null}
      {reveals ? <Reveal delivery={view.delivery} /> : null}
      <Inspect view={view} project={project} />
      <Decide view={view} />
      <p className="inspection-all">
        <Link to={at`/agreements/${id}/evidence/deliveries`}>
          {t("labelling.inspection.deliveries")}
        </Link>
      </p>
    </Section>
  );
}

function formatName(code: string): string {
  return FORMAT_OPTIONS.find(({ value }) => value === code)?.label ?? code;
}

/** Until when the customer decides, and what silence means; or what was decided. */
function Deadline({ view }: { view: InspectionView }) {
  const { t } = useWords();
  if (view.accepted_at) {
    return (
      <p>
        {t("labelling.inspection.accepted")} <Instant at={view.accepted_at} />
      </p>
    );
  }
  if (view.rejected_at) {
    return (
      <p>
        {t("labelling.inspection.rejected")} <Instant at={view.rejected_at} />
      </p>
    );
  }
  if (!view.due) return null;
  return (
    <p>
      {t("labelling.inspection.due")} <Limit at={view.due} />
      {view.deemed ? ` · ${t("labelling.inspection.deemed")}` : null}
    </p>
  );
}

interface DeliverFields {
  item?: string;
  format?: string;
  quantity?: number | null;
  partial: boolean;
}

function Deliver({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id, terms } = useHere();
  const { message } = App.useApp();
  const path = projectPath(id, project.id);
  const items = (terms?.service["items"] ?? []) as { id: string }[];
  const write = useWrite<DeliveredView>({
    stale: [at`/agreements/${id}`],
    done: ({ delivery, round, items: count }) =>
      void message.success(
        t("labelling.inspection.handed", { delivery, round, count: group(count) }),
        8,
      ),
  });
  return (
    <Form<DeliverFields>
      layout="vertical"
      requiredMark={false}
      initialValues={{ partial: false, ...(project.work_item ? { item: project.work_item } : {}) }}
      onFinish={({ item, format, quantity, partial }) =>
        write.mutate({
          path: `${path}/deliver`,
          body: {
            partial,
            ...(item ? { item } : {}),
            ...(format ? { format } : {}),
            ...(quantity ? { quantity } : {}),
          },
        })
      }
    >
      <h3 className="sub">{t("labelling.inspection.deliver")}</h3>
      <div className="field-row">
        <Form.Item name="item" label={t("labelling.inspection.workItem")}>
          <Select allowClear options={items.map(({ id: one }) => ({ value: one, label: one }))} />
        </Form.Item>
        <Form.Item name="format" label={t("labelling.format")}>
          <Select
            allowClear
            placeholder={t("labelling.inspection.agreedFormat")}
            options={FORMAT_OPTIONS}
          />
        </Form.Item>
        {project.modality === "video" ? (
          <Form.Item name="quantity" label={t("labelling.inspection.quantity")}>
            <InputNumber min={1} max={1_000_000_000} precision={0} />
          </Form.Item>
        ) : null}
        <Form.Item name="partial" valuePropName="checked" label=" " colon={false}>
          <Checkbox>{t("labelling.inspection.partial")}</Checkbox>
        </Form.Item>
      </div>
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      {write.data && write.data.unknown_labels.length > 0 ? (
        <p className="bad">
          {t("labelling.inspection.unknownLabels", {
            labels: write.data.unknown_labels.join(", "),
          })}
        </p>
      ) : null}
      <Button type="primary" htmlType="submit" loading={write.isPending}>
        {t("labelling.inspection.deliverGo")}
      </Button>
    </Form>
  );
}

/** What the customer's inspectors do next. */
function Inspect({ view, project }: { view: InspectionView; project: ProjectView }) {
  const { t } = useWords();
  const { id, may } = useHere();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const path = projectPath(id, project.id);
  const write = useWrite<unknown>({ stale: [at`/agreements/${id}`] });
  const next = useWrite<{ item?: ItemView | null }>({
    done: ({ item }) => {
      if (item) void navigate(itemPage(id, project.id, item.seq));
      else void message.info(t("labelling.nothingNext"));
    },
  });
  if (!project.parts.includes("inspects") || !may("inspect")) return null;
  const all = view.sample?.drawn.length ?? 0;
  const left = all - (view.sample?.decided ?? 0);
  return (
    <>
      {write.error || next.error ? <ProblemAlert problem={write.error ?? next.error} /> : null}
      <div className="actions inspection-deeds">
        {view.state === "delivered" ? (
          <Button
            type="primary"
            disabled={view.revealed.length < 2}
            loading={write.isPending}
            onClick={() => write.mutate({ path: `${path}/inspection/draw` })}
          >
            {t("labelling.inspection.draw")}
          </Button>
        ) : null}
        {view.state === "drawn" && left > 0 ? (
          <Button
            type="primary"
            loading={next.isPending}
            onClick={() => next.mutate({ path: `${path}/next`, body: { stage: "inspect" } })}
          >
            {t("labelling.inspection.next", { count: left })}
          </Button>
        ) : null}
        {view.state === "drawn" ? (
          <Button
            type={left === 0 ? "primary" : "default"}
            disabled={left > 0}
            loading={write.isPending}
            onClick={() => write.mutate({ path: `${path}/inspection/decide` })}
          >
            {t("labelling.inspection.decide")}
          </Button>
        ) : null}
      </div>
    </>
  );
}

/** The customer's decision: it stands in the journal with its clause and ends the round. */
function Decide({ view }: { view: InspectionView }) {
  const { t } = useWords();
  const { id, side, may } = useHere();
  const { modal } = App.useApp();
  const path = at`/agreements/${id}`;
  const write = useWrite<unknown>({ stale: [path] });
  const decides = side === "customer" && may("decide");
  const waits = ["delivered", "drawn", "inspected"].includes(view.state);
  if (!decides || !waits) return null;
  const { standards = [], plan } = view.result ?? {};
  const rows = plan ? [...standards, plan] : standards;
  const failed = [...new Set(rows.filter((one) => one.verdict !== "met").map((one) => one.metric))];
  const act = (action: object) => write.mutateAsync({ path: `${path}/actions`, body: { action } });
  const ask = (deed: "accept" | "reject", action: object) =>
    modal.confirm({
      title: t(`labelling.decide.${deed}.title`, { round: view.round }),
      content: t(`labelling.decide.${deed}.content`),
      okText: t(`agreement.delivery.${deed}`),
      okButtonProps: { danger: deed === "reject" },
      // What went wrong stands on the page.
      onOk: () => act(action).catch(() => undefined),
    });
  return (
    <>
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      <div className="actions inspection-deeds">
        <Button
          type={view.state === "inspected" && failed.length === 0 ? "primary" : "default"}
          loading={write.isPending}
          onClick={() => ask("accept", { do: "accept", delivery: view.delivery })}
        >
          {t("agreement.delivery.accept")}
        </Button>
        <Button
          danger
          disabled={failed.length === 0}
          loading={write.isPending}
          onClick={() => ask("reject", { do: "reject", delivery: view.delivery, failed })}
        >
          {t("agreement.delivery.reject")}
        </Button>
        {failed.length === 0 ? (
          <span className="quiet small">{t("labelling.decide.noFailure")}</span>
        ) : null}
      </div>
    </>
  );
}

function Result({ of, clause }: { of: NonNullable<InspectionView["result"]>; clause: string }) {
  const words = useWords();
  const { t } = words;
  const rows = of.plan ? [...of.standards, of.plan] : of.standards;
  return (
    <Section
      title={t("labelling.inspection.result")}
      actions={
        <>
          <ClauseLink clause={clause} />
          {of.evidence ? <EvidenceLink id={of.evidence} /> : null}
          <StatusTag family="verdict" code={of.verdict} />
        </>
      }
      flush
    >
      <Rows
        label={t("labelling.inspection.result")}
        rows={rows}
        rowKey={(one) => `${one.metric} ${one.iou ?? ""} ${one.accept ?? ""}`}
        columns={[
          {
            key: "metric",
            title: t("labelling.inspection.standard"),
            card: "lead",
            cell: ({ metric, iou }) =>
              iou
                ? t("labelling.inspection.atIou", { metric: metricName(metric, words), iou })
                : metricName(metric, words),
          },
          {
            key: "required",
            title: t("labelling.inspection.required"),
            align: "right",
            cell: ({ threshold, accept }) => (
              <span className="figure">
                {threshold ??
                  (typeof accept === "number"
                    ? t("labelling.inspection.atMost", { count: group(accept) })
                    : "–")}
              </span>
            ),
          },
          {
            key: "found",
            title: t("labelling.inspection.found"),
            align: "right",
            cell: ({ hits, total }) => (
              <span className="figure">
                {typeof hits === "number" && typeof total === "number" ? found(hits, total) : "–"}
              </span>
            ),
          },
          {
            key: "verdict",
            title: t("labelling.inspection.verdict"),
            cell: ({ verdict }) => <StatusTag family="verdict" code={verdict} />,
          },
        ]}
      />
      <p className="small quiet padded hash-whole">
        SHA-256 <code>{of.sha256}</code>
      </p>
    </Section>
  );
}

/** 406 / 418 (97.12%), rounded down as the rule does: what falls short never reads as reached. */
function found(hits: number, total: number): string {
  const counted = `${group(hits)} / ${group(total)}`;
  if (total === 0) return counted;
  return `${counted} (${(Math.floor((hits * 10_000) / total) / 100).toFixed(2)}%)`;
}

function Sample({
  of,
  view,
  project,
}: {
  of: SampleView;
  view: InspectionView;
  project: ProjectView;
}) {
  const { t } = useWords();
  const { id } = useHere();
  const nameOf = useNames(project);
  const figure = (count: number | null | undefined) => (
    <span className="figure">{typeof count === "number" ? group(count) : "–"}</span>
  );
  const counted = (["missed", "extra", "wrong_class", "imprecise"] as const).map((one) => ({
    key: one,
    title: t(`labelling.mistake.${one}`),
    align: "right" as const,
    cell: (row: DrawnView) => figure(row[one]),
  }));
  return (
    <Section
      title={t("labelling.inspection.sample")}
      lead={t("labelling.inspection.sampleLead", {
        lot: group(of.lot),
        wanted: group(of.wanted),
      })}
      flush
    >
      <Rows<DrawnView>
        label={t("labelling.inspection.sample")}
        rows={of.drawn}
        rowKey={({ seq }) => seq}
        tone={({ failed }) => (failed ? "bad" : undefined)}
        columns={[
          itemColumn(t("labelling.item"), id, project.id),
          {
            key: "decided",
            title: t("labelling.inspection.decided"),
            cell: ({ decided, failed, by }) => (
              <>
                <StatusTag code="decided" tone={failed ? "bad" : decided ? "good" : "plain"}>
                  {failed
                    ? t("labelling.inspection.failed")
                    : decided
                      ? view.result
                        ? t("labelling.inspection.conforms")
                        : t("labelling.inspection.isDecided")
                      : t("labelling.inspection.isOpen")}
                </StatusTag>{" "}
                {by ? <span className="small quiet">{nameOf(by)}</span> : null}
              </>
            ),
          },
          ...(view.result ? counted : []),
        ]}
      />
    </Section>
  );
}

interface ReworkFields {
  items?: string;
  person?: string;
  class?: string;
  text?: string;
}

function Rework({ view, project }: { view: InspectionView; project: ProjectView }) {
  const { t, pick } = useWords();
  const { id, side } = useHere();
  const { message } = App.useApp();
  const own = project.side === side;
  const manages = own && project.parts.includes("manager");
  const path = projectPath(id, project.id);
  const hands = useHands(project, manages);
  const guideline = useRead<GuidelineView>(manages ? `${path}/guideline` : null);
  const write = useWrite<ReworkView>({
    stale: [path],
    done: ({ count }) =>
      void message.success(t("labelling.rework.done", { count: group(count) }), 6),
  });
  if (!manages || view.state !== "rejected") return null;
  const failed = failing(view);
  const classes = guideline.data?.guideline.classes ?? [];
  const send = ({ items, person, class: about, text }: ReworkFields) => {
    const numbers = (items ?? "")
      .split(/[^0-9]+/)
      .filter(Boolean)
      .map(Number);
    const filter = { ...(person ? { person } : {}), ...(about ? { class: about } : {}) };
    write.mutate({
      path: `${path}/rework`,
      body: {
        items: numbers,
        ...(Object.keys(filter).length > 0 ? { filter } : {}),
        ...(text?.trim() ? { text: text.trim() } : {}),
      },
    });
  };
  return (
    <Section title={t("labelling.rework")} lead={t("labelling.rework.lead")}>
      {failed.length === 0 ? (
        <EmptyState title={t("labelling.rework.none")} />
      ) : (
        <ul className="rework-items">
          {failed.map(({ seq, name }) => (
            <li key={seq}>
              <Link to={itemPage(id, project.id, seq)}>
                {seq} · {name}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <Form<ReworkFields> layout="vertical" requiredMark={false} onFinish={send}>
        <div className="field-row">
          <Form.Item name="items" label={t("labelling.rework.items")}>
            <Input placeholder="3, 17, 42" maxLength={4000} />
          </Form.Item>
          <Form.Item name="person" label={t("labelling.itemAuthor")}>
            <Select allowClear options={hands.map((one) => ({ value: one.id, label: one.name }))} />
          </Form.Item>
          <Form.Item name="class" label={t("labelling.rework.class")}>
            <Select
              allowClear
              options={classes.map((rule) => ({
                value: rule.id,
                label: pick(rule.name) || rule.id,
              }))}
            />
          </Form.Item>
        </div>
        <Form.Item name="text" label={t("labelling.ask.return")}>
          <Input.TextArea rows={2} maxLength={4000} />
        </Form.Item>
        {write.error ? <ProblemAlert problem={write.error} /> : null}
        {write.data && write.data.refused.length > 0 ? (
          <p role="status">
            {t("labelling.rework.refused", { items: write.data.refused.join(", ") })}
          </p>
        ) : null}
        <Button type="primary" htmlType="submit" loading={write.isPending}>
          {t("labelling.rework.go")}
        </Button>
      </Form>
    </Section>
  );
}
