/**
 * What the agreement pages read, as the core serialises it. Amounts, ratios and fractions are text
 * or integers, never floating point.
 */

import type { ManifestView } from "../../api/types.gen";

export type Side = "customer" | "vendor";
export type Lang = "zh" | "en";
export interface Both {
  zh: string;
  en: string;
}
export interface Money {
  amount: string;
  currency: string;
}
export interface Fraction {
  num: string;
  den: string;
}
export interface Window {
  from: string;
  to: string;
}

export type ObligationStatus = "pending" | "met" | "late" | "breached" | "suspended" | "waived";
export interface Obligation {
  name: string;
  kind: string;
  debtor: Side;
  clause: string;
  start: string;
  due: string;
  provisional: boolean;
  status: ObligationStatus;
  met: string | null;
  evidence: string[];
}
export type Verdict = "met" | "not_met" | "undecidable";
export interface Standard {
  metric: string;
  subject: string | null;
  average: string | null;
  threshold: Fraction;
  value: Fraction | null;
  verdict: Verdict;
  clause: string;
  evidence: string[];
}
export interface InvoiceView {
  number: number;
  statement: string;
  gross: Money;
  open: Money;
  due: string;
  overdue: boolean;
  evidence: string;
}
export interface MoneyView {
  invoiced: Money;
  credited: Money;
  paid: Money;
  open: Money;
  overdue: Money;
  prepaid: Money;
  drawn: Money;
  invoices: InvoiceView[];
  awaiting_review: string[];
}
export interface Claim {
  claim: string;
  by: Side;
  amount: Money;
  settled: Money | null;
  clause: string;
  evidence: string;
}
export interface Position {
  agreement: string | null;
  as_of: string;
  phase: "empty" | "draft" | "in_force" | "ended";
  effective: string | null;
  ends: string | null;
  ended: [string, string] | null;
  obligations: Obligation[];
  standards: Standard[];
  money: MoneyView | null;
  rights: { purpose: string; permitted: boolean; clause: string | null }[];
  claims: Claim[];
  disputes: string[];
  force_majeure: string[];
  gaps: Record<string, [number, number][]>;
  conflicts: number;
  provisional: boolean;
}

export interface Input {
  name: string;
  value: string;
  unit: string;
}
export interface Rounding {
  scale: number;
  mode: string;
}
export interface Working {
  formula: string;
  inputs: Input[];
  exact: Fraction;
  rounding: Rounding | null;
}
export interface Line {
  code: string;
  subject: string | null;
  clause: string;
  amount: Money;
  working: Working;
  evidence: string[];
}
export interface Gap {
  code: string;
  clause: string;
  metric: string | null;
  subject: string | null;
  window: Window | null;
}
export interface Statement {
  agreement: string;
  name: string;
  kind: string;
  window: Window;
  prices_include_tax: boolean;
  lines: Line[];
  tax_lines: Line[];
  adjustments: Line[];
  late_repairs: Line[];
  refunds: Line[];
  forfeits: Line[];
  totals: {
    currency: string;
    subtotal: Money;
    net: Money;
    tax: Money;
    gross: Money;
    adjustments: Money;
    due: Money;
    refund: Money;
    gross_words: Both;
    due_words: Both;
  };
  gaps: Gap[];
  conflicts: unknown[];
}

export interface LateFeeRow {
  from: string;
  to: string;
  days: number;
  principal: Money;
  working: Working;
}
export interface LateFee {
  invoice: string;
  as_of: string;
  rows: LateFeeRow[];
  exact: Fraction;
  cap: Fraction | null;
  accrued: Money;
  open_principal: Money;
  provisional: boolean;
  line: Line | null;
}
export interface InvoiceAccount {
  number: number;
  payable: Money;
  due: string;
  open_principal: Money;
  late_fee: LateFee | null;
  open_late_fee: Money;
}
export interface AllocatedPayment {
  payment: string;
  on: string;
  amount: Money;
  allocation: { parts: { invoice: string; target: string; amount: Money }[]; left: Money };
}
export interface Account {
  as_of: string;
  invoices: InvoiceAccount[];
  payments: AllocatedPayment[];
  open_principal: Money;
  open_late_fees: Money;
  unallocated: Money;
}

/** An entry of the journal as the API shows it. */
export interface Entry {
  seq: number;
  id: string;
  at: string;
  actor: { of: "customer" | "vendor" | "deployment"; name: string };
  kind: string;
  fact?: string | null;
  text: Both;
  payload: Record<string, unknown>;
  sha256: string;
}

/** The terms: a tree of values; the pages read few fields by name. */
export interface Terms {
  id: string;
  title: Both;
  currency: string;
  zone: string;
  customer: Party;
  vendor: Party;
  term: { starts: string; ends: string; renewal_notice?: string | null };
  documents: Paper[];
  service: { type: string; [field: string]: unknown };
  [field: string]: unknown;
}
export interface Party {
  name: string;
  [field: string]: unknown;
}
export interface Paper {
  id: string;
  rank: string;
  title: Both;
  effective: string | null;
  sha256: string | null;
  replaces: { path: string; value: string }[];
}

export interface Proposal {
  document: Paper;
  terms_sha256: string;
  /** What is signed; absent where the document alone is. */
  manifest?: ManifestView | null;
  signed: Side[];
  evidence: string;
}

export interface AgreementHead {
  id: string;
  title: Both;
  kind: string;
  side: Side | null;
  roles: string[];
  /** What the reader may do here, as the server names it. */
  may: string[];
  phase: Position["phase"];
  agreement: Terms | null;
  drafted: Terms | null;
  customer: string | null;
  vendor: string | null;
  seats: { customer: boolean; vendor: boolean };
  terms_sha256: string | null;
  signed: { side: Side; signatory: string; key: string }[];
  /** Papers that were proposed after the signing. */
  documents: Proposal[];
  entries: number;
}
