// A text: its class by one key, spans by dragging over words.
import { type MouseEvent, useMemo, useRef } from "react";

import { classKeys } from "../../../labelling/keys";
import { lines, Text } from "../../../labelling/text";
import type { ClassLabel, SpanLabel } from "../../../labelling/types";
import { ulid } from "../../../labelling/ulid";
import { useWords } from "../../../words";
import { colorOf, titleOf } from "./boxes";
import type { SurfaceProps } from "./ImageWork";
import { LabelList } from "./LabelList";
import { Palette } from "./Palette";
import { Selected } from "./Selected";
import { useKeys } from "./useKeys";
import { useShown } from "./useWork";

const NONE: ReadonlyMap<string, string> = new Map();

export default function TextWork({
  text: content,
  finished,
  ...props
}: SurfaceProps & {
  text: string;
  /** The one thing to say about the item is said: on to the next. */
  finished: () => void;
}) {
  const { work, item } = props;
  const { t } = useWords();
  useShown(work);
  const place = useRef<HTMLDivElement>(null);
  const text = useMemo(() => new Text(content), [content]);
  const whole = item.classes.filter(({ kinds }) => kinds.includes("class"));
  const spanning = item.classes.filter(({ kinds }) => kinds.includes("span"));
  const keys = useMemo(() => classKeys([...whole, ...spanning]), [item.classes]);
  const spans = useMemo(
    () => [...work.labels.values()].filter((label) => label.kind === "span"),
    [work.labels],
  );
  const said = [...work.labels.values()].find((label) => label.kind === "class");

  const say = (id: string) => {
    if (!work.mayLabel) return;
    const label: ClassLabel = said
      ? { ...said, class: id, source: "person" }
      : { id: ulid(), kind: "class", class: id, attributes: {}, source: "person" };
    work.put(label);
    if (spanning.length === 0) finished();
  };
  const mark = (id: string) => {
    work.choose(id);
    const held = work.selected === null ? undefined : work.labels.get(work.selected);
    const range = picked(place.current, text);
    if (range) span(range, id);
    else if (held?.kind === "span") work.put({ ...held, class: id, source: "person" });
  };
  const choose = (id: string) => (whole.some((one) => one.id === id) ? say(id) : mark(id));
  const span = ([start, end]: [number, number], id: string | null) => {
    if (id === null || !work.mayLabel) return;
    const same = spans.find((one) => one.start === start && one.end === end && one.class === id);
    const label: SpanLabel = same ?? {
      id: ulid(),
      kind: "span",
      class: id,
      attributes: {},
      source: "person",
      start,
      end,
    };
    if (!same) work.put(label);
    work.select(label.id);
    window.getSelection()?.removeAllRanges();
  };
  const dragged = () => {
    const range = picked(place.current, text);
    const id = spanning.some((one) => one.id === work.class) ? work.class : spanning[0]?.id;
    if (props.pinning) {
      if (range) props.pin({ start: range[0], end: range[1] });
    } else if (range && id !== undefined) span(range, id);
  };
  const clicked = (event: MouseEvent) => {
    const piece = event.target instanceof Element ? event.target.closest("[data-spans]") : null;
    const found = piece?.getAttribute("data-spans")?.split(" ") ?? [];
    const at = work.selected === null ? -1 : found.indexOf(work.selected);
    // The innermost first; again, the one about it.
    if (found.length > 0) work.select(found[(at <= 0 ? found.length : at) - 1] ?? null);
  };

  useKeys(
    props.map,
    [...props.scopes.filter((scope) => scope === "review"), "text", "work"],
    {
      ...props.handlers,
      "work.delete": () => work.delete(),
      "work.undo": () => work.undo(),
      "work.redo": () => work.redo(),
      "work.leave": () => work.select(null),
      "text.next": () => work.cycle(1),
      "text.previous": () => work.cycle(-1),
    },
    work.mayLabel ? keys : NONE,
    choose,
  );

  return (
    <div className="surface text-work">
      <aside className="surface-left" aria-label={t("labelling.classes")}>
        {whole.length > 0 ? (
          <>
            <h2 className="side-title">{t("labelling.wholeText")}</h2>
            <Palette classes={whole} keys={keys} chosen={said?.class ?? null} choose={choose} />
          </>
        ) : null}
        {spanning.length > 0 ? (
          <>
            <h2 className="side-title">{t("labelling.spans")}</h2>
            <Palette classes={spanning} keys={keys} chosen={work.class} choose={choose} />
          </>
        ) : null}
      </aside>
      <div className="surface-middle paper-room">
        <Paper
          text={text}
          spans={spans}
          item={item}
          selected={work.selected}
          place={place}
          dragged={dragged}
          clicked={clicked}
        />
      </div>
      <aside className="surface-right" aria-label={t("labelling.side")}>
        <LabelList
          work={work}
          classes={item.classes}
          words={(start, end) => text.slice(start, Math.min(end, start + 40))}
          picked={(label) =>
            place.current
              ?.querySelector(`[data-spans~="${label.id}"]`)
              ?.scrollIntoView({ block: "center" })
          }
        />
        <Selected work={work} classes={item.classes} nameOf={props.nameOf} />
        {props.aside}
      </aside>
    </div>
  );
}

