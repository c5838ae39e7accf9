/**
 * Measures against their standards: in what unit a metric is read, where value and threshold lie
 * on a scale, and which values the journal holds over time. Verdicts come from the server; none is
 * made here.
 */
import type { Entry, Fraction, Standard, Verdict } from "../types";
import { cutOff, place, share } from "./exact";

/** How a metric is read: as a share, or in a unit that is a multiple of what is recorded. */
interface Reading {
  share: boolean;
  per: bigint;
  unit: string;
  /** Whether less is better. */
  below: boolean;
}

const PLAIN: Record<string, Omit<Reading, "share">> = {
  flops: { per: 10n ** 12n, unit: "TFLOPS", below: false },
  bandwidth_bits: { per: 10n ** 9n, unit: "Gbit/s", below: false },
  iops: { per: 1n, unit: "IOPS", below: false },
  latency_micros: { per: 1000n, unit: "ms", below: true },
};

/** How a metric is read. Every metric that is not a plain quantity is a share. */
export function reading(metric: string): Reading {
  const plain = PLAIN[metric];
  return plain ? { share: false, ...plain } : { share: true, per: 1n, unit: "%", below: false };
}

/** A value of a metric as people read it. */
export function measured(metric: string, value: Fraction): string {
  const how = reading(metric);
  if (how.share) return share(value);
  const den = (BigInt(value.den) * how.per).toString();
  return `${cutOff({ num: value.num, den }, 3)} ${how.unit}`;
}

/** `>= 90 %`, `< 1.5 ms`. */
export function required(standard: Standard): string {
  const sign = reading(standard.metric).below ? "<" : "≥";
  return `${sign} ${measured(standard.metric, standard.threshold)}`;
}

/** Where a value is drawn, in the unit that it is read in. */
export function drawn(metric: string, value: Fraction): number {
  const how = reading(metric);
  if (how.share) return place({ num: (BigInt(value.num) * 100n).toString(), den: value.den });
  return place({ num: value.num, den: (BigInt(value.den) * how.per).toString() });
}

/** Value and threshold on one scale from 0 to 1. */
export interface Bullet {
  value: number | null;
  threshold: number;
}

/** Where the bar ends and the threshold stands; a share is shown on the whole of its scale. */
export function bullet(standard: Standard): Bullet {
  const threshold = drawn(standard.metric, standard.threshold);
  const value = standard.value === null ? null : drawn(standard.metric, standard.value);
  const end = reading(standard.metric).share ? 100 : Math.max(threshold, value ?? 0) * 1.25;
  if (end <= 0) return { value: null, threshold: 0 };
  const within = (one: number) => Math.min(Math.max(one / end, 0), 1);
  return { value: value === null ? null : within(value), threshold: within(threshold) };
}

/** What tells one standard from another. */
export function standardKey(standard: Standard): string {
  return [standard.metric, standard.subject ?? "", standard.average ?? ""].join("/");
}

/** One value of a standard, with the entry that proves it. */
export interface Point {
  at: string;
  seq: number;
  value: Fraction;
  verdict: Verdict | null;
  label: string | null;
}

type Payload = Record<string, unknown>;

/** The values of a standard over time, oldest first, as the journal holds them. */
export function history(standard: Standard, entries: Entry[]): Point[] {
  if (standard.metric === "responses_in_time") return byDay(standard, entries);
  const points: Point[] = [];
  for (const entry of entries) {
    const fact = factOf(entry);
    if (fact) points.push(...pointsOf(standard, fact, entry));
  }
  return points.sort((a, b) => a.seq - b.seq);
}

/** The share of a day: what was in time and what was late stands in several records. */
function byDay(standard: Standard, entries: Entry[]): Point[] {
  const days = new Map<string, { hits: bigint; total: bigint; seq: number; at: string }>();
  for (const entry of entries) {
    const fact = factOf(entry);
    if (fact?.["fact"] !== "images_answered" || fact["class"] !== standard.subject) continue;
    const { to } = fact["window"] as { to: string };
    const day = days.get(to.slice(0, 10)) ?? { hits: 0n, total: 0n, seq: entry.seq, at: to };
    day.hits += BigInt(String(fact["in_time"]));
    day.total += BigInt(String(fact["count"]));
    day.seq = Math.max(day.seq, entry.seq);
    days.set(to.slice(0, 10), day);
  }
  return [...days.values()]
    .filter(({ total }) => total > 0n)
    .map(({ hits, total, seq, at }) => {
      const value = { num: hits.toString(), den: total.toString() };
      return { at, seq, value, verdict: null, label: null };
    })
    .sort((a, b) => a.at.localeCompare(b.at));
}

function factOf(entry: Entry): Payload | null {
  if (entry.kind !== "fact_recorded") return null;
  const fact = entry.payload["fact"];
  return typeof fact === "object" && fact !== null ? (fact as Payload) : null;
}

function pointsOf(standard: Standard, fact: Payload, entry: Entry): Point[] {
  const at = (value: unknown, verdict: unknown = null, label: string | null = null): Point[] => {
    const read = fraction(value);
    if (!read) return [];
    const known = verdict === "met" || verdict === "not_met" || verdict === "undecidable";
    return [{ at: entry.at, seq: entry.seq, value: read, verdict: known ? verdict : null, label }];
  };
  switch (fact["fact"]) {
    case "probed":
      if (fact["resource"] !== standard.subject || fact["metric"] !== standard.metric) return [];
      return at(fact["value"], null, `${String(fact["load_percent"])} %`);
    case "inspected":
      return rows(fact["results"])
        .filter((row) => row["item"] === standard.subject && row["metric"] === standard.metric)
        .flatMap((row) => at(row["value"] ?? row["ratio"], row["verdict"], String(fact["round"])));
    case "model_evaluated":
      return rows(fact["results"])
        .filter((row) => row["metric"] === standard.metric && row["average"] === standard.average)
        .filter(
          (row) =>
            (row["class"] ?? null) === (standard.average === "class" ? standard.subject : null),
        )
        .flatMap((row) => at(row["value"], null, String(fact["round"])));
    case "accuracy_evaluated":
      if (standard.metric !== "accuracy") return [];
      return at(fact["ratio"], null, String(fact["version"]));
    default:
      return [];
  }
}

function rows(value: unknown): Payload[] {
  return Array.isArray(value) ? (value as Payload[]) : [];
}

/** A fraction, or a ratio of counts; nothing counted has no value. */
function fraction(value: unknown): Fraction | null {
  if (typeof value !== "object" || value === null) return null;
  const of = value as {
    num?: string;
    den?: string;
    hits?: number | string;
    total?: number | string;
  };
  if (of.num !== undefined && of.den !== undefined) return { num: of.num, den: of.den };
  if (of.hits === undefined || of.total === undefined || BigInt(of.total) === 0n) return null;
  return { num: String(of.hits), den: String(of.total) };
}

/** The evaluations that a standard's `initial` promise counts: the first alone. */
export function relevant(standard: Standard, points: Point[]): Point[] {
  return standard.metric === "accuracy" && standard.subject === "initial"
    ? points.slice(0, 1)
    : points;
}
