// What the money pages read from the server.
import { type Paged, useRead } from "../../../http/hooks";
import { at } from "../../../http/request";
import type { Both, Money, Statement } from "../types";

export interface PeriodRow {
  name: string;
  from: string | null;
  to: string | null;
  state: "open" | "submitted" | "approved" | "invoiced" | (string & {});
}
export interface StatementRow {
  name: string;
  net: Money;
  tax: Money;
  gross: Money;
  credits: Money;
  due: Money;
  state: string;
  submitted_at: string | null;
  decided_at: string | null;
  invoice: number | null;
  evidence: string;
}
export interface Objection {
  lines: number[];
  disputed: Money;
  undisputed: Money;
  at: string;
}
export interface StatementView {
  statement: Statement;
  /** What could not be computed, as sentences. */
  gaps: Both[];
  objection: Objection | null;
  state: string;
}
export interface InvoiceRow {
  number: number;
  statement: string;
  issued: string;
  due: string;
  net: Money;
  tax: Money;
  gross: Money;
  payable: Money;
  open: Money | null;
  overdue: boolean;
  credit_notes: { number: number; issued: string; gross: Money; reason: string }[];
  evidence: string;
}

export function usePeriods(id: string) {
  return useRead<Paged<PeriodRow>>(at`/agreements/${id}/periods`);
}
export function useStatements(id: string) {
  return useRead<Paged<StatementRow>>(at`/agreements/${id}/statements`);
}
/** A statement; of a period that was not submitted its preview. `null` waits. */
export function useStatement(id: string, name: string, preview: boolean | null) {
  return useRead<StatementView>(
    preview === null ? null : at`/agreements/${id}/statements/${name}`,
    preview ? { preview: true } : undefined,
  );
}
export function useInvoices(id: string) {
  return useRead<Paged<InvoiceRow>>(at`/agreements/${id}/invoices`);
}
