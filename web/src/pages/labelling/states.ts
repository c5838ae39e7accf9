// The states of an item, in the order and with the tone in which they are shown.
import type { Tone } from "../../parts/StatusTag";
import type { ItemState } from "./types";

/** Done first, so that the bar fills from the left. */
export const STATES: ItemState[] = [
  "accepted",
  "reviewing",
  "submitted",
  "returned",
  "annotating",
  "waiting",
  "skipped",
];

export const STATE_TONE: Record<ItemState, Tone> = {
  waiting: "plain",
  skipped: "plain",
  accepted: "good",
  returned: "warn",
  submitted: "info",
  reviewing: "info",
  annotating: "info",
};
