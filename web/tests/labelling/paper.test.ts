// Places of a text on the page and back, in code points.
import { afterEach, expect, test } from "vitest";

import { chosen, moveOf, placeAt, pointAt } from "../../src/labelling/paper";
import { lines, Text } from "../../src/labelling/text";

const CONTENT = "店名𠮷野家😀\n\nA👨‍👩‍👧B";

function shown(content: string): [HTMLElement, Text] {
  const text = new Text(content);
  const spans = [{ id: "one", start: 2, end: 4 }];
  const paper = document.createElement("div");
  for (const line of lines(text, spans)) {
    const p = document.createElement("p");
    p.setAttribute("data-start", String(line.start));
    for (const piece of line.pieces) {
      const span = document.createElement(piece.spans.length > 0 ? "mark" : "span");
      span.textContent = text.slice(piece.start, piece.end);
      p.append(span);
    }
    paper.append(p);
  }
  document.body.append(paper);
  return [paper, text];
}

afterEach(() => document.body.replaceChildren());

test("every code point is found on the page and read back", () => {
  const [paper, text] = shown(CONTENT);
  for (let point = 0; point <= text.length; point += 1) {
    const place = placeAt(paper, text, point);
    expect(place && pointAt(paper, text, place.node, place.offset)).toBe(point);
  }
});

test("what is dragged over is told in code points, also beyond the text", () => {
  const [paper, text] = shown(CONTENT);
  const after = document.body.appendChild(document.createElement("footer"));
  const from = placeAt(paper, text, 2);
  const selection = window.getSelection();
  if (!from || !selection) throw new Error("no place");
  selection.setBaseAndExtent(from.node, from.offset, after, 0);
  expect(chosen(paper, text)).toEqual([2, text.length]);
  selection.removeAllRanges();
  expect(chosen(paper, text)).toBeNull();
});

test("keys move the caret as in a field of text", () => {
  const pressed = (key: string, more = {}) =>
    moveOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
  const rows = [
    [pressed("ArrowLeft"), { extend: false, direction: "backward", step: "character" }],
    [
      pressed("End", { shiftKey: true }),
      { extend: true, direction: "forward", step: "lineboundary" },
    ],
    [
      pressed("ArrowRight", { ctrlKey: true }),
      { extend: false, direction: "forward", step: "word" },
    ],
    [
      pressed("Home", { ctrlKey: true }),
      { extend: false, direction: "backward", step: "documentboundary" },
    ],
    [pressed("a"), null],
  ];
  for (const [have, want] of rows) expect(have).toEqual(want);
});
