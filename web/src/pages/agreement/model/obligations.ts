/**
 * Obligations as the parties look at them: what needs one now, what the other owes, what is over.
 */
import type { Obligation, ObligationStatus, Side } from "../types";

/** Whether an obligation still has to be fulfilled. */
export function isOpen(status: ObligationStatus): boolean {
  return status === "pending" || status === "breached" || status === "suspended";
}

/** Breaches first, then by due instant. */
export function byUrgency(a: Obligation, b: Obligation): number {
  const rank = (one: Obligation) => (one.status === "breached" ? 0 : isOpen(one.status) ? 1 : 2);
  return rank(a) - rank(b) || a.due.localeCompare(b.due) || a.name.localeCompare(b.name);
}

/** The obligations of each party, the urgent ones first. */
export function bySide(obligations: Obligation[]): Record<Side, Obligation[]> {
  const of = (side: Side) => obligations.filter((one) => one.debtor === side).sort(byUrgency);
  return { customer: of("customer"), vendor: of("vendor") };
}

/** What is open of a party. */
export function openOf(obligations: Obligation[], side: Side): Obligation[] {
  return obligations.filter((one) => one.debtor === side && isOpen(one.status)).sort(byUrgency);
}

/** Only the other party may waive, and only what is open. */
export function mayWaive(obligation: Obligation, side: Side | null): boolean {
  return side !== null && obligation.debtor !== side && isOpen(obligation.status);
}

/** What an obligation is about: the part of its name after its kind. */
export function subjectOf(obligation: Obligation): string {
  const at = obligation.name.indexOf(":");
  return at < 0 ? "" : obligation.name.slice(at + 1);
}
