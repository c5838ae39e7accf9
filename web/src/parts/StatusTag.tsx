// A state as a tag: a sign, a word and a colour, so that none of the three is needed alone.
import type { ReactNode } from "react";

import { useWords } from "../words";

export type Tone = "good" | "warn" | "bad" | "info" | "plain";

const SIGN: Record<Tone, string> = { good: "✓", warn: "!", bad: "✕", info: "•", plain: "–" };

const TONES: Record<string, Tone> = {
  met: "good",
  in_force: "good",
  delivered: "good",
  approved: "good",
  accepted: "good",
  paid: "good",
  allowed: "good",
  verified: "good",
  passed: "good",
  granted: "good",
  pending: "info",
  open: "info",
  draft: "info",
  submitted: "info",
  invoiced: "info",
  due: "warn",
  late: "warn",
  met_late: "warn",
  suspended: "warn",
  failed: "warn",
  undecidable: "warn",
  objected: "warn",
  warning: "warn",
  breached: "bad",
  not_met: "bad",
  overdue: "bad",
  rejected: "bad",
  refused: "bad",
  dead: "bad",
  error: "bad",
};

export function toneOf(code: string): Tone {
  return TONES[code] ?? "plain";
}

/** `<StatusTag family="obligation_status" code="breached" />`, or with own words as children. */
export function StatusTag({
  family,
  code,
  tone,
  children,
}: {
  family?: string;
  code: string;
  tone?: Tone;
  children?: ReactNode;
}) {
  const words = useWords();
  const shown = tone ?? toneOf(code);
  return (
    <span className={`tag ${shown}`}>
      <span aria-hidden="true">{SIGN[shown]}</span>
      {children ?? (family ? words.code(family, code) : code)}
    </span>
  );
}
