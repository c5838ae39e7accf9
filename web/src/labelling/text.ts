// Places in a text as Unicode code points, as the server counts them, and as UTF-16 units, as the
// browser counts them; words to snap to; and the text cut where spans begin and end.
import type { SpanLabel } from "./types";

export class Text {
  readonly text: string;
  /** Of each code point its first UTF-16 unit, and the length at the end. */
  private readonly units: Uint32Array;

  constructor(text: string) {
    this.text = text;
    const units = new Uint32Array(text.length + 1);
    let count = 0;
    for (let unit = 0; unit < text.length; count += 1) {
      units[count] = unit;
      unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
    }
    units[count] = text.length;
    this.units = units.slice(0, count + 1);
  }

  /** In code points. */
  get length(): number {
    return this.units.length - 1;
  }

  unitOf(point: number): number {
    return this.units[Math.min(Math.max(0, point), this.length)] ?? this.text.length;
  }

  /** The code point that holds a UTF-16 unit. */
  pointOf(unit: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.units[middle] ?? 0) <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  slice(start: number, end: number): string {
    return this.text.slice(this.unitOf(start), this.unitOf(end));
  }

  /**
   * From what was dragged over to whole graphemes without space at either end, so that no emoji is
   * cut and nobody has to aim at the gap between two words. `null` where nothing but space is left.
   */
  trimmed(start: number, end: number): [number, number] | null {
    const from = this.unitOf(Math.min(start, end));
    const to = this.unitOf(Math.max(start, end));
    let [first, last] = [Infinity, -1];
    for (const { segment, index } of this.graphemesAbout(from, to)) {
      const ends = index + segment.length;
      if (ends <= from || index >= to || segment.trim() === "") continue;
      first = Math.min(first, index);
      last = Math.max(last, ends);
    }
    return last < 0 ? null : [this.pointOf(first), this.pointOf(last)];
  }

  /** The word at a place, for a double click; in Chinese by the browser's own dictionary. */
  wordAt(point: number): [number, number] | null {
    const unit = this.unitOf(point);
    const from = this.lineStart(unit);
    const line = this.text.slice(from, this.lineEnd(unit));
    const segments = new Intl.Segmenter(undefined, { granularity: "word" }).segment(line);
    const found = segments.containing(Math.min(unit - from, Math.max(0, line.length - 1)));
    if (!found?.isWordLike) return null;
    const start = from + found.index;
    return [this.pointOf(start), this.pointOf(start + found.segment.length)];
  }

  private *graphemesAbout(from: number, to: number): Iterable<{ segment: string; index: number }> {
    const start = this.lineStart(from);
    const text = this.text.slice(start, this.lineEnd(to));
    for (const { segment, index } of new Intl.Segmenter().segment(text)) {
      yield { segment, index: start + index };
    }
  }

  private lineStart(unit: number): number {
    return this.text.lastIndexOf("\n", unit - 1) + 1;
  }

  private lineEnd(unit: number): number {
    const end = this.text.indexOf("\n", unit);
    return end < 0 ? this.text.length : end;
  }
}

/** A piece of text under the same spans. */
export interface Piece {
  start: number;
  end: number;
  /** Those that cover it, the shortest last. */
  spans: string[];
}

export interface Line {
  /** Where the line begins, in code points. */
  start: number;
  pieces: Piece[];
  /** The same as long as the line is cut in the same way. */
  key: string;
}

/** What covers a passage. */
export type Cover = Pick<SpanLabel, "id" | "start" | "end">;

/** The lines of the text, each cut where a span begins or ends. */
export function lines(text: Text, spans: readonly Cover[]): Line[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  const result: Line[] = [];
  let unit = 0;
  let next = 0;
  let open: Cover[] = [];
  for (const content of text.text.split("\n")) {
    const start = text.pointOf(unit);
    const end = text.pointOf(unit + content.length);
    for (let span = sorted[next]; span && span.start < end; span = sorted[next]) {
      open.push(span);
      next += 1;
    }
    open = open.filter((span) => span.end > start);
    const cut = pieces(start, end, open);
    const key = cut.map((piece) => `${piece.end} ${piece.spans.join(" ")}`).join(";");
    result.push({ start, pieces: cut, key: `${start};${key}` });
    unit += content.length + 1;
  }
  return result;
}

function pieces(start: number, end: number, spans: readonly Cover[]): Piece[] {
  const cuts = new Set([start, end]);
  for (const span of spans) {
    if (span.start > start && span.start < end) cuts.add(span.start);
    if (span.end > start && span.end < end) cuts.add(span.end);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, at) => {
    const to = sorted[at + 1] ?? end;
    const over = spans
      .filter((span) => span.start <= from && span.end >= to)
      .sort((a, b) => b.end - b.start - (a.end - a.start));
    return { start: from, end: to, spans: over.map(({ id }) => id) };
  });
}
