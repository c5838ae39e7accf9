// A text: its class by one key, spans by dragging over words or by moving the caret with keys.
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from "react";

import { classKeys } from "../../../labelling/keys";
import { chosen, moveCaret, moveOf, pointAt } from "../../../labelling/paper";
import { Text } from "../../../labelling/text";
import type { ClassLabel, SpanLabel } from "../../../labelling/types";
import { ulid } from "../../../labelling/ulid";
import { useWords } from "../../../words";
import type { SurfaceProps } from "./ImageWork";
import { LabelList } from "./LabelList";
import { Palette } from "./Palette";
import { Paper, passagesOf, soughtPassage } from "./Paper";
import { Selected } from "./Selected";
import { useKeys } from "./useKeys";
import { useShown } from "./useWork";

const NONE: ReadonlyMap<string, string> = new Map();

type Props = SurfaceProps & {
  text: string;
  /** The one thing to say about the item is said: on to the next. */
  finished: () => void;
};

/** The classes of the whole and of spans, and what a person says by them. */
function useSaying({ work, item, finished }: Props, text: Text, spans: readonly SpanLabel[]) {
  const place = useRef<HTMLDivElement>(null);
  /** A span was just made by the mouse: the click that follows chooses nothing else. */
  const made = useRef(false);
  /** The caret, in code points; `null` while nobody moves it by keys. */
  const [caret, setCaret] = useState<number | null>(null);
  const whole = item.classes.filter(({ kinds }) => kinds.includes("class"));
  const spanning = item.classes.filter(({ kinds }) => kinds.includes("span"));
  const said = [...work.labels.values()].find((label) => label.kind === "class");
  const picked = (): [number, number] | null => {
    const range = chosen(place.current, text);
    return range && text.trimmed(...range);
  };
  const say = (id: string) => {
    if (!work.mayLabel) return;
    const label: ClassLabel = said
      ? { ...said, class: id, source: "person" }
      : { id: ulid(), kind: "class", class: id, attributes: {}, source: "person" };
    work.put(label);
    if (spanning.length === 0) finished();
  };
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
    made.current = true;
    window.getSelection()?.removeAllRanges();
    if (caret !== null) setCaret(end);
  };
  const mark = (id: string) => {
    work.choose(id);
    const held = work.selected === null ? undefined : work.labels.get(work.selected);
    const range = picked();
    if (range) return span(range, id);
    if (held?.kind === "span") return work.put({ ...held, class: id, source: "person" });
    // The caret stands in a word and nothing is chosen: the word is meant.
    const word = caret === null ? null : text.wordAt(caret);
    if (word) span(word, id);
  };
  const choose = (id: string) => (whole.some((one) => one.id === id) ? say(id) : mark(id));
  return { place, made, caret, setCaret, whole, spanning, said, picked, span, choose };
}

export default function TextWork(props: Props) {
  const { work, item, text: content } = props;
  const { t } = useWords();
  useShown(work);
  const text = useMemo(() => new Text(content), [content]);
  const spans = useMemo(
    () => [...work.labels.values()].filter((label) => label.kind === "span"),
    [work.labels],
  );
  const passages = useMemo(
    () => [...passagesOf(item.issues), ...soughtPassage(props.sought)],
    [item.issues, props.sought],
  );
  const saying = useSaying(props, text, spans);
  const { place, whole, spanning, said, picked, choose } = saying;
  const keys = useMemo(() => classKeys([...whole, ...spanning]), [item.classes]);
  const used = work.mayLabel ? keys : NONE;

  const dragged = () => {
    const range = picked();
    const id = spanning.some((one) => one.id === work.class) ? work.class : spanning[0]?.id;
    const selection = window.getSelection();
    saying.made.current = false;
    if (props.pinning) {
      if (range) props.pin({ start: range[0], end: range[1] });
    } else if (range && id !== undefined) saying.span(range, id);
    else if (place.current && selection?.focusNode) {
      saying.setCaret(pointAt(place.current, text, selection.focusNode, selection.focusOffset));
    }
  };
  const clicked = (event: MouseEvent) => {
    if (saying.made.current) return;
    const piece = event.target instanceof Element ? event.target.closest("[data-spans]") : null;
    const found = piece?.getAttribute("data-spans")?.split(" ") ?? [];
    const at = work.selected === null ? -1 : found.indexOf(work.selected);
    // The innermost first; again, the one about it.
    if (found.length > 0) work.select(found[(at <= 0 ? found.length : at) - 1] ?? null);
  };
  const moved = (event: KeyboardEvent) => {
    const range = props.pinning && event.key === "Enter" ? picked() : null;
    const move = moveOf(event);
    if (!place.current || (!range && !move)) return;
    event.preventDefault();
    if (range) return props.pin({ start: range[0], end: range[1] });
    if (!move) return;
    // With a caret the next key means what it stands at, and no longer the span that was chosen.
    work.select(null);
    saying.setCaret(moveCaret(place.current, text, move, saying.caret ?? 0));
  };
  const show = (start: number) => {
    const line = [...(place.current?.querySelectorAll("[data-start]") ?? [])].findLast(
      (one) => Number(one.getAttribute("data-start")) <= start,
    );
    line?.scrollIntoView({ block: "center" });
  };
  useEffect(() => {
    if (typeof props.looked?.start === "number") show(props.looked.start);
  }, [props.looked]);

  useKeys(
    props.map,
    [...props.scopes.filter((scope) => scope === "review"), "text", "work"],
    {
      ...props.handlers,
      "work.delete": () => work.delete(),
      "work.undo": () => work.undo(),
      "work.redo": () => work.redo(),
      "work.leave": () => {
        work.select(null);
        window.getSelection()?.removeAllRanges();
        props.handlers["work.leave"]?.();
      },
      "text.next": () => work.cycle(1),
      "text.previous": () => work.cycle(-1),
    },
    used,
    choose,
  );

  return (
    <div className="surface text-work">
      <aside className="surface-left" aria-label={t("labelling.classes")}>
        {whole.length > 0 ? (
          <>
            <h2 className="side-title">{t("labelling.wholeText")}</h2>
            <Palette classes={whole} keys={used} chosen={said?.class ?? null} choose={choose} />
          </>
        ) : null}
        {spanning.length > 0 ? (
          <>
            <h2 className="side-title">{t("labelling.spans")}</h2>
            <Palette classes={spanning} keys={used} chosen={work.class} choose={choose} />
          </>
        ) : null}
      </aside>
      <div className="surface-middle paper-room">
        <Paper
          text={text}
          spans={spans}
          passages={passages}
          classes={item.classes}
          label={t("labelling.canvas", { name: item.name })}
          selected={work.selected}
          caret={saying.caret}
          place={place}
          told={{ dragged, clicked, moved, left: () => saying.setCaret(null) }}
        />
      </div>
      <aside className="surface-right" aria-label={t("labelling.side")}>
        <LabelList
          work={work}
          classes={item.classes}
          words={(start, end) => text.slice(start, Math.min(end, start + 40))}
          picked={(label) => label.kind === "span" && show(label.start)}
        />
        <Selected work={work} classes={item.classes} nameOf={props.nameOf} />
        {props.aside}
      </aside>
    </div>
  );
}
