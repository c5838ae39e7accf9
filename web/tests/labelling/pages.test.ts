// What the pages of labelling make of texts and figures.
import { describe, expect, test } from "vitest";

import type { EventLabel } from "../../src/labelling/types";
import { inkOn } from "../../src/labelling/stage/paint";
import { blocks } from "../../src/pages/labelling/Markdown";
import { guidelineOf } from "../../src/pages/labelling/project/GuidelineEditor";
import { hours } from "../../src/pages/labelling/project/Workers";
import { lanes } from "../../src/pages/labelling/work/Timeline";

describe("a page of the guideline", () => {
  const rows: [string, string, ReturnType<typeof blocks>][] = [
    ["a heading", "## Cells", [{ kind: "heading", level: 2, text: "Cells" }]],
    [
      "lists, each of its own kind",
      "- a\n- b\n1. c",
      [
        { kind: "list", ordered: false, items: ["a", "b"] },
        { kind: "list", ordered: true, items: ["c"] },
      ],
    ],
    [
      "paragraphs with an empty line between them",
      "one\nstill one\n\ntwo",
      [
        { kind: "paragraph", text: "one\nstill one" },
        { kind: "paragraph", text: "two" },
      ],
    ],
    ["markup, which stays text", "<b>x</b>", [{ kind: "paragraph", text: "<b>x</b>" }]],
    ["nothing", "\n\n", []],
  ];
  test.each(rows)("has %s", (_name, text, expected) => expect(blocks(text)).toEqual(expected));
});

test("events that overlap lie on lanes of their own, and a lane is used again", () => {
  const event = (id: string, start: number, end: number) =>
    ({ id, start, end, kind: "event" }) as EventLabel;
  const found = lanes([event("b", 5, 20), event("a", 0, 10), event("c", 10, 30)]);
  expect(Object.fromEntries(found)).toEqual({ a: 0, b: 1, c: 0 });
});

test("a form with empty fields is a guideline without them", () => {
  const both = { zh: "细胞", en: "Cell" };
  const rule = { id: "cell", name: both, color: "#e4572e", kinds: ["box" as const] };
  const made = guidelineOf({
    title: both,
    pages: [{ id: "p", title: both, text: both, class: "" }],
    classes: [
      { ...rule, shortcut: "", width: null, height: null, value: null, attributes: [] },
      { ...rule, id: "b", shortcut: "Q", width: 4, height: null, value: -1 },
    ],
  });
  expect(made).toEqual({
    title: both,
    pages: [{ id: "p", title: both, text: both }],
    classes: [rule, { ...rule, id: "b", shortcut: "q", min_size: [4, 1], value: -1 }],
  });
});

test("attributes have values where they are a choice, and an example may be a sentence alone", () => {
  const both = { zh: "浅", en: "Pale" };
  const rule = { id: "c", name: both, color: "#e4572e", kinds: ["box" as const] };
  const values = [{ id: "pale", name: both }];
  const made = guidelineOf({
    title: both,
    classes: [
      {
        ...rule,
        attributes: [
          { id: "stain", name: both, kind: "select", values, required: true },
          { id: "size", name: both, kind: "number", values, required: false },
        ],
      },
    ],
    pages: [
      {
        id: "p",
        title: both,
        text: both,
        class: "c",
        examples: [
          { item: 12, good: true, note: both },
          { item: null, good: false, note: { zh: "裁切", en: "" } },
        ],
      },
    ],
  });
  expect(made.classes[0]?.attributes).toEqual([
    { id: "stain", name: both, kind: "select", values, required: true },
    { id: "size", name: both, kind: "number" },
  ]);
  expect(made.pages?.[0]).toMatchObject({
    class: "c",
    examples: [
      { item: 12, good: true, note: both },
      { good: false, note: { zh: "裁切", en: "" } },
    ],
  });
});

test("hours are written with minutes", () => {
  expect([0, 3599, 3600 * 27 + 61].map(hours)).toEqual(["0:00", "0:59", "27:01"]);
});

test("a name is read on every colour of a class", () => {
  const inks = ["#ffffff", "#000000", "#f2c14e", "#1d6b3a"].map(inkOn);
  expect(inks).toEqual(["#000000", "#ffffff", "#000000", "#ffffff"]);
});
