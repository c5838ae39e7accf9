import { describe, expect, it } from "vitest";

import { pieces } from "../src/parts/review/marked";

describe("a text with quotes in it", () => {
  const cut = (text: string, quotes: [number, number][]) =>
    pieces(
      Array.from(text),
      quotes.map(([start, end]) => ({ start, end })),
      0,
      Array.from(text).length,
    ).map((piece) => [piece.text, piece.quotes, piece.begins]);

  it("is one piece where nothing is quoted", () => {
    expect(cut("abc", [])).toEqual([["abc", [], []]]);
    expect(cut("abc", [[0, 0]])).toEqual([["abc", [], []]]);
  });

  it("tells every finding of a place where quotes overlap", () => {
    expect(
      cut("abcdef", [
        [0, 4],
        [2, 6],
      ]),
    ).toEqual([
      ["ab", [0], [0]],
      ["cd", [0, 1], [1]],
      ["ef", [1], []],
    ]);
  });

  it("counts characters, not units of a string", () => {
    expect(cut("𠮷条款", [[1, 3]])).toEqual([
      ["𠮷", [], []],
      ["条款", [0], [0]],
    ]);
  });
});
