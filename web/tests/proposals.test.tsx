// What a language model proposes is shown apart and marked as undecided, in both languages; without
// a model there is nothing to see.
import { act } from "react";
import { createRoot } from "react-dom/client";
import { beforeAll, expect, test } from "vitest";

import type { Reviewed } from "../src/http/types";
import { Proposals } from "../src/parts/review/Proposals";
import { loadTexts, WordsProvider } from "../src/words";

type Said = Pick<Reviewed, "model" | "proposals" | "dropped">;

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const MODEL = { name: "scribe-1", host: "models.acme.com" };
const SAID: Said = {
  model: MODEL,
  proposals: [
    {
      clause: "pb-08",
      quote: "the parties meet <i>monthly</i>",
      start: 4,
      end: 27,
      anchor: "2",
      reason: "<b>Nobody</b> audits.",
      model: "scribe-1",
      look_here: true,
    },
  ],
  dropped: { quote_not_found: 2 },
};

function shown(lang: "zh" | "en", of: Said): HTMLElement {
  const place = document.body.appendChild(document.createElement("div"));
  act(() =>
    createRoot(place).render(
      <WordsProvider lang={lang}>
        <Proposals of={of} />
      </WordsProvider>,
    ),
  );
  return place;
}

beforeAll(async () => {
  await Promise.all([loadTexts("zh"), loadTexts("en")]);
});

test("a proposal is marked with its model and as undecided", () => {
  for (const [lang, marks] of [
    ["en", ["not decided", "look here", "the document does not have 2"]],
    ["zh", ["未经判定", "请看此处", "找不到 2"]],
  ] as const) {
    const place = shown(lang, SAID);
    for (const mark of [...marks, "scribe-1", "pb-08"]) {
      expect(place.textContent).toContain(mark);
    }
    expect(place.textContent).toContain("<b>Nobody</b> audits.");
    expect(place.querySelector("b, i")).toBeNull();
  }
});

test("a model that failed is told of and proposes nothing", () => {
  const problem = { code: "timeout", detail: "the language model did not answer in time" };
  const place = shown("en", { model: { ...MODEL, problem }, proposals: [], dropped: {} });
  expect(place.textContent).toBe(`The review is complete; ${problem.detail}`);
});

test("without a model there is nothing", () => {
  expect(shown("en", { proposals: [], dropped: {} }).textContent).toBe("");
});
