// The routes of labelling work, and what they answer.
import type * as Sent from "../../api/types.gen";
import { address, at } from "../../http/request";
import type { Frames } from "../../labelling/time";
import type { Guideline } from "../../labelling/types";
import type { ItemDeed, ItemState } from "./types";

/** A state or modality is one of the known; the server names them as texts. */
type Stated<T extends { state: string }> = Omit<T, "state"> & { state: ItemState };

export type ProjectView = Omit<Sent.ProjectView, "counts"> & {
  counts: Partial<Record<ItemState, number>>;
};
export type ItemRow = Stated<Sent.ItemRow>;
export type ItemView = Omit<Stated<Sent.ItemView>, "mode"> & { mode: ItemDeed[] };
export type SavedView = Sent.SaveAnswer;
export type GuidelineView = Omit<Sent.GuidelineView, "guideline"> & { guideline: Guideline };
export type {
  IssueView,
  ProgressView,
  QuestionView,
  ShareView,
  TouchedView,
  WorkerView,
} from "../../api/types.gen";

export interface FramesView {
  timebase: [number, number];
  pts: number[];
  end: number;
}

export function framesOf({ timebase: [numerator, denominator], pts, end }: FramesView): Frames {
  return { timebase: { numerator, denominator }, pts, end };
}

export const projectsPath = (agreement: string) => at`/agreements/${agreement}/projects`;
export const projectPath = (agreement: string, project: string) =>
  at`/agreements/${agreement}/projects/${project}`;
export const itemPath = (agreement: string, project: string, seq: number) =>
  at`/agreements/${agreement}/projects/${project}/items/${seq}`;

/** The small picture of an item; texts have none. */
export function pictureOf(agreement: string, project: Pick<ProjectView, "id" | "modality">) {
  if (project.modality === "text") return undefined;
  return (item: number) => address(`${itemPath(agreement, project.id, item)}/thumbnail`);
}

/** Pages of the console. */
export const projectPage = (agreement: string, project: string) =>
  at`/agreements/${agreement}/projects/${project}`;
export const itemPage = (agreement: string, project: string, seq: number) =>
  at`/agreements/${agreement}/projects/${project}/items/${seq}`;
