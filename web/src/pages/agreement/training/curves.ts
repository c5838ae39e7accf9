/**
 * What a job told, line by line, as its page shows it: stages with what is left, and the curves of
 * its fits. Makes no figure of its own but shares and seconds that are left.
 */
import type { ProgressLine } from "../../../api/types.gen";

export type Stage = ProgressLine["stage"];
export const STAGES: Stage[] = ["features", "search", "fit", "refit", "writing"];

export interface StageState {
  stage: Stage;
  done: number;
  of: number;
  /** Seconds that are left of this stage; `null` where that cannot be told yet. */
  left: number | null;
  over: boolean;
}

/** The stages that were begun, in their order. `ended`: nothing more will come. */
export function stages(lines: readonly ProgressLine[], ended: boolean): StageState[] {
  const begun = STAGES.filter((stage) => lines.some((line) => line.stage === stage));
  return begun.map((stage, place) => {
    const own = lines.filter((line) => line.stage === stage);
    const [first, last] = [own[0], own.at(-1)];
    const over = ended || place < begun.length - 1;
    const { done = 0, of = 0 } = last ?? {};
    const [steps, seconds] =
      first && last ? [last.done - first.done, last.seconds - first.seconds] : [0, 0];
    const left = over || steps <= 0 ? null : (seconds * (of - done)) / steps;
    return { stage, done: over ? Math.max(done, of) : done, of, left, over };
  });
}

export interface Curve {
  epochs: number[];
  loss: number[];
  validationLoss: (number | null)[];
  /** Shares of the validation part in percent. */
  accuracy: (number | null)[];
}

/** The curve of the fit that is measured; of the last one where it was tried again. */
export function curve(lines: readonly ProgressLine[]): Curve {
  const found: Curve = { epochs: [], loss: [], validationLoss: [], accuracy: [] };
  for (const { stage, done, epoch } of lines) {
    if (stage !== "fit" || !epoch) continue;
    if (done <= (found.epochs.at(-1) ?? 0)) {
      for (const list of Object.values(found) as unknown[][]) list.length = 0;
    }
    const { validation_hits: hits, validation_images: images } = epoch;
    found.epochs.push(done);
    found.loss.push(epoch.loss);
    found.validationLoss.push(epoch.validation_loss ?? null);
    found.accuracy.push(
      typeof hits === "number" && typeof images === "number" && images > 0
        ? (hits / images) * 100
        : null,
    );
  }
  return found;
}
