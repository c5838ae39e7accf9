/**
 * The life of an agreement on one line: what the journal says happened, and what the terms say
 * lies ahead. Now divides the two.
 */
import { fromWall } from "../../../format/instant";
import type { Entry, Position } from "../types";
import { isOpen } from "./obligations";

/** The rows of the timeline, from top to bottom. */
export const LANES = ["life", "work", "measure", "money", "dispute", "deadline"] as const;
export type Lane = (typeof LANES)[number];

/** Something on the timeline. */
export interface Mark {
  key: string;
  lane: Lane;
  at: string;
  /** Whether it lies ahead. */
  ahead: boolean;
  tone: "plain" | "good" | "bad" | "warn";
  /** The entry that records it. */
  seq: number | null;
  /** The code of what it is: a kind of entry, a kind of fact, a kind of obligation. */
  code: string;
  kind: "entry" | "deadline" | "end";
  subject: string;
  clause: string | null;
}

const LANE_OF: Record<string, Lane> = {
  agreement_drafted: "life",
  version_offered: "life",
  party_signed: "life",
  agreement_took_effect: "life",
  document_proposed: "life",
  document_signed: "life",
  signature_stamped: "life",
  termination_notified: "life",
  agreement_ended: "life",
  renewal_requested: "life",
  renewal_agreed: "life",
  force_majeure_declared: "dispute",
  force_majeure_proven: "dispute",
  force_majeure_ended: "dispute",
  breach_reminded: "dispute",
  breach_cured: "dispute",
  claim_raised: "dispute",
  claim_answered: "dispute",
  claim_settled: "dispute",
  defence_assumed: "dispute",
  dispute_opened: "dispute",
  dispute_settlement_offered: "dispute",
  dispute_settled: "dispute",
  dispute_filed: "dispute",
  dispute_decided: "dispute",
  source_conflict: "measure",
  delivery_accepted: "work",
  delivery_rejected: "work",
  statement_submitted: "money",
  statement_approved: "money",
  statement_objected: "money",
  invoice_issued: "money",
  credit_note_issued: "money",
  payment_recorded: "money",
};

const MEASURES = new Set([
  "inspected",
  "model_evaluated",
  "accuracy_evaluated",
  "probed",
  "job_ran",
  "storage_sampled",
  "images_answered",
  "service_observed",
  "node_changed",
  "revenue_reported",
  "source_sealed",
]);

const BAD = new Set([
  "delivery_rejected",
  "statement_objected",
  "breach_reminded",
  "claim_raised",
  "dispute_opened",
  "source_conflict",
  "breach_discovered",
]);
const GOOD = new Set([
  "agreement_took_effect",
  "delivery_accepted",
  "statement_approved",
  "payment_recorded",
  "breach_cured",
  "dispute_settled",
  "model_delivered",
  "service_delivered",
]);

/** The lane of an entry. */
export function laneOf(entry: Entry): Lane {
  const fact = factCode(entry);
  if (fact === null) return LANE_OF[entry.kind] ?? "life";
  return MEASURES.has(fact) ? "measure" : "work";
}

/** The kind of fact of an entry that records one. */
export function factCode(entry: Entry): string | null {
  if (entry.kind !== "fact_recorded") return null;
  if (entry.fact) return entry.fact;
  const fact = entry.payload["fact"] as { fact?: unknown } | undefined;
  return typeof fact?.fact === "string" ? fact.fact : null;
}

/** Everything that happened and that lies ahead, oldest first. */
export function marks(entries: Entry[], position: Position, zone: string): Mark[] {
  const now = Date.parse(position.as_of);
  const past = entries.map((entry): Mark => {
    const code = factCode(entry) ?? entry.kind;
    return {
      key: `e${entry.seq}`,
      lane: laneOf(entry),
      at: entry.at,
      ahead: false,
      tone: BAD.has(code) ? "bad" : GOOD.has(code) ? "good" : "plain",
      seq: entry.seq,
      code,
      kind: "entry",
      subject: "",
      clause: null,
    };
  });
  const clocks = position.obligations
    .filter((one) => isOpen(one.status) || one.status === "late")
    .map((one): Mark => {
      const over = one.status === "breached" || one.status === "late";
      return {
        key: `due:${one.name}:${one.start}`,
        lane: "deadline",
        at: one.due,
        ahead: Date.parse(one.due) > now,
        tone: one.status === "breached" ? "bad" : over ? "warn" : "plain",
        seq: null,
        code: one.kind,
        kind: "deadline",
        subject: one.name.includes(":") ? one.name.slice(one.name.indexOf(":") + 1) : "",
        clause: one.clause,
      };
    });
  return [...past, ...clocks, ...end(position, zone)].sort(
    (a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.seq ?? 0) - (b.seq ?? 0),
  );
}

function end(position: Position, zone: string): Mark[] {
  if (position.ends === null || position.ended !== null || position.phase === "empty") return [];
  const last = Date.parse(fromWall(`${position.ends}T23:59:59`, zone));
  const at = new Date(last + 1000).toISOString();
  const ahead = Date.parse(at) > Date.parse(position.as_of);
  return [
    {
      key: "end",
      lane: "life",
      at,
      ahead,
      tone: "plain",
      seq: null,
      code: "term_ends",
      kind: "end",
      subject: "",
      clause: null,
    },
  ];
}

/** Marks of one month, and how many of the same kind stand for one row. */
export interface Month {
  month: string;
  rows: { mark: Mark; times: number; last: Mark }[];
}

/** From so many records of a kind in a month on, they are one row of it. */
const MANY = 6;

/**
 * Marks by month. What machines record by the dozen is one row of its month; else many of the same
 * kind on one day are one row.
 */
export function byMonth(all: Mark[], dayOf: (mark: Mark) => string): Month[] {
  const months = new Map<string, Month>();
  const often = new Map<string, number>();
  const key = (mark: Mark) => `${dayOf(mark).slice(0, 7)} ${mark.code}`;
  const recorded = all.filter((mark) => mark.kind === "entry" && mark.lane === "measure");
  for (const mark of recorded) often.set(key(mark), (often.get(key(mark)) ?? 0) + 1);
  for (const mark of all) {
    const day = dayOf(mark);
    const month = months.get(day.slice(0, 7)) ?? { month: day.slice(0, 7), rows: [] };
    months.set(month.month, month);
    const many = mark.kind === "entry" && (often.get(key(mark)) ?? 0) >= MANY;
    const same = (row: Month["rows"][number]) =>
      row.mark.kind === "entry" && mark.kind === "entry" && row.mark.code === mark.code;
    const before = many
      ? month.rows.find(same)
      : month.rows.slice(-1).find((row) => same(row) && dayOf(row.mark) === day);
    if (before) {
      before.times += 1;
      before.last = mark;
    } else {
      month.rows.push({ mark, times: 1, last: mark });
    }
  }
  return [...months.values()];
}
