// Labels as the canvas shows them, and what a person does to a box by keyboard.
import type { Shown } from "../../../labelling/stage/paint";
import type { BoxLabel, ClassRule, Label, Labels, Rect } from "../../../labelling/types";
import { ulid } from "../../../labelling/ulid";
import type { Words } from "../../../words";

const PLAIN = "#8b928e";
const SOUGHT = "#ffb000";

export function colorOf(classes: readonly ClassRule[], id: string): string {
  return classes.find((one) => one.id === id)?.color ?? PLAIN;
}

export function titleOf(classes: readonly ClassRule[], id: string, { pick }: Words): string {
  const found = classes.find((one) => one.id === id);
  return found ? pick(found.name) || id : id;
}

export function newBox(classId: string, rect: Rect): BoxLabel {
  return {
    id: ulid(),
    kind: "box",
    class: classId,
    attributes: {},
    source: "person",
    rect,
    occluded: false,
    truncated: false,
    crowd: false,
  };
}

/** The place that an address asks for and where no label is; nobody can change it. */
export function soughtBox(rect: Rect, title: string): [string, Shown] {
  const id = "sought";
  return [id, { id, rect, color: SOUGHT, title, dashed: true, unsure: false, crowd: false }];
}

/** Shows boxes; what did not change keeps its object, so that thousands cost nothing. */
export function boxShower(classes: readonly ClassRule[], words: Words) {
  const looks = new Map(
    classes.map(({ id, color }) => [id, { color, title: titleOf(classes, id, words) }]),
  );
  const made = new WeakMap<Label, Shown>();
  return (labels: Labels, hidden: ReadonlySet<string>): ReadonlyMap<string, Shown> => {
    const shown = new Map<string, Shown>();
    for (const label of labels.values()) {
      if (label.kind !== "box" || hidden.has(label.class)) continue;
      let one = made.get(label);
      if (!one) {
        const { color, title } = looks.get(label.class) ?? { color: PLAIN, title: label.class };
        const marks = `${label.occluded ? " ◐" : ""}${label.truncated ? " ⊣" : ""}`;
        one = {
          id: label.id,
          rect: label.rect,
          color,
          title: title + marks,
          dashed: label.occluded,
          unsure: label.source === "model",
          crowd: label.crowd,
        };
        made.set(label, one);
      }
      shown.set(label.id, one);
    }
    return shown;
  };
}
