/**
 * The states of a service as a strip over time: what was recorded in its order, and what lies
 * between, of which nothing is known. Places on the screen; availability comes from the server.
 */
import type { ServiceFiguresView } from "../../../api/types.gen";
import { fromWall } from "../../../format/instant";

type Stretch = ServiceFiguresView["states"][number];

export interface Piece {
  from: number;
  state: Stretch["state"] | "none";
  milliseconds: number;
  /** Of the whole strip. */
  share: number;
}

/** A share in percent; `null` of nothing. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : (part / whole) * 100;
}

/** The strip from the first moment of the first day to the last of the last. */
export function pieces(of: ServiceFiguresView, zone: string): Piece[] {
  const begin = Date.parse(fromWall(`${of.from}T00:00`, zone));
  const end = Date.parse(fromWall(`${of.to}T00:00`, zone)) + 86_400_000;
  const found: Piece[] = [];
  const put = (from: number, to: number, state: Piece["state"]) => {
    if (to <= from) return;
    const last = found.at(-1);
    const milliseconds = to - from;
    const share = milliseconds / (end - begin);
    if (last?.state === state) {
      last.milliseconds += milliseconds;
      last.share += share;
    } else found.push({ from, state, milliseconds, share });
  };
  let here = begin;
  const sorted = [...of.states].sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
  for (const { from, to, state } of sorted) {
    const [first, last] = [Math.max(Date.parse(from), here), Math.min(Date.parse(to), end)];
    put(here, Math.min(first, end), "none");
    put(first, last, state);
    here = Math.max(here, last);
  }
  put(here, end, "none");
  return found;
}

/** Every stretch in which it did not answer as agreed, the latest first. */
export function downs(of: ServiceFiguresView): Stretch[] {
  return of.states.filter(({ state }) => state !== "up").reverse();
}
