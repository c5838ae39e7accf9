// Codes that only these pages show, named among their own texts: states of statements, formats of
// imports, accounts of the books, parts of what is signed. A code that has no name yet is shown as it is.
import type { Key, Words } from "../../words";

type Family =
  "metric" | "state" | "finding" | "format" | "stored" | "ledger.of" | "part" | "method";

const PREFIX = {
  metric: (code: string) => `agreement.metric.${code}`,
  state: (code: string) => `agreement.state.${code}`,
  finding: (code: string) => `agreement.finding.${code}`,
  format: (code: string) => `agreement.format.${code}`,
  stored: (code: string) => `agreement.stored.${code}`,
  "ledger.of": (code: string) => `agreement.ledger.of.${code}`,
  part: (code: string) => `version.part.${code}`,
  method: (code: string) => `version.method.${code}`,
} satisfies Record<Family, (code: string) => string>;

export function ownName(family: Family, code: string, { t }: Words): string {
  const name = t(PREFIX[family](code) as Key);
  return name.startsWith("‹") ? code : name;
}

/** The name of a measure, where its unit is not that of the record: `computing power`. */
export function metricName(metric: string, words: Words): string {
  const name = ownName("metric", metric, words);
  return name === metric ? words.code("metric", metric) : name;
}

/** A sentence that begins a line begins with a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