function Paper({
  text,
  spans,
  item,
  selected,
  place,
  dragged,
  clicked,
}: {
  text: Text;
  spans: SpanLabel[];
  item: SurfaceProps["item"];
  selected: string | null;
  place: React.RefObject<HTMLDivElement | null>;
  dragged: () => void;
  clicked: (event: MouseEvent) => void;
}) {
  const words = useWords();
  const cut = useMemo(() => lines(text, spans), [text, spans]);
  const by = new Map(spans.map((span) => [span.id, span]));
  // Chinese text is read in a Chinese face also where the console is in English.
  const chinese = useMemo(() => /[\u3400-\u9fff]/.test(text.text.slice(0, 20_000)), [text]);
  return (
    <div
      className="paper"
      ref={place}
      lang={chinese ? "zh" : undefined}
      tabIndex={0}
      role="document"
      aria-label={words.t("labelling.canvas", { name: item.name })}
      onMouseUp={dragged}
      onClick={clicked}
    >
      {cut.map((line) => (
        <p key={line.start} data-start={line.start}>
          {line.pieces.map((piece) => {
            const inner = by.get(piece.spans.at(-1) ?? "");
            const shown = text.slice(piece.start, piece.end);
            if (!inner) return <span key={piece.start}>{shown}</span>;
            const color = colorOf(item.classes, inner.class);
            const ends = inner.end === piece.end;
            return (
              <mark
                key={piece.start}
                data-spans={piece.spans.join(" ")}
                data-name={ends ? titleOf(item.classes, inner.class, words) : undefined}
                className={piece.spans.includes(selected ?? "") ? "span chosen" : "span"}
                style={{
                  borderColor: color,
                  background: `color-mix(in srgb, ${color} ${Math.min(45, 18 * piece.spans.length)}%, transparent)`,
                }}
              >
                {shown}
              </mark>
            );
          })}
          {line.pieces.every(({ start, end }) => start === end) ? <br /> : null}
        </p>
      ))}
    </div>
  );
}

/** What the person dragged over, in code points and on whole characters. */
function picked(place: HTMLElement | null, text: Text): [number, number] | null {
  const selection = window.getSelection();
  if (!place || !selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const start = pointOf(place, text, range.startContainer, range.startOffset);
  const end = pointOf(place, text, range.endContainer, range.endOffset);
  return start === null || end === null ? null : text.trimmed(start, end);
}

/** The code point at a place of the document. */
function pointOf(place: HTMLElement, text: Text, node: Node, offset: number): number | null {
  if (!place.contains(node)) return null;
  const element = node instanceof Element ? node : node.parentElement;
  const line = element?.closest("[data-start]");
  if (!line) return node === place && offset === 0 ? 0 : text.length;
  const before = document.createRange();
  before.selectNodeContents(line);
  before.setEnd(node, offset);
  return text.pointOf(
    text.unitOf(Number(line.getAttribute("data-start"))) + before.toString().length,
  );
}
