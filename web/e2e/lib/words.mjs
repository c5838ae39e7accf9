// The console's own words, so that a scenario names a button by what it is and runs in both languages.

import { readFileSync } from "node:fs";

const read = (name) =>
  JSON.parse(readFileSync(new URL(`../../src/words/${name}.json`, import.meta.url), "utf8"));
const FILES = ["", "agreement.", "contract.", "labelling.", "training."];
const all = (lang) => Object.assign({}, ...FILES.map((file) => read(`${file}${lang}`)));
const texts = { zh: all("zh"), en: all("en") };
const lexicon = read("lexicon");

/** A text of the console; values stand in braces. */
export function text(lang, key, values = {}) {
  const found = texts[lang][key];
  if (found === undefined) throw new Error(`no text ${key} in ${lang}`);
  return found.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** The name of a code. */
export function named(lang, family, code) {
  const found = lexicon[`${family}.${code}`];
  if (found === undefined) throw new Error(`no name for ${family}.${code}`);
  return found[lang];
}
