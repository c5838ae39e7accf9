// All labels of the item; the selected one is brought into sight.
import { useMemo } from "react";

import { clock, seconds, type Timebase } from "../../../labelling/time";
import { type ClassRule, type Label, type Refusal, REFUSALS } from "../../../labelling/types";
import type { Work } from "../../../labelling/work";
import { VirtualRows } from "../../../parts/VirtualRows";
import { useWords } from "../../../words";
import { colorOf, titleOf } from "./boxes";
import { useShown } from "./useWork";

export function LabelList({
  work,
  classes,
  timebase,
  words: slice,
  picked,
}: {
  work: Work;
  classes: readonly ClassRule[];
  timebase?: Timebase;
  /** The text under a span. */
  words?: (start: number, end: number) => string;
  picked?: (label: Label) => void;
}) {
  const words = useWords();
  const { t } = words;
  useShown(work);
  const labels = useMemo(() => [...work.labels.values()], [work.labels]);
  const refused = new Map(work.outbox.refused.map(({ refusal }) => [refusal.id, refusal]));
  const at = labels.findIndex(({ id }) => id === work.selected);
  return (
    <VirtualRows
      className="label-list"
      label={t("labelling.labels", { count: labels.length })}
      count={labels.length}
      height={30}
      reveal={at}
      row={(index) => {
        const label = labels[index];
        if (!label) return null;
        return (
          <button
            type="button"
            className="label-row"
            aria-pressed={label.id === work.selected}
            onClick={() => {
              work.select(label.id);
              picked?.(label);
            }}
          >
            <span
              className="swatch"
              style={{ background: colorOf(classes, label.class) }}
              aria-hidden="true"
            />
            <span className="label-row-name">{titleOf(classes, label.class, words)}</span>
            <Marks label={label} refusal={refused.get(label.id)} />
            <span className="quiet figure label-row-place">{placeOf(label, timebase, slice)}</span>
          </button>
        );
      }}
    />
  );
}

function Marks({ label, refusal }: { label: Label; refusal: Refusal | undefined }) {
  const { t } = useWords();
  const code = REFUSALS.find((one) => one === refusal?.code);
  const marks = [];
  if (label.source !== "person") marks.push(t(`labelling.source.${label.source}`));
  if (label.kind === "box" && label.occluded) marks.push(t("labelling.flag.occluded"));
  if (label.kind === "box" && label.truncated) marks.push(t("labelling.flag.truncated"));
  if (label.kind === "box" && label.crowd) marks.push(t("labelling.flag.crowd"));
  return (
    <>
      {marks.map((mark) => (
        <span key={mark} className="mark-word">
          {mark}
        </span>
      ))}
      {refusal ? (
        <span className="mark-word bad">
          {t("labelling.refused", { why: code ? t(`labelling.problem.${code}`) : refusal.code })}
        </span>
      ) : null}
    </>
  );
}

function placeOf(
  label: Label,
  timebase: Timebase | undefined,
  slice: ((start: number, end: number) => string) | undefined,
): string {
  const when = (ticks: number) => (timebase ? clock(seconds(ticks, timebase)) : String(ticks));
  switch (label.kind) {
    case "box": {
      const [x0, y0, x1, y1] = label.rect;
      return `${Math.round(x1 - x0)} × ${Math.round(y1 - y0)}`;
    }
    case "span":
      return slice
        ? slice(label.start, label.end).replaceAll("\n", " ")
        : `${label.start}–${label.end}`;
    case "event":
      return `${when(label.start)}–${when(label.end)}`;
    case "keyframe":
      return when(label.at);
    case "track":
      return `${label.boxes.length} · ${when(label.boxes[0]?.at ?? 0)}`;
    case "class":
      return "";
  }
}
