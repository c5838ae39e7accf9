// The frame about the surface: what item this is, whether it is saved, what can be done with it,
// and beside it the guideline and the issues.
import { App, Button, Dropdown, Input, Modal } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import { Link } from "react-router";

import { keptKeys, keyMap, type Remapped, type Scope } from "../../../labelling/keys";
import type { Work } from "../../../labelling/work";
import { Instant } from "../../../parts/figures";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { useWords } from "../../../words";
import type { Issue, ItemDeed, ItemHere, Place } from "../types";
import type { SurfaceProps } from "./ImageWork";
import { STATE_TONE } from "../states";
import { type Asked, placeOf, unlabelled } from "../asked";
import { KeyHelp } from "./KeyHelp";
import type { Handlers } from "./useKeys";
import { useShown } from "./useWork";
import { Tool } from "./ViewTools";

export interface FrameProps {
  work: Work;
  item: ItemHere;
  /** Where the list of items is. */
  back: string;
  project: string;
  nameOf: (author: string) => string | null;
  /** What the address asks for inside the item. */
  asked: Asked | null;
  guide: ReactNode;
  submit: (next: boolean) => Promise<void>;
  accept: () => Promise<void>;
  sendBack: (why: string) => Promise<void>;
  skip: (why: string) => Promise<void>;
  review: () => Promise<void>;
  /** The item is decided for the customer; then the next drawn one. */
  inspect: () => Promise<void>;
  go: (by: 1 | -1) => void;
  raise: (text: string, place: Place | null) => Promise<void>;
  resolve: (number: number) => Promise<void>;
  surface: (props: SurfaceProps) => ReactNode;
}

type Asking = { kind: "issue"; place: Place | null } | { kind: "return" } | { kind: "skip" };

