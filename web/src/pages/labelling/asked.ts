// Where an address points inside an item: a label, or where none is left of it, its place.
import type { Label, Rect } from "../../labelling/types";
import type { Place } from "./types";

export interface Asked {
  label: string | null;
  rect: Rect | null;
  start: number | null;
  end: number | null;
}

/** What `?label=…&rect=…&start=…&end=…` asks for; `null` where it asks for nothing. */
export function askedOf(query: URLSearchParams): Asked | null {
  const number = (name: string) => {
    const text = query.get(name);
    const value = Number(text);
    return text !== null && text.trim() !== "" && Number.isFinite(value) ? value : null;
  };
  const edges = (query.get("rect") ?? "").split(",").map(Number);
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = edges;
  const whole = edges.length === 4 && edges.every(Number.isFinite) && x1 > x0 && y1 > y0;
  const asked: Asked = {
    label: query.get("label") || null,
    rect: whole ? [x0, y0, x1, y1] : null,
    start: number("start"),
    end: number("end"),
  };
  return Object.values(asked).every((one) => one === null) ? null : asked;
}

/** The place to bring into sight. */
export function placeOf({ rect, start, end }: Asked): Place {
  if (rect) return { x: (rect[0] + rect[2]) / 2, y: (rect[1] + rect[3]) / 2 };
  return { start, end };
}

/** What is asked for where the item has no such label: to be marked by its place. */
export function unlabelled(asked: Asked | null, labels: readonly Label[]): Asked | null {
  return asked && labels.some(({ id }) => id === asked.label) ? null : asked;
}
