// One item beside the list: what it is, who changed what and when by which guideline, and what can be
// done with it as a whole.
import { App, Button, Drawer, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import type { SaveView } from "../../../api/types.gen";
import { size } from "../../../format/bytes";
import { useRead, useWrite } from "../../../http/hooks";
import type { ClassRule } from "../../../labelling/types";
import { Copy } from "../../../parts/Copy";
import { Instant } from "../../../parts/figures";
import { EmptyState, Facts, Loaded, Loading, Section } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import {
  type GuidelineView,
  itemPage,
  itemPath,
  type ItemView,
  projectPath,
  type ProjectView,
} from "../api";
import { STATE_TONE } from "../states";
import { useHands, useNames } from "./people";
import { useAfter } from "./useAfter";
import { hours } from "./Workers";

export function ItemDrawer({
  project,
  seq,
  close,
  changed,
}: {
  project: ProjectView;
  seq: number;
  close: () => void;
  changed: () => void;
}) {
  const { t } = useWords();
  const { id } = useHere();
  const item = useRead<ItemView>(itemPath(id, project.id, seq));
  return (
    <Drawer
      open
      onClose={close}
      title={t("labelling.itemTitle", { item: seq, name: item.data?.name ?? "" })}
      size={560}
    >
      <Loaded of={item}>
        {(data) => (
          <>
            <About item={data} project={project} />
            <Deeds item={data} project={project} changed={changed} />
            <History item={data} project={project} />
          </>
        )}
      </Loaded>
    </Drawer>
  );
}

function About({ item, project }: { item: ItemView; project: ProjectView }) {
  const { t } = useWords();
  const { id } = useHere();
  const nameOf = useNames(project);
  const facts: [string, React.ReactNode][] = [
    [
      t("labelling.state"),
      <StatusTag key="s" code={item.state} tone={STATE_TONE[item.state]}>
        {t(`labelling.state.${item.state}`)}
      </StatusTag>,
    ],
    [t("labelling.itemFile"), `${item.media_type}, ${size(item.size)}`],
    [t("labelling.labelCount"), item.labels.length],
    [t("labelling.people.hours"), hours(item.seconds)],
  ];
  if (item.author) facts.push([t("labelling.itemAuthor"), nameOf(item.author)]);
  if (item.reviewer) facts.push([t("labelling.itemReviewer"), nameOf(item.reviewer)]);
  if (item.conflicts > 0) facts.push([t("labelling.consensus.conflicts"), item.conflicts]);
  if (item.skipped) facts.push([t("labelling.itemSkipped"), item.skipped]);
  facts.push([
    "SHA-256",
    <span key="h" className="hash-line">
      <code>{item.sha256.slice(0, 16)}…</code> <Copy text={item.sha256} />
    </span>,
  ]);
  return (
    <>
      <Facts items={facts} />
      <p className="drawer-open">
        <Link to={itemPage(id, project.id, item.seq)}>{t("labelling.openItem")}</Link>
      </p>
    </>
  );
}

function Deeds({
  item,
  project,
  changed,
}: {
  item: ItemView;
  project: ProjectView;
  changed: () => void;
}) {
  const { t } = useWords();
  const { id } = useHere();
  const { message } = App.useApp();
  const manages = project.parts.includes("manager");
  const hands = useHands(project, manages);
  const [person, setPerson] = useState<string | null>(null);
  const [priority, setPriority] = useState<number | null>(1);
  const [reason, setReason] = useState("");
  const path = itemPath(id, project.id, item.seq);
  const write = useWrite({
    stale: [projectPath(id, project.id)],
    done: () => {
      setReason("");
      changed();
      void message.success(t("labelling.itemDone"));
    },
  });
  const may = (deed: (typeof item.mode)[number]) => manages && item.mode.includes(deed);
  const post = (deed: string, body?: unknown) => write.mutate({ path: `${path}/${deed}`, body });
  if (!may("assign") && !may("reopen") && !may("skip")) return null;
  return (
    <Section title={t("labelling.itemDeeds")}>
      {write.error ? <ProblemAlert problem={write.error} /> : null}
      {may("assign") ? (
        <>
          <div className="inline-form">
            <label htmlFor="assign-to">{t("labelling.assign.to")}</label>
            <Select<string>
              id="assign-to"
              className="person-choice"
              value={person}
              onChange={setPerson}
              options={hands.map((one) => ({ value: one.id, label: one.name }))}
            />
            <Button
              disabled={!person || write.isPending}
              onClick={() => post("assign", { person })}
            >
              {t("labelling.assign")}
            </Button>
          </div>
          <div className="inline-form">
            <label htmlFor="item-priority">{t("labelling.priority")}</label>
            <InputNumber
              id="item-priority"
              min={0}
              max={255}
              precision={0}
              value={priority}
              onChange={setPriority}
            />
            <Button
              disabled={priority === null || write.isPending}
              onClick={() => post("priority", { priority })}
            >
              {t("labelling.priority.set")}
            </Button>
          </div>
        </>
      ) : null}
      {may("reopen") ? (
        <div className="inline-form">
          <Button disabled={write.isPending} onClick={() => post("reopen")}>
            {t("labelling.reopen")}
          </Button>
          <span className="quiet small">{t("labelling.reopen.lead")}</span>
        </div>
      ) : null}
      {may("skip") ? (
        <div className="inline-form">
          <label htmlFor="skip-reason">{t("labelling.ask.skip")}</label>
          <Input
            id="skip-reason"
            maxLength={1000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
          <Button
            disabled={reason.trim() === "" || write.isPending}
            onClick={() => post("skip", { reason: reason.trim() })}
          >
            {t("labelling.askGo.skip")}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

const WHAT = ["save", "import", "consensus"] as const;

function History({ item, project }: { item: ItemView; project: ProjectView }) {
  const { t } = useWords();
  const { id } = useHere();
  const path = `${itemPath(id, project.id, item.seq)}/history`;
  const found = useAfter<{ items: SaveView[]; next_cursor?: string | null }>(path, { limit: 20 });
  const guideline = useRead<GuidelineView>(`${projectPath(id, project.id)}/guideline`);
  const classes = guideline.data?.guideline.classes ?? [];
  const saves = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={t("labelling.history")}>
      {found.isPending ? <Loading rows={3} /> : null}
      {found.error ? <ProblemAlert problem={found.error} /> : null}
      {found.data && saves.length === 0 ? <EmptyState title={t("labelling.history.none")} /> : null}
      <ol className="history">
        {saves.map((save) => (
          <Save key={save.revision} save={save} project={project} classes={classes} />
        ))}
      </ol>
      {found.hasNextPage ? (
        <Button onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
          {t("more")}
        </Button>
      ) : null}
    </Section>
  );
}

function Save({
  save,
  project,
  classes,
}: {
  save: SaveView;
  project: ProjectView;
  classes: ClassRule[];
}) {
  const { t, pick } = useWords();
  const nameOf = useNames(project);
  const what = WHAT.find((one) => one === save.what) ?? "save";
  const counts = new Map<string, number>();
  for (const label of save.put) counts.set(label.class, (counts.get(label.class) ?? 0) + 1);
  const put = [...counts].map(([code, count]) => {
    const rule = classes.find((one) => one.id === code);
    return `${rule ? pick(rule.name) || code : code} × ${count}`;
  });
  return (
    <li>
      <p>
        <strong>
          {what === "consensus" ? t("labelling.history.consensus") : nameOf(save.author)}
        </strong>{" "}
        <Instant at={save.at} />{" "}
        <span className="quiet small">
          {t("labelling.history.version", { revision: save.revision, version: save.guideline })}
          {save.seconds > 0
            ? ` · ${t("labelling.history.seconds", { seconds: save.seconds })}`
            : ""}
        </span>
      </p>
      <p className="small">
        {what === "import" ? `${t("labelling.history.import")} ` : ""}
        {put.length > 0 ? t("labelling.history.put", { labels: put.join(", ") }) : ""}
        {save.deleted.length > 0
          ? ` ${t("labelling.history.deleted", { count: save.deleted.length })}`
          : ""}
      </p>
    </li>
  );
}
