// How far a delivery of a project is.
import { expect, test } from "vitest";

import type { InspectionView } from "../../src/api/types.gen";
import { failing, steps } from "../../src/pages/labelling/project/delivered";

const planned: InspectionView = {
  delivery: "d-1",
  round: 0,
  state: "planned",
  items: 0,
  committed: [],
  revealed: [],
  deemed: true,
  clause: "anno-4.1.1",
};
const drawn = (decided: number, failed?: boolean) => ({
  lot: 10,
  wanted: 2,
  decided,
  drawn: [1, 2].map((seq) => ({
    seq,
    name: `${seq}.jpg`,
    decided: seq <= decided,
    ...(failed === undefined ? {} : { failed: failed && seq === 2 }),
  })),
});
const result = { verdict: "met", standards: [], sha256: "00" };

test.each<[string, Partial<InspectionView>, string]>([
  ["nothing is handed over", {}, "now open open open open"],
  ["seeds are wanted", { round: 1, revealed: ["vendor"] }, "done now open open open"],
  [
    "one drawn item is open",
    { round: 1, revealed: ["customer", "vendor"], sample: drawn(1) },
    "done done now open open",
  ],
  [
    "the customer decides",
    { round: 1, revealed: ["customer", "vendor"], sample: drawn(2), result },
    "done done done done now",
  ],
  [
    "it is accepted by silence, with nothing inspected",
    { round: 1, revealed: [], accepted_at: "2026-12-01T16:00:00Z" },
    "done open open open done",
  ],
])("steps while %s", (_name, more, said) => {
  const found = steps({ ...planned, ...more });
  expect(found.map(({ state }) => state).join(" ")).toBe(said);
});

test("what failed in the sample is what rework begins with", () => {
  expect(failing({ ...planned, sample: drawn(2, true) }).map(({ seq }) => seq)).toEqual([2]);
  expect(failing({ ...planned, sample: drawn(1) })).toEqual([]);
  expect(failing(planned)).toEqual([]);
});
