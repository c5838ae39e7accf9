// The texts of a playbook in its TOML, read and written in place, so that the form and the text are
// two views of one file and everything else in it stays as it was written.

/** What the form edits of a clause, each in both languages. */
export const FIELDS = ["strategy", "preferred", "fallback", "walk-away", "sample"] as const;
export type Field = (typeof FIELDS)[number];
export type Lang = "zh" | "en";

const CLAUSE = /^\[\[clause\]\][ \t]*$/gm;

/** Where each clause stands: from its head to the next one, or to the end. */
function clausesOf(toml: string): { id: string; from: number; to: number }[] {
  const heads = [...toml.matchAll(CLAUSE)].map((match) => match.index);
  return heads.flatMap((from, i) => {
    const to = heads[i + 1] ?? toml.length;
    const id = /^id\s*=\s*"([^"\n]+)"/m.exec(toml.slice(from, to))?.[1];
    return id === undefined ? [] : [{ id, from, to }];
  });
}

export function clauseIds(toml: string): string[] {
  return clausesOf(toml).map(({ id }) => id);
}

/** Where a string value stands in the file, and what it says. */
interface Found {
  from: number;
  to: number;
  text: string;
}

const MULTI = '"""';

function find(toml: string, from: number, to: number, key: string): Found | null {
  const part = toml.slice(from, to);
  const name = key.replace(/[.-]/g, "\\$&");
  const head = new RegExp(`^${name}[ \\t]*=[ \\t]*`, "m").exec(part);
  if (!head) return null;
  const start = head.index + head[0].length;
  const rest = part.slice(start);
  const match = rest.startsWith(MULTI)
    ? /^"""\r?\n?((?:[^\\"]|\\[^]|"(?!""))*)"""/.exec(rest)
    : /^"((?:[^\\"\n]|\\.)*)"/.exec(rest);
  if (!match) return null;
  const text = unescape(match[1] ?? "");
  if (text === null) return null;
  return { from: from + start, to: from + start + match[0].length, text };
}

const ESCAPES: Record<string, string> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\u001b",
  '"': '"',
  "\\": "\\",
};

/** `null` where an escape is none that is known. */
function unescape(text: string): string | null {
  let known = true;
  const plain = text.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[ \t]*\r?\n\s*|([^]))/g,
    (whole: string, short?: string, long?: string, one?: string) => {
      const digits = short ?? long;
      if (digits !== undefined) return String.fromCodePoint(parseInt(digits, 16));
      if (one === undefined) return "";
      const found = ESCAPES[one];
      if (found === undefined) known = false;
      return found ?? whole;
    },
  );
  return known ? plain : null;
}

/** A string as TOML writes it; JSON's escapes are TOML's. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/\u007f/g, "\\u007f");
}

/** A text of a clause; `null` where the file says it in a way that only the text view edits. */
export function textOf(toml: string, clause: string, field: Field, lang: Lang): string | null {
  const place = clausesOf(toml).find(({ id }) => id === clause);
  return place ? (find(toml, place.from, place.to, `${field}.${lang}`)?.text ?? null) : null;
}

/** The file with another text at that place. */
export function withText(
  toml: string,
  clause: string,
  field: Field,
  lang: Lang,
  text: string,
): string {
  const place = clausesOf(toml).find(({ id }) => id === clause);
  const found = place ? find(toml, place.from, place.to, `${field}.${lang}`) : null;
  return found ? toml.slice(0, found.from) + quoted(text) + toml.slice(found.to) : toml;
}

/** A copy under another id and other titles. */
export function renamed(toml: string, id: string, title: { zh: string; en: string }): string {
  const first = toml.search(CLAUSE);
  let copy = toml;
  const set = (key: string, text: string) => {
    const end = first < 0 ? copy.length : copy.search(CLAUSE);
    const found = find(copy, 0, end, key);
    if (found) copy = copy.slice(0, found.from) + quoted(text) + copy.slice(found.to);
  };
  set("id", id);
  set("title.zh", title.zh);
  set("title.en", title.en);
  return copy;
}
