/**
 * A formula with its inputs, so that a person can recompute a figure: which words of the formula
 * are inputs, and what is written after them.
 */
import type { Line, Statement, Working } from "../types";

/** A piece of a formula: an input by its name, or what stands between. */
export interface Piece {
  text: string;
  input: boolean;
}

/** The pieces of a formula in order; joined they are the formula. */
export function pieces(working: Working): Piece[] {
  const names = new Set(working.inputs.map((input) => input.name));
  const parts = working.formula.match(/[A-Za-z_][A-Za-z0-9_]*|[^A-Za-z_]+/g) ?? [];
  return parts.map((text) => ({ text, input: names.has(text) }));
}

/** Which part of a statement a line belongs to. */
export type Part = "lines" | "tax_lines" | "adjustments" | "refunds" | "forfeits";

/** A line of a statement with its place. Objections name lines by their place among the charges. */
export interface Row {
  key: string;
  part: Part;
  index: number;
  line: Line;
}

/** Every line of a statement in the order in which it is printed. */
export function rowsOf(statement: Statement): Row[] {
  const parts: Part[] = ["lines", "tax_lines", "adjustments", "refunds", "forfeits"];
  return parts.flatMap((part) =>
    statement[part].map((line, index) => ({ key: `${part}-${index}`, part, index, line })),
  );
}
