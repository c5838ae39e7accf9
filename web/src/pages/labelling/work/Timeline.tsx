// The timeline of a video: events on lanes, keyframes, stated boxes of the selected track, where we
// are. Drawn as SVG; dragging moves the time, the ends of the selected event can be dragged.
import { type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from "react";

import { clock, endOf, frameAt, type Frames, seconds, step } from "../../../labelling/time";
import type { ClassRule, EventLabel, Label } from "../../../labelling/types";
import { useWords } from "../../../words";
import { colorOf, titleOf } from "./boxes";

const RULER = 22;
const LANE = 20;

/** An issue at a time. */
export interface Flag {
  number: number;
  open: boolean;
  at: number;
}

export interface TimelineProps {
  frames: Frames;
  labels: readonly Label[];
  classes: readonly ClassRule[];
  selected: string | null;
  /** Ticks of the frame that is shown. */
  now: number;
  /** Ticks where an event was begun. */
  begun: number | null;
  flags: readonly Flag[];
  go: (ticks: number) => void;
  select: (id: string) => void;
  stretch: (id: string, end: "start" | "end", ticks: number) => void;
}

/** Events that overlap lie on lanes of their own. */
export function lanes(events: readonly EventLabel[]): Map<string, number> {
  const ends: number[] = [];
  const found = new Map<string, number>();
  for (const event of [...events].sort((a, b) => a.start - b.start)) {
    const free = ends.findIndex((end) => end <= event.start);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = event.end;
    found.set(event.id, lane);
  }
  return found;
}

export function Timeline(props: TimelineProps) {
  const { frames, labels, classes, now, begun } = props;
  const words = useWords();
  const place = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(800);
  const drag = useRef<{ id: string; end: "start" | "end" } | "time" | null>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setWidth(Math.max(200, element.clientWidth)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  const from = frames.pts[0] ?? 0;
  const to = Math.max(from + 1, endOf(frames));
  const x = (ticks: number) => ((ticks - from) / (to - from)) * width;
  const events = useMemo(() => labels.filter((label) => label.kind === "event"), [labels]);
  const lane = useMemo(() => lanes(events), [events]);
  const height = RULER + LANE * Math.max(2, ...[...lane.values()].map((one) => one + 1)) + 18;
  const at = (event: PointerEvent) => {
    const { left } = place.current?.getBoundingClientRect() ?? { left: 0 };
    const ticks = from + ((event.clientX - left) / width) * (to - from);
    // Behind the middle of the last frame lies the end itself.
    if (ticks >= to - (to - (frames.pts.at(-1) ?? to)) / 2) return to;
    return frames.pts[frameAt(frames, Math.max(from, ticks))] ?? from;
  };
  const move = (event: PointerEvent) => {
    if (drag.current === null) return;
    const ticks = at(event);
    if (drag.current === "time") props.go(Math.min(ticks, frames.pts.at(-1) ?? ticks));
    else props.stretch(drag.current.id, drag.current.end, ticks);
  };
  const down = (event: PointerEvent<SVGSVGElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const target = event.target as Element;
    const id = target.getAttribute("data-id");
    const end = target.getAttribute("data-end");
    if (id && (end === "start" || end === "end")) drag.current = { id, end };
    else if (id) props.select(id);
    else {
      drag.current = "time";
      move(event);
    }
  };

  return (
    <svg
      ref={place}
      className="timeline"
      role="img"
      aria-label={words.t("labelling.timeline", {
        now: clock(seconds(now - from, frames.timebase)),
        count: events.length,
      })}
      width="100%"
      height={height}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
    >
      <Ruler frames={frames} from={from} to={to} width={width} x={x} />
      {events.map((event) => (
        <EventBar
          key={event.id}
          event={event}
          x={x}
          y={RULER + LANE * (lane.get(event.id) ?? 0)}
          color={colorOf(classes, event.class)}
          title={titleOf(classes, event.class, words)}
          chosen={event.id === props.selected}
        />
      ))}
      {begun === null ? null : (
        <rect
          className="begun"
          x={Math.min(x(begun), x(now))}
          y={RULER}
          width={Math.abs(x(now) - x(begun)) + 1}
          height={height - RULER - 16}
        />
      )}
      <Moments labels={labels} classes={classes} selected={props.selected} x={x} y={height - 9} />
      {props.flags.map(({ number, open, at }) => (
        <g key={number} className={open ? "flag" : "flag done"} transform={`translate(${x(at)} 0)`}>
          <path d={`M0 0v${height}`} />
          <rect width={14} height={14} rx={2} />
          <text x={7} y={11}>
            {number}
          </text>
        </g>
      ))}
      <line className="now" x1={x(now)} x2={x(now)} y1={0} y2={height} />
    </svg>
  );
}

function Ruler({
  frames,
  from,
  to,
  width,
  x,
}: {
  frames: Frames;
  from: number;
  to: number;
  width: number;
  x: (ticks: number) => number;
}) {
  const long = seconds(to - from, frames.timebase);
  const each = step((long * 90) / width);
  const { numerator, denominator } = frames.timebase;
  const marks = Array.from(
    { length: Math.min(400, Math.floor(long / each) + 1) },
    (_, i) => i * each,
  );
  return (
    <>
      <rect className="ruler" x={0} y={0} width={width} height={RULER} />
      {marks.map((time) => (
        <g key={time} transform={`translate(${x(from + (time * denominator) / numerator)} 0)`}>
          <line y1={RULER - 6} y2={RULER} className="tick" />
          <text x={3} y={14}>
            {clock(time)}
          </text>
        </g>
      ))}
    </>
  );
}

function EventBar({
  event,
  x,
  y,
  color,
  title,
  chosen,
}: {
  event: EventLabel;
  x: (ticks: number) => number;
  y: number;
  color: string;
  title: string;
  chosen: boolean;
}) {
  const [left, right] = [x(event.start), x(event.end)];
  const wide = Math.max(3, right - left);
  return (
    <g className={chosen ? "event chosen" : "event"}>
      <rect
        data-id={event.id}
        x={left}
        y={y + 2}
        width={wide}
        height={LANE - 4}
        rx={3}
        fill={color}
      >
        <title>{title}</title>
      </rect>
      {chosen ? (
        <>
          <rect
            className="grip"
            data-id={event.id}
            data-end="start"
            x={left - 3}
            y={y}
            width={6}
            height={LANE}
          />
          <rect
            className="grip"
            data-id={event.id}
            data-end="end"
            x={right - 3}
            y={y}
            width={6}
            height={LANE}
          />
        </>
      ) : null}
    </g>
  );
}

/** Keyframes as diamonds, and the stated boxes of the selected track as dots. */
function Moments({
  labels,
  classes,
  selected,
  x,
  y,
}: {
  labels: readonly Label[];
  classes: readonly ClassRule[];
  selected: string | null;
  x: (ticks: number) => number;
  y: number;
}) {
  return (
    <>
      {labels.map((label) => {
        const color = colorOf(classes, label.class);
        if (label.kind === "keyframe") {
          const at = x(label.at);
          const chosen = label.id === selected;
          return (
            <path
              key={label.id}
              data-id={label.id}
              className={chosen ? "moment chosen" : "moment"}
              d={`M${at} ${y - 6}l6 6-6 6-6-6z`}
              fill={color}
            />
          );
        }
        if (label.kind !== "track" || label.id !== selected) return null;
        return label.boxes.map((box) => (
          <circle
            key={`${label.id} ${box.at}`}
            className={box.outside ? "moment out" : "moment"}
            cx={x(box.at)}
            cy={y}
            r={4}
            fill={box.outside ? "none" : color}
            stroke={color}
          />
        ));
      })}
    </>
  );
}
