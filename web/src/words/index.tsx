// The texts of the console. Own texts lie in {zh,en}.json and, for the agreement pages, in
// agreement.{zh,en}.json, for reviews, drafts and negotiation in contract.{zh,en}.json, for labelling
// in labelling.{zh,en}.json, for trainings and services in training.{zh,en}.json; the codes of the core are named in lexicon.json.
import { createContext, type ReactNode, useContext, useMemo } from "react";

import type agreementEn from "./agreement.en.json";
import type contractEn from "./contract.en.json";
import type en from "./en.json";
import type labellingEn from "./labelling.en.json";
import type trainingEn from "./training.en.json";
import lexicon from "./lexicon.json";

export type Lang = "zh" | "en";
export type Key =
  | keyof typeof en
  | keyof typeof agreementEn
  | keyof typeof contractEn
  | keyof typeof labellingEn
  | keyof typeof trainingEn;
export type Texts = Record<string, string>;
export type Fill = Record<string, string | number>;

/** A text in both languages, as the server sends titles and sentences. */
export interface Bilingual {
  zh: string;
  en: string;
}

export interface Words {
  lang: Lang;
  t: (key: Key, fill?: Fill) => string;
  /** The name of a code of the core: `code("obligation_status", "breached")`. */
  code: (family: string, code: string) => string;
  /** The name of a code that may be somebody's own; `null` where the lexicon does not know it. */
  known: (family: string, code: string) => string | null;
  /** The label of a field, as the fact or action calls it, else as all do. */
  label: (variant: string, field: string) => string;
  /** The reader's side of a bilingual text. */
  pick: (text: Bilingual | null | undefined) => string;
}

const loaded: Partial<Record<Lang, Texts>> = {};

/** Loads a language before it is shown. */
export async function loadTexts(lang: Lang): Promise<void> {
  loaded[lang] ??= (await (lang === "zh" ? import("./load/zh") : import("./load/en"))).default;
}

export function fillIn(text: string, fill: Fill | undefined): string {
  if (!fill) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
}

const lexiconOf = lexicon as Record<string, Bilingual | undefined>;

/** The name of a code, or the code itself between marks where the lexicon lacks it. */
export function nameOf(family: string, code: string, lang: Lang): string {
  return capital(lexiconOf[`${family}.${code}`]?.[lang] ?? `‹${code}›`);
}

/** The codes of a family, in the order of the lexicon. */
export function codesOf(family: string): string[] {
  const start = `${family}.`;
  return Object.keys(lexiconOf).flatMap((key) =>
    key.startsWith(start) ? [key.slice(start.length)] : [],
  );
}

/** Names stand alone here, in labels and cells: they begin with a capital. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function labelOf(variant: string, field: string, lang: Lang): string {
  const own = lexiconOf[`form_field.${variant}.${field}`]?.[lang];
  return own ? capital(own) : nameOf("form_field", field, lang);
}

export function makeWords(lang: Lang): Words {
  const texts = loaded[lang] ?? {};
  return {
    lang,
    t: (key, fill) => fillIn(texts[key] ?? `‹${key}›`, fill),
    code: (family, code) => nameOf(family, code, lang),
    known: (family, code) => {
      const name = lexiconOf[`${family}.${code}`]?.[lang];
      return name === undefined ? null : capital(name);
    },
    label: (variant, field) => labelOf(variant, field, lang),
    pick: (text) => text?.[lang] ?? text?.zh ?? "",
  };
}

const WordsContext = createContext<Words>(makeWords("zh"));

export function WordsProvider({ lang, children }: { lang: Lang; children: ReactNode }) {
  const words = useMemo(() => makeWords(lang), [lang]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

export function useWords(): Words {
  return useContext(WordsContext);
}

/** The browser's wish, as long as the person has not said. */
export function guessLang(): Lang {
  const kept = localStorage.getItem("tally.lang");
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}
