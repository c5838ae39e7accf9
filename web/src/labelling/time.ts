// Time in a video: ticks of its timebase, and the frames as the server listed them. A frame's number
// is its place in that list, never seconds times a rate.

export interface Timebase {
  /** A tick is `numerator / denominator` seconds. */
  numerator: number;
  denominator: number;
}

export interface Frames {
  timebase: Timebase;
  /** Presentation timestamps in ticks, rising. */
  pts: readonly number[];
  /** Behind the last frame, where it is known. */
  end?: number;
}

export function seconds(ticks: number, { numerator, denominator }: Timebase): number {
  return (ticks * numerator) / denominator;
}

/** The ticks nearest to so many seconds. */
export function ticks(time: number, { numerator, denominator }: Timebase): number {
  return Math.round((time * denominator) / numerator);
}

/** The number of the frame that is shown at `at` (ticks): the last that has begun. */
export function frameAt({ pts }: Frames, at: number): number {
  let [low, high] = [0, pts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** Where the last frame ends: as told, else it is as long as the one before it. */
export function endOf({ pts, end }: Frames): number {
  if (end !== undefined) return end;
  const last = pts.at(-1) ?? 0;
  const before = pts.at(-2);
  return before === undefined ? last + 1 : last + (last - before);
}

/** `1:02.345`, with hours where there are some. */
export function clock(time: number): string {
  const milli = Math.round(Math.max(0, time) * 1000);
  const [hours, minutes] = [Math.floor(milli / 3_600_000), Math.floor(milli / 60_000) % 60];
  const rest = ((milli % 60_000) / 1000).toFixed(3).padStart(6, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** Steps of a ruler: the smallest round one that is at least `least` seconds long. */
export function step(least: number): number {
  const round = [0.04, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
  return round.find((one) => one >= least) ?? 3600;
}
