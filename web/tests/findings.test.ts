import { expect, test } from "vitest";

import type { Reviewed, ReviewFinding } from "../src/http/types";
import { clausesOf, csv, turns, worst } from "../src/parts/review/findings";

const finding = (clause: string, status: string, quote = "", parameters = {}) =>
  ({ clause, status, quote, parameters }) as ReviewFinding;

const review = (...findings: ReviewFinding[]) =>
  ({
    findings,
    summary: Object.fromEntries(findings.map(({ clause, status }) => [clause, status])),
  }) as Reviewed;

test("the worst finding stands for its clause, what is not known is worse still", () => {
  const found = [finding("a", "met"), finding("a", "adverse"), finding("a", "missing")];
  expect(worst(found, "a")).toBe(1);
  expect(worst([...found, finding("a", "of another time")], "a")).toBe(3);
  expect(worst(found, "b")).toBeNull();
});

test("a grid has every clause once", () => {
  const [one, other] = [
    review(finding("a", "met")),
    review(finding("b", "met"), finding("a", "met")),
  ];
  expect(clausesOf([one, other])).toEqual(["a", "b"]);
});

test("a clause becomes better, worse, reworded, or stays", () => {
  const old = review(
    finding("a", "adverse", "x"),
    finding("b", "met", "x"),
    finding("c", "below", "x", { days: 30 }),
    finding("d", "met", "x"),
    finding("gone", "missing"),
  );
  const now = review(
    finding("a", "met", "y"),
    finding("b", "missing"),
    finding("c", "below", "x", { days: 15 }),
    finding("d", "met", "x"),
    finding("come", "adverse", "z"),
  );
  const found = Object.fromEntries(turns(old, now).map((one) => [one.clause, one]));
  expect(Object.values(found).map(({ clause, turn }) => [clause, turn])).toEqual([
    ["a", "better"],
    ["b", "worse"],
    ["c", "reworded"],
    ["d", "same"],
    ["gone", "better"],
    ["come", "worse"],
  ]);
  expect(found["c"]?.values).toEqual([{ name: "days", before: "30", after: "15" }]);
  expect(found["gone"]?.place).toBeNull();
  expect(found["come"]?.place).toBe(4);
});

test("a cell of a table is never a formula, and keeps its commas and quotes", () => {
  expect(csv([["=A1", "a,b", 'a"b', "合同"]])).toBe(`\uFEFF'=A1,"a,b","a""b",合同\r\n`);
});
