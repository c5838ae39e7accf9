// A video: the server's frames by number are the truth, the browser's player is a preview. Events on
// a timeline, keyframes, boxes that are interpolated between stated ones.
import { Select } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";

import { classKeys } from "../../../labelling/keys";
import { after } from "../../../labelling/modes";
import type { BoxStage, Pin } from "../../../labelling/stage/BoxStage";
import type { Shown } from "../../../labelling/stage/paint";
import type { Point } from "../../../labelling/geometry";
import { clock, endOf, frameAt, type Frames, seconds, ticks } from "../../../labelling/time";
import { seenAt, stated } from "../../../labelling/track";
import type { ClassRule, Kind, Label, Rect, TrackLabel } from "../../../labelling/types";
import { ulid } from "../../../labelling/ulid";
import type { Work } from "../../../labelling/work";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { useWords } from "../../../words";
import type { Issue, Place } from "../types";
import { colorOf, titleOf } from "./boxes";
import { Canvas } from "./Canvas";
import { type SurfaceProps, usePicture } from "./ImageWork";
import { LabelList } from "./LabelList";
import { Palette } from "./Palette";
import { Selected } from "./Selected";
import { type Flag, Timeline } from "./Timeline";
import { useKeys } from "./useKeys";
import { SPEEDS, usePlayer } from "./usePlayer";
import { useMode } from "./useMode";
import { useShown } from "./useWork";
import { Tool } from "./ViewTools";

const NONE: ReadonlyMap<string, string> = new Map();

export interface VideoProps extends SurfaceProps {
  frames: Frames;
  loadFrame: (frame: number) => Promise<Blob>;
  frameAddress: (frame: number) => string;
  videoAddress: string;
}

/** What a person does to events, keyframes and tracks at the frame that is shown. */
function useDeeds(props: VideoProps, frame: number) {
  const { work, item, frames } = props;
  const [begun, setBegun] = useState<number | null>(null);
  const now = frames.pts[frame] ?? 0;
  /** Behind the frame that is shown. */
  const behind = frames.pts[frame + 1] ?? endOf(frames);
  const classFor = (kind: Kind): string | null => {
    const fitting = item.classes.filter(({ kinds }) => kinds.includes(kind));
    return (fitting.find(({ id }) => id === work.class) ?? fitting[0])?.id ?? null;
  };
  const held = work.selected === null ? undefined : work.labels.get(work.selected);
  const track = held?.kind === "track" ? held : null;
  const made = (label: Label) => {
    work.put(label);
    work.select(label.id);
  };
  const common = (id: string) => ({
    id: ulid(),
    class: id,
    attributes: {},
    source: "person" as const,
  });
  const stretch = (id: string, change: { start?: number; end?: number }) => {
    const event = work.labels.get(id);
    if (event?.kind !== "event") return;
    const next = { ...event, ...change };
    const same = next.start === event.start && next.end === event.end;
    if (next.start < next.end && !same) work.put({ ...next, source: "person" });
  };
  const end = () => {
    const from = begun;
    const id = classFor("event");
    setBegun(null);
    if (from === null) {
      if (held) stretch(held.id, { end: behind });
    } else if (id !== null) {
      // Begun behind the frame that is shown: the other way round.
      const start = Math.min(from, now);
      const over = from > now ? (frames.pts[frameAt(frames, from) + 1] ?? endOf(frames)) : behind;
      made({ ...common(id), kind: "event", start, end: over });
    }
  };
  const keyframe = () => {
    const there = [...work.labels.values()].find(
      (label) => label.kind === "keyframe" && label.at === now,
    );
    const id = classFor("keyframe");
    if (there) work.do([{ delete: there.id }]);
    else if (id !== null) made({ ...common(id), kind: "keyframe", at: now });
  };
  const state = (of: TrackLabel, rect: Rect, more: { outside?: boolean; occluded?: boolean }) => {
    const was = of.boxes.findLast((box) => box.at <= now);
    const box = { at: now, rect, outside: false, occluded: was?.occluded ?? false, ...more };
    work.put({ ...stated(of, box), source: "person" });
  };
  const draw = (rect: Rect) => {
    const id = classFor("track") ?? classFor("box");
    if (track && !seenAt(track.boxes, now)) return state(track, rect, {});
    if (id === null) return;
    const boxes = [{ at: now, rect, outside: false, occluded: false }];
    made({ ...common(id), kind: "track", boxes });
  };
  const seen = track && seenAt(track.boxes, now);
  const flagged = (more: { outside?: boolean; occluded?: boolean }) => {
    if (track && seen) state(track, seen.rect, more);
  };
  /** Where an issue lies that is about this frame, or about the event that is selected. */
  const place = (at?: Point): Place =>
    held?.kind === "event" && !at
      ? { start: held.start, end: held.end, label: held.id }
      : { start: now, end: behind, ...(at ? { x: Math.round(at.x), y: Math.round(at.y) } : {}) };
  return {
    now,
    begun,
    start: () => setBegun(now),
    startHere: () => held && stretch(held.id, { start: now }),
    forget: () => setBegun(null),
    end,
    stretch,
    keyframe,
    draw,
    state,
    place,
    outside: () => flagged({ outside: true }),
    occluded: () => flagged({ occluded: !seen?.occluded }),
  };
}