export function Frame(props: FrameProps) {
  const { work, item } = props;
  const { t } = useWords();
  const { message } = App.useApp();
  const [own, setOwn] = useState<Remapped>(keptKeys);
  const [help, setHelp] = useState(false);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [pinning, setPinning] = useState(false);
  const [looked, setLooked] = useState<Place | null>(() => props.asked && placeOf(props.asked));
  const sought = useMemo(() => unlabelled(props.asked, item.labels), [props.asked, item.labels]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [tab, setTab] = useState<"guide" | "issues">(item.issues.length > 0 ? "issues" : "guide");
  const map = useMemo(() => keyMap(own), [own]);
  const may = (deed: ItemDeed) => item.may.includes(deed);
  const reviewing = may("accept") || may("return");
  const scopes: Scope[] = reviewing ? ["work", item.modality, "review"] : ["work", item.modality];

  const act = async (what: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await what();
    } catch (error) {
      if (error instanceof Error && error.message === "offline") {
        void message.warning(t("labelling.offlineSubmit"));
      } else setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const finish = () => {
    if (may("submit")) void act(() => props.submit(true));
    else if (may("accept")) void act(props.accept);
    else if (may("review")) void act(props.review);
    else if (may("inspect")) void act(props.inspect);
  };
  const handlers: Handlers = {
    "work.submit": finish,
    "work.help": () => setHelp((open) => !open),
    "work.next": () => props.go(1),
    "work.previous": () => props.go(-1),
    "work.leave": () => setPinning(false),
    ...(reviewing
      ? {
          "review.accept": () => may("accept") && void act(props.accept),
          "review.return": () => may("return") && setAsking({ kind: "return" }),
        }
      : {}),
    ...(may("ask") ? { "review.pin": () => setPinning(true) } : {}),
  };
  const told = async (text: string) => {
    const about = asking;
    setAsking(null);
    if (about?.kind === "issue") {
      await act(() => props.raise(text, about.place));
      setTab("issues");
    } else if (about?.kind === "return") await act(() => props.sendBack(text));
    else if (about?.kind === "skip") await act(() => props.skip(text));
  };

  return (
    <div className="work">
      <Bar
        {...props}
        busy={busy}
        finish={finish}
        ask={setAsking}
        pin={() => setPinning(true)}
        help={() => setHelp(true)}
        acceptNow={() => void act(props.accept)}
        inspectNow={() => void act(props.inspect)}
      />
      {problem ? <ProblemAlert problem={problem} /> : null}
      <Stopped work={work} />
      {sought?.label ? <p className="pin-hint quiet">{t("labelling.asked.gone")}</p> : null}
      {pinning ? <p className="pin-hint">{t(`labelling.pinHint.${item.modality}`)}</p> : null}
      {props.surface({
        work,
        item,
        map,
        handlers,
        scopes: may("ask") ? [...scopes, "review"] : scopes,
        pinning,
        looked,
        sought,
        pin: (place) => {
          setPinning(false);
          setAsking({ kind: "issue", place });
        },
        nameOf: props.nameOf,
        aside: (
          <Aside
            tab={tab}
            setTab={setTab}
            guide={props.guide}
            issues={item.issues}
            mayResolve={may("ask")}
            look={(place) => setLooked({ ...place })}
            resolve={(number) => void act(() => props.resolve(number))}
          />
        ),
      })}
      {help ? (
        <KeyHelp map={map} own={own} scopes={scopes} setOwn={setOwn} close={() => setHelp(false)} />
      ) : null}
      {asking ? <Ask asking={asking} close={() => setAsking(null)} tell={told} /> : null}
    </div>
  );
}

function Bar({
  work,
  item,
  back,
  project,
  busy,
  finish,
  ask,
  pin,
  help,
  acceptNow,
  inspectNow,
  go,
}: FrameProps & {
  busy: boolean;
  finish: () => void;
  ask: (asking: Asking) => void;
  pin: () => void;
  help: () => void;
  acceptNow: () => void;
  inspectNow: () => void;
}) {
  const { t } = useWords();
  useShown(work);
  const may = (deed: ItemDeed) => item.may.includes(deed);
  const more = [
    ...(may("skip") ? [{ key: "skip", label: t("labelling.skip") }] : []),
    { key: "help", label: t("labelling.help.title") },
  ];
  return (
    <header className="work-bar">
      <Link to={back} className="work-back" aria-label={t("labelling.back", { project })}>
        ←
      </Link>
      <h1 className="work-name" title={item.name}>
        {item.name}
      </h1>
      <StatusTag code={item.state} tone={STATE_TONE[item.state]}>
        {t(`labelling.state.${item.state}`)}
      </StatusTag>
      <SavingMark work={work} />
      <span className="spring" />
      <div className="tool-row">
        <Tool name={t("labelling.previous")} hint="D" act={() => go(-1)}>
          <path d="M14 6l-6 6 6 6" />
        </Tool>
        <Tool name={t("labelling.next")} hint="F" act={() => go(1)}>
          <path d="M10 6l6 6-6 6" />
        </Tool>
        {work.mayLabel ? (
          <>
            <Tool
              name={t("labelling.undo")}
              hint="Ctrl Z"
              disabled={!work.canUndo}
              act={() => work.undo()}
            >
              <path d="M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6" />
            </Tool>
            <Tool
              name={t("labelling.redo")}
              hint="Ctrl Y"
              disabled={!work.canRedo}
              act={() => work.redo()}
            >
              <path d="M15 7l5 5-5 5M20 12H10a6 6 0 0 0-6 6" />
            </Tool>
          </>
        ) : null}
        <Tool name={t("labelling.help.title")} hint="?" act={help}>
          <path d="M9 9a3 3 0 1 1 4 2.8c-.8.4-1 1-1 2.2M12 18v.1" />
        </Tool>
      </div>
      {may("ask") ? (
        <Button size="small" onClick={pin}>
          {t("labelling.issue")} <kbd aria-hidden="true">P</kbd>
        </Button>
      ) : null}
      {may("return") ? (
        <Button size="small" danger disabled={busy} onClick={() => ask({ kind: "return" })}>
          {t("labelling.return")}
        </Button>
      ) : null}
      {may("accept") ? (
        <Button size="small" type="primary" loading={busy} onClick={acceptNow}>
          {t("labelling.accept")}
        </Button>
      ) : null}
      {may("review") && !may("accept") ? (
        <Button size="small" type="primary" loading={busy} onClick={finish}>
          {t("labelling.review")}
        </Button>
      ) : null}
      {may("inspect") ? (
        <Button size="small" type="primary" loading={busy} onClick={inspectNow}>
          {t("labelling.inspectNext")}
        </Button>
      ) : null}
      {may("submit") ? (
        <Button size="small" type="primary" loading={busy} onClick={finish}>
          {t("labelling.submitNext")}
        </Button>
      ) : null}
      {may("skip") ? (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: more,
            onClick: ({ key }) => (key === "skip" ? ask({ kind: "skip" }) : help()),
          }}
        >
          <Button size="small" aria-label={t("labelling.more")}>
            …
          </Button>
        </Dropdown>
      ) : null}
    </header>
  );
}

