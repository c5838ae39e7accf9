// The routes of labelling work, and what they answer.
import { at } from "../../http/request";
import type { Frames } from "../../labelling/time";
import type { Guideline, Refusal } from "../../labelling/types";
import type { ItemDeed, ItemState, Modality, Place } from "./types";

export interface ProjectView {
  id: string;
  name: string;
  modality: Modality;
  side: "customer" | "vendor";
  guideline: number;
  settings?: Settings | null;
  counts: Partial<Record<ItemState, number>>;
  items: number;
  work_item?: string | null;
  quantity?: number | null;
  deadline?: string | null;
  created: string;
  parts: string[];
}

export interface Settings {
  replicas: number;
  gold_percent: number;
  hold_minutes: number;
  review_percent: number;
  iou_percent: number;
  [more: string]: unknown;
}

export interface ItemView {
  seq: number;
  name: string;
  media_type: string;
  width?: number | null;
  height?: number | null;
  chars?: number | null;
  timebase?: [number, number] | null;
  state: ItemState;
  mode: ItemDeed[];
  guideline: number;
  revision: number;
  labels: Parameters<typeof import("../../labelling/read").readLabel>[0][];
  open_issues: number;
  skipped?: string | null;
}

export interface ItemRow {
  seq: number;
  name: string;
  state: ItemState;
  holder?: string | null;
  author?: string | null;
  labels: number;
  open_issues: number;
  priority: number;
  flags: string[];
  changed: string;
}

export interface SavedView {
  revision: number;
  others: ItemView["labels"];
  gone: string[];
  refused: Refusal[];
  /** The base was too old to say what others did. */
  reload?: boolean;
}

export interface IssueView {
  n: number;
  text: string;
  at: string;
  resolved?: string | null;
  place?: Place | null;
}

export interface QuestionView {
  n: number;
  text: string;
  item?: number | null;
  name: string;
  at: string;
  answer?: string | null;
  answered_by?: string | null;
  answered_at?: string | null;
  guideline?: number | null;
}

export interface GuidelineView {
  version: number;
  at: string;
  by: string;
  guideline: Guideline;
  questions: QuestionView[];
}

export interface ProgressView {
  remaining: number;
  labelled_lately: number;
  done_at?: string | null;
  late?: boolean | null;
  needed_per_day?: number | null;
  pace_per_day?: number | null;
}

/** A share with its interval at 95 %, in millionths. */
export interface ShareView {
  hits: number;
  total: number;
  decimal?: string | null;
  lower?: number | null;
  upper?: number | null;
}

interface Judged {
  total: { accuracy: ShareView };
}

export interface WorkerView {
  person: string;
  name: string;
  work: {
    label_seconds: number;
    review_seconds: number;
    submitted: number;
    accepted: number;
    returned: number;
    reviewed: number;
  };
  items_per_hour?: number | null;
  labels_per_hour?: number | null;
  gold?: Judged | null;
  review?: Judged | null;
}

export interface TouchedView {
  version: number;
  changes: Record<string, string>;
  touched: { count: number; items: number[] };
}

export interface FramesView {
  timebase: [number, number];
  pts: number[];
}

export function framesOf({ timebase: [numerator, denominator], pts }: FramesView): Frames {
  return { timebase: { numerator, denominator }, pts };
}

export const projectsPath = (agreement: string) => at`/agreements/${agreement}/projects`;
export const projectPath = (agreement: string, project: string) =>
  at`/agreements/${agreement}/projects/${project}`;
export const itemPath = (agreement: string, project: string, seq: number) =>
  at`/agreements/${agreement}/projects/${project}/items/${seq}`;

/** Pages of the console. */
export const projectPage = (agreement: string, project: string) =>
  at`/agreements/${agreement}/projects/${project}`;
export const itemPage = (agreement: string, project: string, seq: number) =>
  at`/agreements/${agreement}/projects/${project}/items/${seq}`;
