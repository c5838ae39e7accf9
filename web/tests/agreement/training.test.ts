// What a job told and how a service stood, as the pages draw them.
import { describe, expect, test } from "vitest";

import type { ProgressLine, ServiceFiguresView } from "../../src/api/types.gen";
import { pieces } from "../../src/pages/agreement/service/timeline";
import { curve, stages } from "../../src/pages/agreement/training/curves";
import { confusion, type Evaluation, within } from "../../src/pages/agreement/training/evaluation";

const line = (
  stage: ProgressLine["stage"],
  done: number,
  of: number,
  seconds: number,
  epoch?: ProgressLine["epoch"],
): ProgressLine => ({ stage, done, of, seconds, ...(epoch ? { epoch } : {}) });

const epoch = (loss: number, hits?: number) => ({
  loss,
  validation_loss: hits === undefined ? null : loss * 2,
  validation_hits: hits ?? null,
  validation_images: hits === undefined ? null : 50,
});

describe("stages of a job", () => {
  const lines = [
    line("features", 1, 100, 1),
    line("features", 100, 100, 21),
    line("search", 1, 20, 22),
    line("search", 6, 20, 32),
  ];
  test("what is over is whole, and of the last is told what is left", () => {
    const [features, search] = stages(lines, false);
    expect(features).toMatchObject({ done: 100, of: 100, left: null, over: true });
    // Five folds took ten seconds; fourteen are left.
    expect(search).toMatchObject({ done: 6, of: 20, left: 28, over: false });
  });
  test("nothing is left of a job that ended, and nothing can be told from one line", () => {
    expect(stages(lines, true).at(-1)).toMatchObject({ left: null, over: true });
    expect(stages(lines.slice(0, 1), false)).toMatchObject([{ left: null, over: false }]);
    expect(stages([], false)).toEqual([]);
  });
});

test("the curve is of the measured fit alone, and of its last try", () => {
  const lines = [
    line("fit", 1, 2, 1, epoch(0.9, 10)),
    line("fit", 1, 2, 1, epoch(0.8, 20)),
    line("fit", 2, 2, 2, epoch(0.5, 40)),
    line("refit", 1, 2, 3, epoch(0.4)),
  ];
  expect(curve(lines)).toEqual({
    epochs: [1, 2],
    loss: [0.8, 0.5],
    validationLoss: [1.6, 1],
    accuracy: [40, 80],
  });
});

test("confusion has a row for each class that images have", () => {
  const row = (name: string) => ({ class: name, support: 2, predicted: 2, hits: 1 });
  const of = {
    classes: ["cat", "dog"].map(row),
    confusion: [
      { truth: "cat", given: "dog", count: 3 },
      { truth: "dog", given: "dog", count: 7 },
      { truth: "dog", given: "owl", count: 9 },
    ],
  } as unknown as Evaluation;
  expect(confusion(of)).toEqual({
    rows: [
      [0, 3],
      [0, 7],
    ],
    most: 7,
  });
  expect(within(0.931, [880_000, 962_000])).toBe("93.1 % (88.0–96.2)");
  expect(within(0.931, null)).toBe("93.1 %");
});

test("between what was recorded of a service nothing is known", () => {
  const of = {
    from: "2026-03-01",
    to: "2026-03-02",
    states: [
      { from: "2026-03-01T00:00:00+08:00", to: "2026-03-01T12:00:00+08:00", state: "up", seq: 4 },
      { from: "2026-03-01T12:00:00+08:00", to: "2026-03-01T18:00:00+08:00", state: "up", seq: 5 },
      { from: "2026-03-02T00:00:00+08:00", to: "2026-03-02T06:00:00+08:00", state: "down", seq: 6 },
    ],
  } as unknown as ServiceFiguresView;
  const strip = pieces(of, "Asia/Shanghai").map(({ state, share }) => [state, share]);
  expect(strip).toEqual([
    ["up", 0.375],
    ["none", 0.125],
    ["down", 0.125],
    ["none", 0.375],
  ]);
});