function shownAt(
  work: Work,
  classes: readonly ClassRule[],
  now: number,
  title: (id: string) => string,
): ReadonlyMap<string, Shown> {
  const shown = new Map<string, Shown>();
  for (const label of work.labels.values()) {
    if (label.kind !== "track") continue;
    const seen = seenAt(label.boxes, now);
    if (!seen) continue;
    shown.set(label.id, {
      id: label.id,
      rect: seen.rect,
      color: colorOf(classes, label.class),
      title: title(label.class),
      dashed: seen.occluded || !seen.stated,
      unsure: label.source === "model",
      crowd: false,
    });
  }
  return shown;
}

export default function VideoWork(props: VideoProps) {
  const { work, item, frames } = props;
  const words = useWords();
  const { t } = words;
  useShown(work);
  const stage = useRef<BoxStage>(null);
  const player = usePlayer(frames, props.loadFrame);
  const deeds = useDeeds(props, player.frame);
  const { now } = deeds;
  const { image, error } = usePicture(
    () => player.cache.get(player.frame),
    player.playing ? "playing" : `${item.seq} ${player.frame}`,
    stage,
  );
  const [mode, setMode] = useMode(props.pinning, work.mayLabel);
  const keys = useMemo(() => classKeys(item.classes), [item.classes]);
  const boxes = useMemo(
    () => shownAt(work, item.classes, now, (id) => titleOf(item.classes, id, words)),
    [work, work.labels, item.classes, now, words],
  );
  const labels = useMemo(() => [...work.labels.values()], [work.labels]);
  const goTo = (at: number) => player.go(frameAt(frames, at));
  const drawable = item.classes.some(({ kinds }) => kinds.includes("track"));
  const pen = () => {
    player.halt();
    if (drawable) setMode((was) => after(was, "draw", work.mayLabel));
  };
  useEffect(() => {
    if (props.pinning) player.halt();
  }, [props.pinning]);
  useEffect(() => {
    if (typeof props.looked?.start === "number") goTo(props.looked.start);
  }, [props.looked]);
  const pins = useMemo(() => pinsAt(item.issues, now), [item.issues, now]);
  const flags = useMemo(() => flagsOf(item.issues), [item.issues]);
  const cycle = (by: 1 | -1) => {
    work.cycle(by);
    const label = work.selected === null ? undefined : work.labels.get(work.selected);
    const at = label && awayFrom(label, now);
    if (typeof at === "number") goTo(at);
  };

  const choose = (id: string) => {
    work.choose(id);
    const held = work.selected === null ? undefined : work.labels.get(work.selected);
    const rule = item.classes.find((one) => one.id === id);
    if (held && held.class !== id && rule?.kinds.includes(held.kind)) {
      work.put({ ...held, class: id, source: "person" });
    }
  };
  const shift = (by: number) => {
    const wanted = seconds(now, frames.timebase) + by;
    goTo(ticks(wanted, frames.timebase));
  };

  useKeys(
    props.map,
    [...props.scopes.filter((scope) => scope === "review"), "video", "image", "work"],
    {
      ...props.handlers,
      "work.delete": () => work.delete(),
      "work.undo": () => work.undo(),
      "work.redo": () => work.redo(),
      "work.leave": () => {
        stage.current?.cancel();
        props.handlers["work.leave"]?.();
        deeds.forget();
        if (mode === "select" || mode === "look") work.select(null);
        setMode((was) => after(was, "cancel", work.mayLabel));
      },
      "image.draw": () => (work.select(null), pen()),
      "image.again": pen,
      "image.cycle": () => cycle(1),
      "image.cycleBack": () => cycle(-1),
      "image.zoomIn": () => stage.current?.zoom(1.25),
      "image.zoomOut": () => stage.current?.zoom(0.8),
      "image.fit": () => stage.current?.fit(),
      "image.whole": () => stage.current?.whole(),
      "image.left": () => player.go(player.frame - 1),
      "image.right": () => player.go(player.frame + 1),
      "video.play": player.play,
      "video.frameBack": () => player.go(player.frame - 1),
      "video.frameOn": () => player.go(player.frame + 1),
      "video.secondBack": () => shift(-1),
      "video.secondOn": () => shift(1),
      "video.start": deeds.start,
      "video.end": deeds.end,
      "video.startHere": deeds.startHere,
      ...(props.pinning ? { "image.focus": () => props.pin(deeds.place()) } : {}),
      "video.keyframe": deeds.keyframe,
      "video.outside": deeds.outside,
      "video.occluded": deeds.occluded,
      "video.slower": () => player.faster(-1),
      "video.faster": () => player.faster(1),
    },
    work.mayLabel ? keys : NONE,
    choose,
  );

  const held = work.selected === null ? undefined : work.labels.get(work.selected);
  return (
    <div className="surface video-work">
      <aside className="surface-left" aria-label={t("labelling.classes")}>
        <Palette classes={item.classes} keys={keys} chosen={work.class} choose={choose} />
      </aside>
      <div className="surface-middle">
        {error ? <ProblemAlert problem={error} /> : null}
        <div className="video-place">
          <Canvas
            stage={stage}
            label={t("labelling.canvas", { name: item.name })}
            image={image}
            boxes={boxes}
            selected={held?.kind === "track" ? held.id : null}
            mode={mode}
            mayLabel={work.mayLabel}
            color={work.class === null ? "#ffffff" : colorOf(item.classes, work.class)}
            pins={pins}
            spacePans={false}
            brightness={1}
            contrast={1}
            told={{
              select: (id) => work.select(id),
              create: deeds.draw,
              edit: (id, rect) => {
                const track = work.labels.get(id);
                if (track?.kind === "track") deeds.state(track, rect, {});
              },
              pin: (at) => props.pin(deeds.place(at)),
              mode: setMode,
              view: () => undefined,
            }}
          />
          <video
            ref={player.video}
            className={player.playing ? "preview" : "preview away"}
            src={props.videoAddress}
            muted
            playsInline
            preload="metadata"
            aria-hidden="true"
            tabIndex={-1}
            onEnded={player.pause}
          />
          {player.unplayable ? (
            <p className="unplayable" role="status">
              {t("labelling.unplayable")}
            </p>
          ) : null}
        </div>
        <Transport props={props} player={player} deeds={deeds} />
        <Timeline
          frames={frames}
          labels={labels}
          classes={item.classes}
          selected={work.selected}
          now={now}
          begun={deeds.begun}
          go={goTo}
          select={(id) => work.select(id)}
          flags={flags}
          stretch={(id, end, at) => deeds.stretch(id, { [end]: at })}
        />
        <Strip props={props} labels={labels} now={now} go={goTo} />
      </div>
      <aside className="surface-right" aria-label={t("labelling.side")}>
        <LabelList
          work={work}
          classes={item.classes}
          timebase={frames.timebase}
          picked={(label) => {
            const at = awayFrom(label, now);
            if (typeof at === "number") goTo(at);
          }}
        />
        <Selected work={work} classes={item.classes} nameOf={props.nameOf} />
        {props.aside}
      </aside>
    </div>
  );
}

