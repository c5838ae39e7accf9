// Finds the rectangle under a point among thousands: a grid of cells over the image, brought up to
// date by what changed. A rectangle that covers very many cells is kept in a list of its own.
import type { Rect } from "./types";

const CELLS = 64;
const LARGE = 256;
/** Apart enough that no column runs into the next row. */
const ROW = 1 << 16;

export interface Placed {
  id: string;
  rect: Rect;
}

export class Grid {
  private readonly cells = new Map<number, Set<Placed>>();
  private readonly large = new Set<Placed>();
  private readonly known = new Map<string, Placed>();
  private readonly cell: number;

  constructor(width: number, height: number) {
    this.cell = Math.max(1, Math.max(width, height) / CELLS);
  }

  /** Takes over what is new, changed or gone; an object that is the same one has not changed. */
  sync(boxes: ReadonlyMap<string, Placed>): void {
    for (const [id, box] of this.known) {
      if (boxes.get(id) !== box) {
        this.remove(box);
        this.known.delete(id);
      }
    }
    for (const [id, box] of boxes) {
      if (this.known.has(id)) continue;
      this.known.set(id, box);
      this.add(box);
    }
  }

  private *keys({ rect }: Placed): Iterable<number> {
    const [x0, y0, x1, y1] = this.span(rect);
    for (let y = y0; y <= y1; y += 1) {
      for (let x = x0; x <= x1; x += 1) yield y * ROW + x;
    }
  }

  private span([x0, y0, x1, y1]: Rect): [number, number, number, number] {
    const of = (value: number) => Math.floor(value / this.cell);
    return [of(x0), of(y0), of(x1), of(y1)];
  }

  private isLarge({ rect }: Placed): boolean {
    const [x0, y0, x1, y1] = this.span(rect);
    return (x1 - x0 + 1) * (y1 - y0 + 1) > LARGE;
  }

  private add(box: Placed): void {
    if (this.isLarge(box)) {
      this.large.add(box);
      return;
    }
    for (const key of this.keys(box)) {
      const there = this.cells.get(key);
      if (there) there.add(box);
      else this.cells.set(key, new Set([box]));
    }
  }

  private remove(box: Placed): void {
    if (this.large.delete(box)) return;
    for (const key of this.keys(box)) this.cells.get(key)?.delete(box);
  }

  /** Those that hold the point or pass it by at most `slack`, the smallest first. */
  at(x: number, y: number, slack: number): Placed[] {
    const found = new Set<Placed>(this.large);
    const cell = (value: number) => Math.floor(value / this.cell);
    for (let cy = cell(y - slack); cy <= cell(y + slack); cy += 1) {
      for (let cx = cell(x - slack); cx <= cell(x + slack); cx += 1) {
        for (const box of this.cells.get(cy * ROW + cx) ?? []) found.add(box);
      }
    }
    return [...found]
      .filter(({ rect }) => holds(rect, x, y, slack))
      .sort((a, b) => area(a.rect) - area(b.rect));
  }
}

function holds([x0, y0, x1, y1]: Rect, x: number, y: number, slack: number): boolean {
  return x >= x0 - slack && x <= x1 + slack && y >= y0 - slack && y <= y1 + slack;
}

function area([x0, y0, x1, y1]: Rect): number {
  return (x1 - x0) * (y1 - y0);
}
