// How far a delivery is, step by step, and which drawn items failed.
import type { DrawnView, InspectionView } from "../../../api/types.gen";

export interface Step {
  name: "handed" | "seeds" | "sample" | "result" | "decision";
  state: "done" | "now" | "open";
}

const NAMES = ["handed", "seeds", "sample", "result", "decision"] as const;

/** The steps of a round; the first that is not done is the one that is on. */
export function steps(view: InspectionView): Step[] {
  const decided = Boolean(view.accepted_at ?? view.rejected_at);
  const sample = view.sample;
  const done: Record<Step["name"], boolean> = {
    handed: view.round > 0,
    seeds: view.round > 0 && view.revealed.length === 2,
    sample: sample !== null && sample !== undefined && sample.decided === sample.drawn.length,
    result: Boolean(view.result),
    decision: decided,
  };
  let now = !decided;
  return NAMES.map((name) => {
    if (done[name]) return { name, state: "done" };
    const state = now ? "now" : "open";
    now = false;
    return { name, state };
  });
}

export function failing({ sample }: InspectionView): DrawnView[] {
  return sample?.drawn.filter(({ failed }) => failed === true) ?? [];
}
