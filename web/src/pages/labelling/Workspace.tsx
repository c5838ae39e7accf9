// One item of a project in the workspace: reads it, opens the work on it, and does what the frame
// asks for.
import { App } from "antd";
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";

import { useMe } from "../../app/session";
import { refresh, useRead } from "../../http/hooks";
import { isProblem } from "../../http/problem";
import { address, intent, request } from "../../http/request";
import { settled } from "../../labelling/outbox";
import { readLabel } from "../../labelling/read";
import { type Batch, browserStore } from "../../labelling/store";
import type { Frames } from "../../labelling/time";
import type { Saved } from "../../labelling/types";
import { Loading, useTitle } from "../../parts/Page";
import { ProblemAlert } from "../../parts/ProblemAlert";
import { useWords } from "../../words";
import { useQueryClient } from "@tanstack/react-query";
import {
  type FramesView,
  framesOf,
  type GuidelineView,
  type IssueView,
  itemPage,
  itemPath,
  type ItemView,
  pictureOf,
  projectPage,
  projectPath,
  type ProjectView,
  type SavedView,
  type WorkerView,
} from "./api";
import { askedOf } from "./asked";
import { Guide } from "./Guide";
import "./labelling.css";
import type { ItemHere, Place } from "./types";
import { Frame } from "./work/Frame";
import type { SurfaceProps } from "./work/ImageWork";
import { useWork } from "./work/useWork";

const SURFACES = {
  image: () => import("./work/ImageWork"),
  text: () => import("./work/TextWork"),
  video: () => import("./work/VideoWork"),
};
const ImageWork = lazy(SURFACES.image);
const TextWork = lazy(SURFACES.text);
const VideoWork = lazy(SURFACES.video);

const store = browserStore();

interface Opened {
  item: ItemView;
  issues: IssueView[];
  text: string | null;
  frames: Frames | null;
  /** On its way together with the rest: nobody waits for one after the other. */
  picture: Promise<Blob> | null;
}

/** Everything about an item that the server knows now; nothing of it may come from a cache. */
async function open(path: string, modality: ProjectView["modality"]): Promise<Opened> {
  void SURFACES[modality]().catch(() => undefined);
  const picture =
    modality === "image" ? request<Blob>("GET", `${path}/image`, { answer: "blob" }) : null;
  // Whoever shows it says what is wrong with it.
  picture?.catch(() => undefined);
  const [item, issues, text, frames] = await Promise.all([
    request<ItemView>("GET", path),
    request<{ items: IssueView[] }>("GET", `${path}/issues`),
    modality === "text" ? request<string>("GET", `${path}/text`, { answer: "text" }) : null,
    modality === "video" ? request<FramesView>("GET", `${path}/frames`).then(framesOf) : null,
  ]);
  return { item, issues: issues.items, text, frames, picture };
}

export default function Workspace() {
  const { id = "", project = "", seq = "" } = useParams();
  const found = useRead<ProjectView>(projectPath(id, project));
  const guideline = useRead<GuidelineView>(`${projectPath(id, project)}/guideline`);
  // Once open, the work stays open, whatever a later reading meets.
  const error = (!found.data && found.error) || (!guideline.data && guideline.error);
  if (error)
    return (
      <Alone>
        <ProblemAlert problem={error} />
      </Alone>
    );
  if (!found.data || !guideline.data)
    return (
      <Alone>
        <Loading rows={8} />
      </Alone>
    );
  return (
    <OneItem
      key={`${project} ${seq}`}
      agreement={id}
      project={found.data}
      guideline={guideline.data}
      seq={Number(seq)}
    />
  );
}

function Alone({ children }: { children: ReactNode }) {
  return <div className="page">{children}</div>;
}

interface OneProps {
  agreement: string;
  project: ProjectView;
  guideline: GuidelineView;
  seq: number;
}

function OneItem(props: OneProps) {
  const { agreement, project, seq } = props;
  const path = itemPath(agreement, project.id, seq);
  const [opened, setOpened] = useState<{ times: number; all: Opened } | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const place = `${useMe().person.id} ${path}`;
  const load = useCallback(
    () =>
      settled(place)
        .then(() => open(path, project.modality))
        .then((all) => setOpened((was) => ({ times: (was?.times ?? 0) + 1, all })), setProblem),
    [place, path, project.modality],
  );
  useEffect(() => void load(), [load]);
  useTitle(opened?.all.item.name ?? String(seq));
  if (problem)
    return (
      <Alone>
        <ProblemAlert problem={problem} />
      </Alone>
    );
  if (!opened) return <div className="work" aria-busy="true" />;
  return <Open key={opened.times} {...props} path={path} opened={opened.all} again={load} />;
}