/** Where to go to see a label; `null` where it is seen now. */
function awayFrom(label: Label, now: number): number | null {
  switch (label.kind) {
    case "event":
      return now >= label.start && now < label.end ? null : label.start;
    case "keyframe":
      return label.at;
    case "track":
      return seenAt(label.boxes, now) ? null : (label.boxes[0]?.at ?? null);
    default:
      return null;
  }
}

/** The issues on the frame at `now` that have a place in the picture. */
function pinsAt(issues: readonly Issue[], now: number): Pin[] {
  return issues.flatMap(({ number, open, place }) => {
    const { x, y, start, end } = place ?? {};
    if (typeof x !== "number" || typeof y !== "number" || typeof start !== "number") return [];
    const here = now >= start && (now < (end ?? start) || now === start);
    return here ? [{ number, open, at: { x, y } }] : [];
  });
}

function flagsOf(issues: readonly Issue[]): Flag[] {
  return issues.flatMap(({ number, open, place }) =>
    typeof place?.start === "number" ? [{ number, open, at: place.start }] : [],
  );
}

function Transport({
  props: { frames, work },
  player,
  deeds,
}: {
  props: VideoProps;
  player: ReturnType<typeof usePlayer>;
  deeds: ReturnType<typeof useDeeds>;
}) {
  const { t } = useWords();
  const from = frames.pts[0] ?? 0;
  return (
    <div className="transport">
      <Tool name={t("labelling.tool.frameBack")} hint="," act={() => player.go(player.frame - 1)}>
        <path d="M7 6v12M18 6l-8 6 8 6z" />
      </Tool>
      <Tool
        name={t(player.playing ? "labelling.tool.pause" : "labelling.tool.play")}
        hint="Space"
        pressed={player.playing}
        act={player.play}
      >
        {player.playing ? <path d="M8 6v12M16 6v12" /> : <path d="M8 5l11 7-11 7z" />}
      </Tool>
      <Tool name={t("labelling.tool.frameOn")} hint="." act={() => player.go(player.frame + 1)}>
        <path d="M17 6v12M6 6l8 6-8 6z" />
      </Tool>
      <Select
        size="small"
        aria-label={t("labelling.speed")}
        value={player.speed}
        options={SPEEDS.map((speed) => ({ value: speed, label: `${speed}×` }))}
        onChange={player.quick}
      />
      <output className="figure">
        {clock(seconds(deeds.now - from, frames.timebase))} ·{" "}
        {t("labelling.frame", { frame: player.frame, count: frames.pts.length })}
      </output>
      {work.mayLabel ? (
        <>
          <span className="spring" />
          <Tool name={t("labelling.tool.start")} hint="I" act={deeds.start}>
            <path d="M9 5H6v14h3M12 12h7" />
          </Tool>
          <Tool name={t("labelling.tool.end")} hint="O" act={deeds.end}>
            <path d="M15 5h3v14h-3M5 12h7" />
          </Tool>
          <Tool name={t("labelling.tool.keyframe")} hint="K" act={deeds.keyframe}>
            <path d="M12 4l8 8-8 8-8-8z" />
          </Tool>
        </>
      ) : null}
    </div>
  );
}

/** The keyframes as pictures. */
function Strip({
  props: { frames, frameAddress },
  labels,
  now,
  go,
}: {
  props: VideoProps;
  labels: readonly Label[];
  now: number;
  go: (at: number) => void;
}) {
  const { t } = useWords();
  const marked = labels.filter((label) => label.kind === "keyframe").sort((a, b) => a.at - b.at);
  if (marked.length === 0) return null;
  const from = frames.pts[0] ?? 0;
  return (
    <ul className="strip" aria-label={t("labelling.keyframes")}>
      {marked.map(({ id, at }) => {
        const time = clock(seconds(at - from, frames.timebase));
        return (
          <li key={id}>
            <button type="button" aria-pressed={at === now} onClick={() => go(at)}>
              <img src={frameAddress(frameAt(frames, at))} alt="" loading="lazy" height={54} />
              <span className="figure small">{time}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
