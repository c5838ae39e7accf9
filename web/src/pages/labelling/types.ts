// What the pages for labelling ask of an item, whichever way it came.
import type { ClassRule, Label } from "../../labelling/types";

export type ItemState =
  "waiting" | "annotating" | "submitted" | "reviewing" | "accepted" | "returned" | "skipped";

export type Modality = "image" | "text" | "video";

/** What the caller may do to the item; the server decides. */
export type ItemDeed =
  | "view"
  | "label"
  | "submit"
  | "review"
  | "return"
  | "accept"
  | "skip"
  | "reopen"
  | "assign"
  | "inspect"
  | "ask";

/** In pixels of the image, or code points or ticks from `start` to `end`. */
export interface Place {
  x?: number | null;
  y?: number | null;
  start?: number | null;
  end?: number | null;
  label?: string | null;
}

export interface Issue {
  number: number;
  text: string;
  at: string;
  open: boolean;
  place: Place | null;
}

export interface ItemHere {
  seq: number;
  name: string;
  modality: Modality;
  state: ItemState;
  revision: number;
  width: number;
  height: number;
  may: readonly ItemDeed[];
  labels: Label[];
  issues: Issue[];
  classes: ClassRule[];
}