function SavingMark({ work }: { work: Work }) {
  const { t } = useWords();
  useShown(work);
  if (!work.mayLabel) return <span className="saving quiet">{t("labelling.readOnly")}</span>;
  const { saving, left } = work.outbox;
  return (
    <span className={`saving ${saving.state}`} role="status" data-state={saving.state}>
      {saving.state === "offline" || saving.state === "stopped"
        ? t(`labelling.saving.${saving.state}`, { count: left })
        : t(`labelling.saving.${saving.state}`)}
    </span>
  );
}

/** The server does not take what was done: why, and what can be done about it. */
function Stopped({ work }: { work: Work }) {
  const { t } = useWords();
  useShown(work);
  const { saving } = work.outbox;
  if (saving.state !== "stopped") return null;
  return (
    <div className="work-stopped">
      <ProblemAlert problem={saving.error} />
      <Button size="small" onClick={() => work.outbox.wake()}>
        {t("labelling.tryAgain")}
      </Button>
      <Button
        size="small"
        danger
        onClick={() => void work.outbox.discard().then(() => window.location.reload())}
      >
        {t("labelling.discard", { count: work.outbox.left })}
      </Button>
    </div>
  );
}

function Aside({
  tab,
  setTab,
  guide,
  issues,
  mayResolve,
  look,
  resolve,
}: {
  tab: "guide" | "issues";
  setTab: (tab: "guide" | "issues") => void;
  guide: ReactNode;
  issues: readonly Issue[];
  mayResolve: boolean;
  look: (place: Place) => void;
  resolve: (number: number) => void;
}) {
  const { t } = useWords();
  const open = issues.filter((issue) => issue.open).length;
  return (
    <div className="aside">
      <div className="aside-tabs" role="group" aria-label={t("labelling.side")}>
        <button type="button" aria-pressed={tab === "guide"} onClick={() => setTab("guide")}>
          {t("labelling.guideline")}
        </button>
        <button type="button" aria-pressed={tab === "issues"} onClick={() => setTab("issues")}>
          {t("labelling.issues", { count: open })}
        </button>
      </div>
      {tab === "guide" ? (
        <div
          className="aside-body"
          tabIndex={0}
          role="region"
          aria-label={t("labelling.guideline")}
        >
          {guide}
        </div>
      ) : (
        <ul className="issues aside-body" aria-label={t("labelling.issues", { count: open })}>
          {issues.length === 0 ? <li className="quiet">{t("labelling.noIssues")}</li> : null}
          {issues.map((issue) => (
            <li key={issue.number} className={issue.open ? "open" : "done"}>
              {issue.place ? (
                <button
                  type="button"
                  className="issue-number"
                  aria-label={t("labelling.issue.show", { number: issue.number })}
                  onClick={() => issue.place && look(issue.place)}
                >
                  {issue.number}
                </button>
              ) : (
                <span className="issue-number">{issue.number}</span>
              )}
              <div>
                <p>{issue.text}</p>
                <p className="quiet small">
                  <Instant at={issue.at} />
                  {issue.open ? null : ` · ${t("labelling.resolved")}`}
                </p>
              </div>
              {issue.open && mayResolve ? (
                <Button size="small" onClick={() => resolve(issue.number)}>
                  {t("labelling.resolve")}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Ask({
  asking,
  close,
  tell,
}: {
  asking: Asking;
  close: () => void;
  tell: (text: string) => Promise<void>;
}) {
  const { t } = useWords();
  const [text, setText] = useState("");
  return (
    <Modal
      open
      title={t(`labelling.ask.${asking.kind}`)}
      okText={t(`labelling.askGo.${asking.kind}`)}
      okButtonProps={{ disabled: text.trim() === "" }}
      onOk={() => void tell(text.trim())}
      onCancel={close}
    >
      <Input.TextArea
        autoFocus
        rows={3}
        maxLength={1000}
        value={text}
        aria-label={t(`labelling.ask.${asking.kind}`)}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && text.trim() !== "") {
            event.stopPropagation();
            void tell(text.trim());
          }
        }}
      />
    </Modal>
  );
}
