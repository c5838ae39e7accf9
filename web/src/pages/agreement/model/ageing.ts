/**
 * What is open, by how long it has been due. Sums of what the account states; no fee is computed
 * here.
 */
import type { Account, Money } from "../types";
import { isZero, sum } from "./exact";

/** The columns of the ageing table. */
export const BANDS = ["not_due", "to_30", "to_60", "to_90", "over_90"] as const;
export type Band = (typeof BANDS)[number];

/** A band with its invoices. */
export interface AgeingRow {
  band: Band;
  principal: Money;
  lateFees: Money;
  invoices: number[];
}

/** Days of a calendar, whatever the clock of this machine says. */
export function daysBetween(from: string, to: string): number {
  const day = (text: string) =>
    Date.UTC(+text.slice(0, 4), +text.slice(5, 7) - 1, +text.slice(8, 10));
  return Math.round((day(to) - day(from)) / 86_400_000);
}

/** The band of an invoice by the days since its due day. */
export function bandOf(due: string, asOf: string): Band {
  const days = daysBetween(due, asOf);
  if (days <= 0) return "not_due";
  if (days <= 30) return "to_30";
  if (days <= 60) return "to_60";
  return days <= 90 ? "to_90" : "over_90";
}

/** The open amounts of an account by band; every band is present. */
export function ageing(account: Account): AgeingRow[] {
  const { currency } = account.open_principal;
  const nothing = { amount: "0", currency };
  const open = account.invoices.filter(
    (row) => !isZero(row.open_principal) || !isZero(row.open_late_fee),
  );
  return BANDS.map((band) => {
    const rows = open.filter((row) => bandOf(row.due, account.as_of) === band);
    return {
      band,
      principal: sum(
        rows.map((row) => row.open_principal),
        nothing,
      ),
      lateFees: sum(
        rows.map((row) => row.open_late_fee),
        nothing,
      ),
      invoices: rows.map((row) => row.number),
    };
  });
}
