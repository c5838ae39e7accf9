/**
 * What a judgement and a run say of themselves, as `tally evaluate` and `tally train` write them.
 * Kept files: a field that is missing is left out, never an error.
 */
export interface ClassFigures {
  class: string;
  support: number;
  predicted: number;
  hits: number;
  precision: number;
  recall: number;
  f1: number;
  /** Ends of the Wilson interval, in millionths. */
  precision_interval?: [number, number] | null;
  recall_interval?: [number, number] | null;
  auroc?: number | null;
}

export interface Evaluation {
  images: number;
  hits: number;
  accuracy_interval?: [number, number] | null;
  top_hits?: number[];
  macro_auroc?: number | null;
  log_loss?: number;
  calibration_error?: number;
  reliability?: { above: number; images: number; hits: number; certainty: number }[];
  classes: ClassFigures[];
  confusion: { truth: string; given: string; count: number }[];
  slices?: {
    by: string;
    value: string;
    images: number;
    hits: number;
    accuracy_interval?: [number, number] | null;
  }[];
  misses: { image: string; truth: string; given: string; certainty: number }[];
}

export interface RunManifest {
  classes?: string[];
  backbone?: { name: string; licence?: string; digest: string };
  dataset?: { name: string; licence?: string; digest: string };
  images?: number;
  parameters?: number;
  operations?: number;
  settings?: Record<string, unknown>;
}

const percent = (value: number) => (value * 100).toFixed(1);

/** `93.1 % (88.0–96.2)`, with the ends given in millionths. */
export function within(value: number, interval: [number, number] | null | undefined): string {
  if (!interval) return `${percent(value)} %`;
  const [lower, upper] = interval;
  return `${percent(value)} % (${percent(lower / 1e6)}–${percent(upper / 1e6)})`;
}

/** Which class was taken for which, a row for each class that images have. */
export function confusion(of: Evaluation): { rows: number[][]; most: number } {
  const place = new Map(of.classes.map((row, at) => [row.class, at]));
  const rows = of.classes.map(() => of.classes.map(() => 0));
  let most = 0;
  for (const { truth, given, count } of of.confusion) {
    const row = rows[place.get(truth) ?? -1];
    const at = place.get(given);
    if (!row || at === undefined) continue;
    row[at] = count;
    most = Math.max(most, count);
  }
  return { rows, most };
}
