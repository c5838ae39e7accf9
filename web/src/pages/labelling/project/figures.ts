// What the pages of a project make of figures: shares with their interval, a matrix of classes.
import type { CountsView, MistakeView, ShareView, TakenFor } from "../../../api/types.gen";
import type { Words } from "../../../words";

const percent = (value: number) => (value * 100).toFixed(1);

/** 93.1% (88.0–96.2), with its Wilson interval; a dash where nothing was judged. */
export function share(of: ShareView | undefined | null, { t }: Words): string {
  if (!of?.decimal) return "–";
  const { lower, upper } = of;
  if (typeof lower !== "number" || typeof upper !== "number") {
    return `${percent(Number(of.decimal))}%`;
  }
  return t("labelling.share", {
    share: percent(Number(of.decimal)),
    lower: percent(lower / 1_000_000),
    upper: percent(upper / 1_000_000),
  });
}

export const MEASURES = ["precision", "recall", "f1", "accuracy"] as const;
export type Measure = (typeof MEASURES)[number];

/** A bar with the ends of its interval, in percent. */
export interface Bar {
  name: string;
  value: number;
  lower: number | null;
  upper: number | null;
}

/** One bar for each class of which anything was judged. */
export function bars(
  classes: Readonly<Record<string, CountsView>>,
  measure: Measure,
  nameOf: (id: string) => string,
): Bar[] {
  return Object.entries(classes).flatMap(([id, counts]) => {
    const { decimal, lower, upper } = counts[measure];
    if (!decimal) return [];
    const end = (value: number | null | undefined) =>
      typeof value === "number" ? value / 10_000 : null;
    return [
      { name: nameOf(id), value: Number(decimal) * 100, lower: end(lower), upper: end(upper) },
    ];
  });
}

/** Which class was taken for which: a row for each class of the reference. */
export interface Matrix {
  /** `null` stands for nothing: missed, or not there in the reference. */
  classes: (string | null)[];
  rows: number[][];
  most: number;
}

export function matrix(pairs: readonly TakenFor[]): Matrix {
  const known = new Set<string>();
  for (const { class: one, found } of pairs) {
    if (one) known.add(one);
    if (found) known.add(found);
  }
  const classes: (string | null)[] = [...known].sort();
  if (pairs.some((pair) => !pair.class || !pair.found)) classes.push(null);
  const rows = classes.map(() => classes.map(() => 0));
  const place = (name: string | null | undefined) => classes.indexOf(name ?? null);
  let most = 0;
  for (const { class: one, found, count } of pairs) {
    const row = rows[place(one)];
    const at = place(found);
    if (!row) continue;
    row[at] = (row[at] ?? 0) + count;
    most = Math.max(most, row[at] ?? 0);
  }
  return { classes, rows, most };
}

/** Where a mistake lies, in pixels, code points or ticks. */
export function where({ rect, start, end }: MistakeView): string {
  if (Array.isArray(rect) && rect.length === 4) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = rect.map(Math.round);
    return `${x0}, ${y0} · ${x1 - x0} × ${y1 - y0}`;
  }
  if (typeof start !== "number") return "–";
  return typeof end === "number" ? `${start}–${end}` : String(start);
}
