// What the pages of a project make of figures, people and choices.
import { describe, expect, test } from "vitest";

import type { CountsView, MistakeView, ProjectSettings } from "../../src/api/types.gen";
import { Problem } from "../../src/http/problem";
import { isShown } from "../../src/pages/agreement";
import type { ProjectView } from "../../src/pages/labelling/api";
import { between, onEach } from "../../src/pages/labelling/project/deeds";
import { bars, matrix, where } from "../../src/pages/labelling/project/figures";
import { hands } from "../../src/pages/labelling/project/people";
import { change, deadlineAt, deadlineDay } from "../../src/pages/labelling/project/settingsForm";

test("labelling is a tab of annotation agreements alone, and of those who may read work", () => {
  const rows: [string, boolean, boolean][] = [
    ["annotation", true, true],
    ["annotation", false, false],
    ["lease", true, false],
    ["training", true, false],
  ];
  for (const [kind, reads, shown] of rows) {
    expect(isShown("projects", kind, () => reads)).toBe(shown);
  }
  expect(isShown("overview", "lease", () => false)).toBe(true);
});

describe("figures", () => {
  const share = (hits: number, total: number, lower?: number, upper?: number) => ({
    hits,
    total,
    ...(total > 0 ? { decimal: (hits / total).toFixed(6) } : {}),
    ...(lower === undefined ? {} : { lower, upper }),
  });

  test("a class has a bar with the ends of its interval, and none where nothing was judged", () => {
    const counts = (f1: ReturnType<typeof share>) => ({ f1 }) as CountsView;
    const classes = { RBC: counts(share(9, 10, 596_000, 982_000)), WBC: counts(share(0, 0)) };
    expect(bars(classes, "f1", (id) => id.toLowerCase())).toEqual([
      { name: "rbc", value: 90, lower: 59.6, upper: 98.2 },
    ]);
  });

  test("a matrix adds what several pages said, and nothing is its last class", () => {
    const pair = (one: string | null, found: string | null, count: number) => ({
      class: one,
      found,
      count,
    });
    expect(
      matrix([pair("b", "b", 4), pair("a", "b", 1), pair("a", "b", 2), pair("a", null, 1)]),
    ).toEqual({
      classes: ["a", "b", null],
      rows: [
        [0, 3, 1],
        [0, 4, 0],
        [0, 0, 0],
      ],
      most: 4,
    });
    expect(matrix([])).toEqual({ classes: [], rows: [], most: 0 });
  });

  test.each<[string, Partial<MistakeView>, string]>([
    ["a box in pixels", { rect: [10.4, 20, 70.4, 50] }, "10, 20 · 60 × 30"],
    ["a passage", { start: 3, end: 9 }, "3–9"],
    ["a moment", { start: 90_000 }, "90000"],
    ["a class of the whole", {}, "–"],
  ])("the place of %s", (_name, at, said) => expect(where(at as MistakeView)).toBe(said));
});

describe("many items", () => {
  test("each is tried, and what was refused is told in order with its reason", async () => {
    const outcome = await onEach([5, 1, 2], (item) =>
      item === 1
        ? Promise.resolve(null)
        : Promise.reject(new Problem({ code: "not_now", status: 409, detail: `no ${item}` })),
    );
    expect(outcome.done).toEqual([1]);
    expect(outcome.refused.map(({ item }) => item)).toEqual([2, 5]);
  });

  test("a range reaches from the last one chosen to this one, either way round", () => {
    expect(between([1, 2, 4, 7], 7, 2)).toEqual([2, 4, 7]);
    expect(between([1, 2, 4, 7], 1, 2)).toEqual([1, 2]);
    expect(between([1, 2], null, 2)).toEqual([2]);
    expect(between([1, 2], 9, 2)).toEqual([2]);
  });

  test("annotators of the organisation can be given items, and who worked here and is still in it", () => {
    const member = (id: string, role: "annotator" | "operator") => ({
      id,
      name: id.toUpperCase(),
      roles: [role],
    });
    expect(
      hands(
        [member("b", "annotator"), member("a", "annotator"), member("o", "operator")],
        [
          { person: "b", name: "B" },
          { person: "o", name: "O" },
          { person: "gone", name: "Gone" },
        ],
      ),
    ).toEqual([
      { id: "a", name: "A" },
      { id: "b", name: "B" },
      { id: "o", name: "O" },
    ]);
  });
});

describe("settings", () => {
  const settings = { replicas: 1, gold_percent: 5 } as ProjectSettings;
  const project = { name: "Cells", settings, deadline: deadlineAt("2026-12-20") } as ProjectView;

  test("a deadline is the end of a day of Shanghai", () => {
    expect(deadlineAt("2026-12-20")).toBe("2026-12-20T16:00:00Z");
    expect(deadlineDay("2026-12-20T16:00:00Z")).toBe("2026-12-20");
    expect(deadlineDay("2026-12-20T16:00:01Z")).toBe("2026-12-21");
    expect(deadlineDay(null)).toBe("");
  });

  test("what was left empty is cleared, and a day as it was is not sent", () => {
    const form = { ...settings, gold_percent: 10, name: " Cells 2 ", quantity: null };
    expect(change({ ...form, deadline: "2026-12-20" }, project)).toEqual({
      name: "Cells 2",
      settings: { replicas: 1, gold_percent: 10 },
      quantity: null,
    });
    expect(change({ ...form, deadline: "" }, project)).toMatchObject({ deadline: null });
    expect(change({ ...form, quantity: 9, deadline: "2026-12-21" }, project)).toMatchObject({
      quantity: 9,
      deadline: "2026-12-21T16:00:00Z",
    });
  });
});
