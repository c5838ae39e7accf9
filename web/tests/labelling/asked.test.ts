// Where an address points inside an item.
import { expect, test } from "vitest";

import type { Label } from "../../src/labelling/types";
import { type Asked, askedOf, placeOf, unlabelled } from "../../src/pages/labelling/asked";

const NONE: Asked = { label: null, rect: null, start: null, end: null };

test.each<[string, Asked | null]>([
  ["", null],
  ["other=1", null],
  ["label=A", { ...NONE, label: "A" }],
  ["label=A&rect=1.5,2,30,40", { ...NONE, label: "A", rect: [1.5, 2, 30, 40] }],
  ["rect=1,2,3", null],
  ["rect=30,2,1,40", null],
  ["rect=1,2,x,40", null],
  ["start=0&end=9", { ...NONE, start: 0, end: 9 }],
  ["start=&end=x", null],
])("?%s", (query, asked) => expect(askedOf(new URLSearchParams(query))).toEqual(asked));

test("a box is looked at in its middle, a passage at its begin", () => {
  expect(placeOf({ ...NONE, rect: [0, 10, 30, 20] })).toEqual({ x: 15, y: 15 });
  expect(placeOf({ ...NONE, start: 3, end: 9 })).toEqual({ start: 3, end: 9 });
});

test("a label that is there is selected, and another is marked by its place", () => {
  const labels = [{ id: "A" }] as Label[];
  const asked = { ...NONE, label: "A" };
  expect(unlabelled(asked, labels)).toBeNull();
  expect(unlabelled(asked, [])).toBe(asked);
  expect(unlabelled(null, labels)).toBeNull();
});
