// What a label is on the wire, and what the console asks of the place where it keeps its work.
// Serves anno-3.1.3, anno-3.2 and anno-3.3. Positions: pixels of the image as displayed, Unicode
// code points of the text, ticks of the video's timebase.
import type { Bilingual } from "../words";

/** Left, top, right, bottom. */
export type Rect = readonly [number, number, number, number];
export type Value = string | number | boolean;
export type Attributes = Readonly<Record<string, Value>>;
export type Source = "person" | "model" | "import";

interface Common {
  id: string;
  class: string;
  attributes: Attributes;
  source: Source;
  score?: number | undefined;
  /** Added by the server. */
  author?: string | undefined;
  revision?: number | undefined;
}

export interface BoxLabel extends Common {
  kind: "box";
  rect: Rect;
  occluded: boolean;
  truncated: boolean;
  crowd: boolean;
}

export interface ClassLabel extends Common {
  kind: "class";
}

export interface SpanLabel extends Common {
  kind: "span";
  start: number;
  end: number;
}

export interface EventLabel extends Common {
  kind: "event";
  start: number;
  end: number;
}

export interface KeyframeLabel extends Common {
  kind: "keyframe";
  at: number;
}

export interface KeyBox {
  at: number;
  rect: Rect;
  outside: boolean;
  occluded: boolean;
}

export interface TrackLabel extends Common {
  kind: "track";
  boxes: readonly KeyBox[];
}

export type Label = BoxLabel | ClassLabel | SpanLabel | EventLabel | KeyframeLabel | TrackLabel;
export type Kind = Label["kind"];

export type Labels = ReadonlyMap<string, Label>;

export type Operation = { put: Label } | { delete: string };

/** Why the server did not take a label. */
export const REFUSALS = [
  "shape",
  "bad_id",
  "missing",
  "wrong_type",
  "unknown_field",
  "wrong_kind",
  "unknown_class",
  "unknown_attribute",
  "unknown_value",
  "not_finite",
  "not_exact",
  "outside",
  "negative",
  "empty",
  "too_small",
  "too_many",
  "not_rising",
  "no_such_label",
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

export interface Refusal {
  id: string;
  code: string;
  field?: string | null | undefined;
}

/** What the server answers to a save. */
export interface Saved {
  revision: number;
  others: Label[];
  gone: string[];
  refused: Refusal[];
  /** All labels, where the base was too old to say what changed since. */
  whole?: Label[] | undefined;
}

export type AttributeKind = "select" | "text" | "number" | "flag";

export interface AttributeRule {
  id: string;
  name: Bilingual;
  kind: AttributeKind;
  /** Of a `select`. */
  values?: { id: string; name: Bilingual }[] | undefined;
  required?: boolean | undefined;
}

/** What is done where something hides part of an object. */
export type Occlusion = "visible" | "whole" | "skip";

export interface ClassRule {
  id: string;
  name: Bilingual;
  /** `#rrggbb`. */
  color: string;
  /** One letter or figure; without one the first nine classes take 1 to 9. */
  shortcut?: string | null | undefined;
  kinds: Kind[];
  /** The place on a scale: -1, 0, 1. */
  value?: number | null | undefined;
  /** Smaller is not labelled: whole pixels of width and height. */
  min_size?: [number, number] | number[] | null | undefined;
  occlusion?: Occlusion | undefined;
  attributes?: AttributeRule[] | undefined;
}

export interface GuidePage {
  id: string;
  title: Bilingual;
  /** Markdown. */
  text: Bilingual;
  class?: string | null | undefined;
  examples?: { item?: number | null | undefined; good: boolean; note: Bilingual }[] | undefined;
}

export interface Guideline {
  title: Bilingual;
  classes: ClassRule[];
  pages?: GuidePage[] | undefined;
}