function Open({
  agreement,
  project,
  guideline,
  path,
  opened,
  again,
}: OneProps & { path: string; opened: Opened; again: () => Promise<void> }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const client = useQueryClient();
  const me = useMe();
  const [issues, setIssues] = useState(opened.issues);
  const item = useMemo(
    () => here(opened.item, issues, project, guideline),
    [opened, issues, project, guideline],
  );
  const send = (batch: Batch) => save(path, batch);
  // Who may know who labelled reads their names too.
  const named = opened.item.labels.some(({ author }) => author && author !== me.person.id);
  const people = useRead<{ items: WorkerView[] }>(
    named && project.parts.some((part) => part !== "inspector" && part !== "inspects")
      ? `${projectPath(agreement, project.id)}/people`
      : null,
  );
  const [query] = useSearchParams();
  const asked = useMemo(() => askedOf(query), [query]);
  const work = useWork(`${me.person.id} ${path}`, item, store, send, asked?.label ?? null);
  if (!work) return <div className="work" aria-busy="true" />;

  const list = projectPage(agreement, project.id);
  const done = async (deed: string, body?: Record<string, unknown>) => {
    await work.outbox.flush();
    const seconds = Math.round(work.outbox.takeSeconds());
    // Time after the last change counts as well.
    if (seconds > 0 && work.mayLabel) {
      await save(path, { key: intent(), base: work.outbox.base, seconds, operations: [] });
    }
    await request("POST", `${path}/${deed}`, body ? { body } : {});
    void refresh(client, projectPath(agreement, project.id));
  };
  const next = async (stage: "annotate" | "review" | "inspect") => {
    const { item: found } = await request<{ item?: ItemView | null }>(
      "POST",
      `${projectPath(agreement, project.id)}/next`,
      { body: { stage, except: [item.seq] } },
    );
    if (found) return void navigate(itemPage(agreement, project.id, found.seq));
    void message.info(t("labelling.nothingNext"));
    void navigate(list);
  };
  const readIssues = async () => {
    const found = await request<{ items: IssueView[] }>("GET", `${path}/issues`);
    setIssues(found.items);
  };

  return (
    <Frame
      work={work}
      item={item}
      asked={asked}
      back={list}
      project={project.name}
      nameOf={(author) =>
        author === me.person.id
          ? me.person.name
          : people.data?.items.find(({ person }) => person === author)?.name || null
      }
      guide={
        <Guide
          guideline={guideline.guideline}
          version={guideline.version}
          picture={pictureOf(agreement, project)}
        />
      }
      submit={async () => {
        await done("submit");
        await next("annotate");
      }}
      accept={async () => {
        await done("accept");
        await next("review");
      }}
      sendBack={async (reason) => {
        await done("return", { text: reason });
        await next("review");
      }}
      skip={async (reason) => {
        await done("skip", { reason });
        await next("annotate");
      }}
      review={async () => {
        await request("POST", `${path}/hold`);
        await again();
      }}
      inspect={async () => {
        await done("inspect", { done: true });
        await next("inspect");
      }}
      go={(by) => {
        const to = item.seq + by;
        if (to >= 1 && to <= project.items) void navigate(itemPage(agreement, project.id, to));
      }}
      raise={async (text: string, place: Place | null) => {
        await request("POST", `${path}/issues`, { body: { text, place } });
        await readIssues();
      }}
      resolve={async (number) => {
        await request("POST", `${path}/issues/${number}/resolve`);
        await readIssues();
      }}
      surface={(surface) => (
        <Suspense fallback={<div className="surface" aria-busy="true" />}>
          <Surface {...surface} path={path} opened={opened} next={() => void finishOne()} />
        </Suspense>
      )}
    />
  );

  /** One key said all there is to say about the item. */
  async function finishOne(): Promise<void> {
    if (!item.may.includes("submit") || !work) return;
    try {
      await done("submit");
      await next("annotate");
    } catch (error) {
      void message.warning(isProblem(error) ? error.message : t("labelling.offlineSubmit"));
    }
  }
}

function Surface({
  path,
  opened,
  next,
  ...props
}: SurfaceProps & { path: string; opened: Opened; next: () => void }) {
  if (props.item.modality === "text") {
    return <TextWork {...props} text={opened.text ?? ""} finished={next} />;
  }
  if (opened.frames) {
    return (
      <VideoWork
        {...props}
        frames={opened.frames}
        loadFrame={(frame) => request<Blob>("GET", `${path}/frames/${frame}`, { answer: "blob" })}
        frameAddress={(frame) => address(`${path}/frames/${frame}`)}
        videoAddress={address(`${path}/video`)}
      />
    );
  }
  return (
    <ImageWork
      {...props}
      load={() => opened.picture ?? request<Blob>("GET", `${path}/image`, { answer: "blob" })}
    />
  );
}

async function save(path: string, batch: Batch): Promise<Saved> {
  const { key, base, seconds, operations } = batch;
  const answer = await request<SavedView>("POST", `${path}/labels`, {
    key,
    body: { base, seconds, operations },
  });
  const whole = answer.reload ? (await request<ItemView>("GET", path)).labels : undefined;
  return {
    ...answer,
    others: answer.others.map(readLabel),
    ...(whole ? { whole: whole.map(readLabel) } : {}),
  };
}

function here(
  item: ItemView,
  issues: IssueView[],
  project: ProjectView,
  { guideline }: GuidelineView,
): ItemHere {
  return {
    seq: item.seq,
    name: item.name,
    modality: project.modality,
    state: item.state,
    revision: item.revision,
    width: item.width ?? 1,
    height: item.height ?? 1,
    may: item.mode,
    labels: item.labels.map(readLabel),
    issues: issues.map(({ n, text, at, resolved, place }) => ({
      number: n,
      text,
      at,
      open: !resolved,
      place: place ?? null,
    })),
    classes: guideline.classes,
  };
}
