// Both languages say the same: same keys, same gaps to fill, nothing empty, nothing left over.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import agreementEn from "../src/words/agreement.en.json";
import agreementZh from "../src/words/agreement.zh.json";
import contractEn from "../src/words/contract.en.json";
import contractZh from "../src/words/contract.zh.json";
import en from "../src/words/en.json";
import labellingEn from "../src/words/labelling.en.json";
import labellingZh from "../src/words/labelling.zh.json";
import lexicon from "../src/words/lexicon.json";
import trainingEn from "../src/words/training.en.json";
import trainingZh from "../src/words/training.zh.json";
import zh from "../src/words/zh.json";
import { fillIn } from "../src/words";

const pairs: [string, Record<string, string>, Record<string, string>][] = [
  ["own", zh, en],
  ["agreement", agreementZh, agreementEn],
  ["contract", contractZh, contractEn],
  ["labelling", labellingZh, labellingEn],
  ["training", trainingZh, trainingEn],
];

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) ? [readFileSync(path, "utf8")] : [];
  });
}

/** A key is used by its name, or as one of a family that code names by its last parts. */
function isUsed(key: string, code: string): boolean {
  const parts = key.split(".");
  const families = parts.slice(2).map((_, at) => parts.slice(0, at + 2).join("."));
  if (parts.length === 2) families.push(parts[0] ?? "");
  return code.includes(`"${key}"`) || families.some((one) => code.includes(`\`${one}.$\{`));
}

const gaps = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join(" ");

describe.each(pairs)("%s texts", (_name, chinese, english) => {
  test("have the same keys in both languages", () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
  });

  test("fill the same gaps in both languages", () => {
    const unequal = Object.keys(chinese).filter(
      (key) => gaps(chinese[key] ?? "") !== gaps(english[key] ?? ""),
    );
    expect(unequal).toEqual([]);
  });

  test("are never empty, and the Chinese ones are Chinese", () => {
    const empty = Object.keys(chinese).filter(
      (key) => !chinese[key]?.trim() || !english[key]?.trim(),
    );
    expect(empty).toEqual([]);
    const foreign = Object.keys(english).filter((key) =>
      /[\u3400-\u9fff]/.test(english[key] ?? ""),
    );
    expect(foreign).toEqual([]);
  });

  test("are all used", () => {
    const code = sources(join(import.meta.dirname, "../src")).join("\n");
    const unused = Object.keys(english).filter((key) => !isUsed(key, code));
    expect(unused).toEqual([]);
  });
});

test("no key stands in two files", () => {
  const all = pairs.flatMap(([, , english]) => Object.keys(english));
  expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([]);
});

test("no source holds a text for people", () => {
  const spoken = sources(join(import.meta.dirname, "../src"))
    .flatMap((text) => text.split("\n"))
    .filter((line) => /[\u3400-\u9fff]/.test(line) && !/^\s*(\/\/|\*|\/\*\*)/.test(line))
    .filter((line) => !/中文|符契|（|，|'：'/.test(line));
  expect(spoken).toEqual([]);
});

test("every name of the lexicon has both languages", () => {
  const bad = Object.entries(lexicon as Record<string, { zh?: string; en?: string }>).filter(
    ([key, name]) =>
      typeof name.zh !== "string" || typeof name.en !== "string" || !key.includes("."),
  );
  expect(bad).toEqual([]);
});

test("a gap is filled by its name and others stay as they are", () => {
  expect(fillIn("{a} of {b}", { a: 1 })).toBe("1 of {b}");
});
