// Codes that only these pages show, named among their own texts: states of statements, formats of
// imports, accounts of the books. A code that has no name yet is shown as it is.
import type { Key, Words } from "../../words";

type Family = "state" | "finding" | "format" | "stored" | "ledger.of";

const PREFIX = {
  state: (code: string) => `agreement.state.${code}`,
  finding: (code: string) => `agreement.finding.${code}`,
  format: (code: string) => `agreement.format.${code}`,
  stored: (code: string) => `agreement.stored.${code}`,
  "ledger.of": (code: string) => `agreement.ledger.of.${code}`,
} satisfies Record<Family, (code: string) => string>;

export function ownName(family: Family, code: string, { t }: Words): string {
  const name = t(PREFIX[family](code) as Key);
  return name.startsWith("‹") ? code : name;
}
