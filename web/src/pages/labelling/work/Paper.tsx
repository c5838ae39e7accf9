// The text itself: lines cut where spans begin and end, the passages of issues, the caret. A line is
// drawn again only where it is cut in another way.
import {
  type KeyboardEvent,
  memo,
  type MouseEvent,
  type RefObject,
  useLayoutEffect,
  useMemo,
  useRef,
} from "react";

import { caretAt } from "../../../labelling/paper";
import { type Cover, type Line, lines, type Text } from "../../../labelling/text";
import type { ClassRule, SpanLabel } from "../../../labelling/types";
import { useWords, type Words } from "../../../words";
import type { Issue } from "../types";
import type { Asked } from "../asked";
import { colorOf, titleOf } from "./boxes";

/** A passage that an issue is about. */
export interface Passage extends Cover {
  number: number;
  open: boolean;
}

export function passagesOf(issues: readonly Issue[]): Passage[] {
  return issues.flatMap(({ number, open, place }) =>
    typeof place?.start === "number" && typeof place.end === "number" && place.end > place.start
      ? [{ id: `issue-${number}`, number, open, start: place.start, end: place.end }]
      : [],
  );
}

/** The passage that an address asks for and that no label covers; it has no number. */
export function soughtPassage(sought: Asked | null): Passage[] {
  if (sought === null || sought.start === null || sought.end === null) return [];
  const { start, end } = sought;
  return end > start ? [{ id: "sought", number: 0, open: true, start, end }] : [];
}

interface Told {
  dragged: () => void;
  clicked: (event: MouseEvent) => void;
  moved: (event: KeyboardEvent) => void;
  left: () => void;
}

export function Paper({
  text,
  spans,
  passages,
  classes,
  label,
  selected,
  caret,
  place,
  told,
}: {
  text: Text;
  spans: readonly SpanLabel[];
  passages: readonly Passage[];
  classes: readonly ClassRule[];
  label: string;
  selected: string | null;
  caret: number | null;
  place: RefObject<HTMLDivElement | null>;
  told: Told;
}) {
  const words = useWords();
  const cut = useMemo(() => lines(text, [...spans, ...passages]), [text, spans, passages]);
  const by = useMemo(() => new Map(spans.map((span) => [span.id, span])), [spans]);
  const issues = useMemo(() => new Map(passages.map((one) => [one.id, one])), [passages]);
  // Chinese text is read in a Chinese face also where the console is in English.
  const chinese = useMemo(() => /[\u3400-\u9fff]/.test(text.text.slice(0, 20_000)), [text]);
  return (
    <div
      className="paper"
      lang={chinese ? "zh" : undefined}
      tabIndex={0}
      role="document"
      aria-label={label}
      // The button may be let go beside the text.
      onMouseDown={() => window.addEventListener("mouseup", told.dragged, { once: true })}
      onClick={told.clicked}
      onKeyDown={told.moved}
      onBlur={told.left}
    >
      <div ref={place} className="paper-text">
        {cut.map((line) => {
          const kinds = line.pieces.flatMap((piece) => piece.spans.map((id) => by.get(id)?.class));
          return (
            <LineOfText
              key={line.start}
              line={line}
              look={`${line.key} ${kinds.join(" ")} ${passageKey(line, issues)}`}
              text={text}
              by={by}
              issues={issues}
              classes={classes}
              words={words}
              chosen={
                line.pieces.some((one) => one.spans.includes(selected ?? "")) ? selected : null
              }
            />
          );
        })}
      </div>
      {caret === null ? null : <Caret at={caret} text={text} place={place} />}
    </div>
  );
}

function passageKey(line: Line, issues: ReadonlyMap<string, Passage>): string {
  if (issues.size === 0) return "";
  return line.pieces
    .flatMap(({ spans }) => spans.map((id) => (issues.get(id)?.open ? id : "")))
    .join(" ");
}

interface LineProps {
  line: Line;
  /** The same as long as the line looks the same. */
  look: string;
  text: Text;
  by: ReadonlyMap<string, SpanLabel>;
  issues: ReadonlyMap<string, Passage>;
  classes: readonly ClassRule[];
  words: Words;
  chosen: string | null;
}

const LineOfText = memo(
  function LineOfText({ line, text, by, issues, classes, words, chosen }: LineProps) {
    return (
      <p data-start={line.start}>
        {line.pieces.map((piece) => {
          const labels = piece.spans.flatMap((id) => by.get(id) ?? []);
          const inner = labels.at(-1);
          const pinned = piece.spans.flatMap((id) => issues.get(id) ?? []).at(-1);
          const shown = text.slice(piece.start, piece.end);
          const about = pinned ? (pinned.open ? "pinned" : "pinned done") : "";
          const number = pinned?.end === piece.end ? pinned.number || undefined : undefined;
          if (!inner) {
            return (
              <span key={piece.start} className={about || undefined} data-issue={number}>
                {shown}
              </span>
            );
          }
          const color = colorOf(classes, inner.class);
          const depth = Math.min(45, 18 * labels.length);
          const held = labels.some(({ id }) => id === chosen) ? "span chosen" : "span";
          return (
            <mark
              key={piece.start}
              data-spans={labels.map(({ id }) => id).join(" ")}
              data-name={inner.end === piece.end ? titleOf(classes, inner.class, words) : undefined}
              data-issue={number}
              className={`${held} ${about}`.trim()}
              style={{
                borderColor: color,
                background: `color-mix(in srgb, ${color} ${depth}%, transparent)`,
              }}
            >
              {shown}
            </mark>
          );
        })}
        {line.pieces.every(({ start, end }) => start === end) ? <br /> : null}
      </p>
    );
  },
  (was, now) =>
    was.look === now.look &&
    was.chosen === now.chosen &&
    was.text === now.text &&
    was.classes === now.classes &&
    was.words === now.words,
);

/** A caret of our own: the browser draws one only where something can be typed. */
function Caret({
  at,
  text,
  place,
}: {
  at: number;
  text: Text;
  place: RefObject<HTMLDivElement | null>;
}) {
  const mark = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const found = place.current && caretAt(place.current, text, at);
    if (!found || !mark.current || !place.current) return;
    const { offsetLeft, offsetTop } = place.current;
    Object.assign(mark.current.style, {
      left: `${found.left + offsetLeft}px`,
      top: `${found.top + offsetTop}px`,
      height: `${found.height}px`,
    });
    mark.current.scrollIntoView({ block: "nearest" });
  });
  return <span ref={mark} className="caret" aria-hidden="true" />;
}
