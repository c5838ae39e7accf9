// The form and the text of a playbook are views of one file: a text that is changed by the form leaves
// every other letter of the file as it was.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { clauseIds, FIELDS, renamed, textOf, withText } from "../src/pages/playbooks/toml";

const PLAYBOOK = readFileSync(join(import.meta.dirname, "../../playbooks/ai-vendor.toml"), "utf8");

test("every position of the built-in playbook is read", () => {
  expect(clauseIds(PLAYBOOK)).toHaveLength(8);
  for (const clause of clauseIds(PLAYBOOK)) {
    for (const field of FIELDS) {
      for (const lang of ["zh", "en"] as const) {
        const text = textOf(PLAYBOOK, clause, field, lang);
        expect(text?.length, `${clause} ${field}.${lang}`).toBeGreaterThan(4);
        // Written again as it is, nothing else moves.
        const again = withText(PLAYBOOK, clause, field, lang, text ?? "");
        expect(textOf(again, clause, field, lang)).toBe(text);
        const other = withText(again, clause, field, lang, 'say "no"\nand \\ mean it');
        expect(textOf(other, clause, field, lang)).toBe('say "no"\nand \\ mean it');
        expect(other.split("[[clause]]")).toHaveLength(9);
      }
    }
  }
});

test("one text alone is changed", () => {
  const changed = withText(PLAYBOOK, "pb-02", "fallback", "en", "None.");
  const [old, now] = [PLAYBOOK.split("\n"), changed.split("\n")];
  expect(now).toHaveLength(old.length);
  expect(now.filter((line, i) => line !== old[i])).toEqual(['fallback.en = "None."']);
});

test("a text written in another way is left to the text view", () => {
  const odd = "[[clause]]\nid = \"a\"\nfallback.en = 'raw'\n";
  expect(textOf(odd, "a", "fallback", "en")).toBeNull();
  expect(withText(odd, "a", "fallback", "en", "x")).toBe(odd);
});

test("a copy has its own id and titles", () => {
  const copy = renamed(PLAYBOOK, "ours", { zh: "我们的", en: "Our own" });
  expect(copy).toContain('\nid = "ours"\n');
  expect(copy).toContain('title.zh = "我们的"');
  expect(copy).toContain('title.en = "Our own"');
  expect(clauseIds(copy)).toEqual(clauseIds(PLAYBOOK));
});
