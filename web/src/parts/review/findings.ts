// What reviews say, put side by side: the worst finding of each clause, a grid of many documents,
// and what became of each clause between two versions. Knows no page and asks no server.
import type { Reviewed, ReviewFinding } from "../../http/types";
import type { Tone } from "../StatusTag";

export const TONE: Record<string, Tone> = {
  met: "good",
  "met-by-fallback": "good",
  unclear: "info",
  below: "warn",
  missing: "bad",
  conflict: "bad",
  adverse: "bad",
};

/** From best to worst, as the review weighs them. */
const ORDER = ["met", "met-by-fallback", "unclear", "below", "missing", "conflict", "adverse"];

/** How bad a status is; what is not known is worst. */
export function weight(status: string): number {
  const at = ORDER.indexOf(status);
  return at < 0 ? ORDER.length : at;
}

/** The place of the finding that stands for its clause. */
export function worst(findings: ReviewFinding[], clause: string): number | null {
  let found: number | null = null;
  findings.forEach((finding, at) => {
    if (finding.clause !== clause) return;
    const known = found === null ? undefined : findings[found];
    if (!known || weight(finding.status) > weight(known.status)) found = at;
  });
  return found;
}

/** The clauses of several reviews, in the order of the first that names them. */
export function clausesOf(answers: Reviewed[]): string[] {
  return [...new Set(answers.flatMap((answer) => Object.keys(answer.summary)))];
}

export type Turn = "better" | "worse" | "reworded" | "same";

/** What became of a clause between two versions. */
export interface ClauseTurn {
  clause: string;
  turn: Turn;
  before: ReviewFinding | null;
  after: ReviewFinding | null;
  /** Where the newer version has it, by its place among the findings. */
  place: number | null;
  /** Values that were read from the words and differ. */
  values: { name: string; before: string; after: string }[];
}

/** Every clause and check of two reviews, the older first. */
export function turns(old: Reviewed, now: Reviewed): ClauseTurn[] {
  const named = [...old.findings, ...now.findings].map((finding) => finding.clause);
  return [...new Set([...clausesOf([old, now]), ...named])].map((clause) => {
    const [from, to] = [worst(old.findings, clause), worst(now.findings, clause)];
    const before = from === null ? null : (old.findings[from] ?? null);
    const after = to === null ? null : (now.findings[to] ?? null);
    const values = differing(before, after);
    return { clause, turn: turnOf(before, after, values.length), before, after, place: to, values };
  });
}

function turnOf(before: ReviewFinding | null, after: ReviewFinding | null, values: number): Turn {
  const change = (after ? weight(after.status) : 0) - (before ? weight(before.status) : 0);
  if (change < 0) return "better";
  if (change > 0) return "worse";
  return values === 0 && (before?.quote ?? "") === (after?.quote ?? "") ? "same" : "reworded";
}

function differing(before: ReviewFinding | null, after: ReviewFinding | null) {
  const [old, now] = [before?.parameters ?? {}, after?.parameters ?? {}];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .sort()
    .map((name) => ({ name, before: valueText(old[name]), after: valueText(now[name]) }))
    .filter((one) => one.before !== one.after);
}

/** A value that was read from the words, as text. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "–";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/**
 * Rows as comma-separated values that spreadsheets open with their letters right. A cell that would
 * be taken for a formula is marked as text.
 */
export function csv(rows: string[][]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\uFEFF${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
