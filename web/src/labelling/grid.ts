// Finds the rectangle under a point among thousands: a grid of cells over the image. A rectangle
// that covers very many cells is kept in a list of its own.
import type { Rect } from "./types";

const CELLS = 64;
const LARGE = 256;

export interface Placed {
  id: string;
  rect: Rect;
}

export class Grid {
  private readonly cells = new Map<number, Placed[]>();
  private readonly large: Placed[] = [];
  private readonly cell: number;

  constructor(boxes: Iterable<Placed>, width: number, height: number) {
    this.cell = Math.max(1, Math.max(width, height) / CELLS);
    for (const box of boxes) this.add(box);
  }

  private add(box: Placed): void {
    const [x0, y0, x1, y1] = box.rect.map((value) => Math.floor(value / this.cell)) as [
      number,
      number,
      number,
      number,
    ];
    if ((x1 - x0 + 1) * (y1 - y0 + 1) > LARGE) {
      this.large.push(box);
      return;
    }
    for (let y = y0; y <= y1; y += 1) {
      for (let x = x0; x <= x1; x += 1) {
        const key = y * 4096 + x;
        const there = this.cells.get(key);
        if (there) there.push(box);
        else this.cells.set(key, [box]);
      }
    }
  }

  /** Those that hold the point or pass it by at most `slack`, the smallest first. */
  at(x: number, y: number, slack: number): Placed[] {
    const found = new Set<Placed>();
    const cell = (value: number) => Math.floor(value / this.cell);
    for (let cy = cell(y - slack); cy <= cell(y + slack); cy += 1) {
      for (let cx = cell(x - slack); cx <= cell(x + slack); cx += 1) {
        for (const box of this.cells.get(cy * 4096 + cx) ?? []) found.add(box);
      }
    }
    for (const box of this.large) found.add(box);
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
