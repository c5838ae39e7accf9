// Where a training is read, and where its pages are.
import { at } from "../../../http/request";

export const roundsPath = (id: string) => at`/agreements/${id}/rounds`;
export const roundPath = (id: string, round: number) => at`/agreements/${id}/rounds/${round}`;
export const jobsPath = (id: string) => at`/agreements/${id}/jobs`;
export const jobPath = (id: string, job: string) => at`/agreements/${id}/jobs/${job}`;
export const datasetsPath = (id: string) => at`/agreements/${id}/datasets`;
export const datasetPath = (id: string, set: string) => at`/agreements/${id}/datasets/${set}`;

export const trainingPage = (id: string) => at`/agreements/${id}/training`;
export const roundPage = (id: string, round: number) =>
  at`/agreements/${id}/training/rounds/${round}`;
export const datasetPage = (id: string, set: string) =>
  at`/agreements/${id}/training/datasets/${set}`;
