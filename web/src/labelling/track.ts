// Boxes of a track between its key boxes, by the rule of the server (crates/annotation/src/track.rs):
// straight from one stated box to the next in millionths of a pixel, halves to the even one; nothing
// before the first and behind the last stated box; where the object has left at the next stated one
// it stays where it was until then. Serves anno-3.1.3.
import type { KeyBox, Rect, TrackLabel } from "./types";

const MILLION = 1_000_000;

/** `value / by`, halves to even; `by` is above zero. */
export function divided(value: bigint, by: bigint): bigint {
  let whole = value / by;
  let rest = value % by;
  if (rest < 0n) {
    rest += by;
    whole -= 1n;
  }
  const up = rest * 2n > by || (rest * 2n === by && whole % 2n !== 0n);
  return up ? whole + 1n : whole;
}

export interface Seen {
  rect: Rect;
  occluded: boolean;
  /** Whether a person stated it here. */
  stated: boolean;
}

/** Where the object is seen at `at` (ticks); `null` where it is not in the picture. */
export function seenAt(boxes: readonly KeyBox[], at: number): Seen | null {
  const last = boxes.at(-1);
  if (!last || at > last.at) return null;
  const behind = boxes.findIndex((box) => box.at >= at);
  const to = boxes[behind];
  if (!to) return null;
  if (to.at === at)
    return to.outside ? null : { rect: to.rect, occluded: to.occluded, stated: true };
  const from = boxes[behind - 1];
  if (!from || from.outside) return null;
  return { rect: between(from, to, at), occluded: from.occluded, stated: false };
}

function between(from: KeyBox, to: KeyBox, at: number): Rect {
  if (to.outside) return from.rect;
  const whole = BigInt(to.at - from.at);
  const done = BigInt(at - from.at);
  const line = (a: number, b: number) => {
    const [start, end] = [BigInt(Math.round(a * MILLION)), BigInt(Math.round(b * MILLION))];
    return Number(divided(start * (whole - done) + end * done, whole)) / MILLION;
  };
  const [a, b] = [from.rect, to.rect];
  return [line(a[0], b[0]), line(a[1], b[1]), line(a[2], b[2]), line(a[3], b[3])];
}

/** The track with a box stated at `box.at`, in the order of time. */
export function stated(track: TrackLabel, box: KeyBox): TrackLabel {
  const boxes = [...track.boxes.filter(({ at }) => at !== box.at), box];
  return { ...track, boxes: boxes.sort((a, b) => a.at - b.at) };
}

/** The track without what is stated at `at`; `null` when nothing is left. */
export function unstated(track: TrackLabel, at: number): TrackLabel | null {
  const boxes = track.boxes.filter((box) => box.at !== at);
  return boxes.length === 0 ? null : { ...track, boxes };
}
