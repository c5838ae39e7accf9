// Labels of an item: operations, their opposites, undo, and what others did.
import { describe, expect, test } from "vitest";

import {
  apply,
  begin,
  change,
  labelsOf,
  merge,
  redo,
  shortened,
  undo,
} from "../../src/labelling/change";
import type { BoxLabel, Operation } from "../../src/labelling/types";
import { box } from "./box";

describe("undo", () => {
  test("takes back what was put, changed and deleted, and redo brings it again", () => {
    const first = begin(labelsOf([box("a")]));
    const second = change(first, [{ put: box("a", 5) }, { put: box("b") }]);
    const third = change(second, [{ delete: "a" }]);
    const back = undo(third);
    expect(back?.operations).toEqual([{ put: box("a", 5) }]);
    const begun = back && undo(back.history);
    expect([...(begun?.history.labels.values() ?? [])]).toEqual([box("a")]);
    const again = begun && redo(begun.history);
    expect([...(again?.history.labels.keys() ?? [])]).toEqual(["a", "b"]);
    expect(begun && undo(begun.history)).toBeNull();
  });

  test("leaves alone what somebody else did meanwhile", () => {
    const own = change(begin(labelsOf([box("a"), box("b")])), [{ put: box("a", 9) }]);
    const answer = { revision: 2, others: [box("b", 3), box("c")], gone: [], refused: [] };
    const met = { ...own, labels: merge(own.labels, answer, []) };
    const back = undo(met);
    expect([...(back?.history.labels.values() ?? [])]).toEqual([box("a"), box("b", 3), box("c")]);
  });

  test("a new change ends what could be done again", () => {
    const changed = change(begin(labelsOf([])), [{ put: box("a") }]);
    const back = undo(changed);
    expect(back && redo(change(back.history, [{ put: box("b") }]))).toBeNull();
  });
});

describe("merge", () => {
  const answer = (others: BoxLabel[], gone: string[]) => ({
    revision: 7,
    others,
    gone,
    refused: [],
  });
  const rows: [string, BoxLabel[], string[], Operation[], BoxLabel[]][] = [
    ["takes what others put", [box("b", 4)], [], [], [box("a"), box("b", 4)]],
    ["takes what others deleted", [], ["a"], [], []],
    ["keeps an own change that waits", [box("a", 4)], [], [{ put: box("a", 8) }], [box("a", 8)]],
    ["keeps what is put again", [], ["a"], [{ put: box("a", 8) }], [box("a", 8)]],
    ["keeps an own deletion that waits", [box("a", 4)], [], [{ delete: "a" }], []],
  ];
  test.each(rows)("%s", (_name, others, gone, waiting, expected) => {
    const labels = apply(labelsOf([box("a")]), waiting);
    const merged = merge(labels, answer(others, gone), waiting);
    expect([...merged.values()]).toEqual(expected);
  });
});

test("where the base was too old everything stands as the server has it, and own changes on top", () => {
  const answer = { revision: 9, others: [], gone: [], refused: [], whole: [box("c"), box("a", 7)] };
  const waiting: Operation[] = [{ put: box("a", 1) }];
  const merged = merge(labelsOf([box("a"), box("b")]), answer, waiting);
  expect([...merged.values()]).toEqual([box("c"), box("a", 1)]);
});

test("of several operations on one label only the last is sent, in the order of the last words", () => {
  const operations: Operation[] = [
    { put: box("a") },
    { put: box("b") },
    { put: box("a", 2) },
    { delete: "b" },
  ];
  expect(shortened(operations)).toEqual([{ put: box("a", 2) }, { delete: "b" }]);
});
