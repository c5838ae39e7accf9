/**
 * The terms in force, read along their schema: each value with its name, its type and the clauses
 * that it fills. The schema says which clauses; only those of the agreement's own kind and the
 * common ones are named.
 */
import { present, resolve, type Schema } from "../../../parts/form/schema";
import type { Terms } from "../types";

/** A value of the terms. */
export interface Term {
  /** `payment.late_fee.rate`. */
  path: string;
  /** The last field of the path that is a name, such as `rate`. */
  field: string;
  /** How deep it stands in its section, from 0. */
  depth: number;
  /** The name of its type in the schema: `Money`, `Duration`, `RoundingMode`. */
  type: string | null;
  /** A text, a number, yes or no, a list of such; `null` where fields follow below. */
  value: string | number | boolean | (string | number)[] | null;
  clauses: string[];
}

/** Terms under one heading. */
export interface Section {
  field: string;
  clauses: string[];
  terms: Term[];
}

/** Fields that the page shows elsewhere, or that say nothing to a person. */
const ELSEWHERE = new Set(["format", "id", "title", "documents"]);
const FAMILY: Record<string, string> = {
  annotation: "anno",
  training: "train",
  lease: "lease",
  classification: "class",
};

/** The order in which the sections are read: parties and service, money, rights, the end. */
const ORDER = [
  "general",
  "customer",
  "vendor",
  "term",
  "service",
  "service_level",
  "support",
  "customer_duties",
  "payment",
  "data_rights",
  "training_use",
  "intellectual_property",
  "security",
  "compliance",
  "liability",
  "force_majeure",
  "termination",
  "disputes",
];

/** The sections of an agreement; a field that is new comes last. */
export function sections(agreement: Terms, schema: Schema): Section[] {
  const reader = new Reader(schema, FAMILY[agreement.service.type] ?? "");
  const root = reader.resolve(schema).schema;
  const plain: Section = { field: "general", clauses: [], terms: [] };
  const found: Section[] = [plain];
  for (const [field, of] of Object.entries(reader.fields(root, agreement))) {
    const value = agreement[field];
    if (ELSEWHERE.has(field) || value === undefined || value === null) continue;
    if (isTree(value)) {
      const terms = reader.below(of, value, field, 0);
      if (terms.length > 0) found.push({ field, clauses: reader.clauses(of), terms });
    } else {
      plain.terms.push(...reader.terms(field, of, value, field, 0));
    }
  }
  const rank = (section: Section) =>
    ORDER.indexOf(section.field) + (ORDER.includes(section.field) ? 0 : 100);
  return found.filter((section) => section.terms.length > 0).sort((a, b) => rank(a) - rank(b));
}

function isTree(value: unknown): boolean {
  return (
    typeof value === "object" &&
    (!Array.isArray(value) || value.some((one) => typeof one === "object"))
  );
}

class Reader {
  constructor(
    private readonly root: Schema,
    private readonly family: string,
  ) {}

  /** Follows references and leaves out `null`; the name of the type where it has one. */
  resolve(schema: Schema): { name: string | null; schema: Schema } {
    const found = resolve(present(schema).schema, this.root);
    return { name: found.name === "" ? null : found.name, schema: found.schema };
  }

  /** The fields of an object: of the alternative whose tag the value has. */
  fields(schema: Schema, value: unknown): Record<string, Schema> {
    const of = value as Record<string, unknown>;
    const alternative = schema.oneOf?.find((one) => {
      const tag = this.resolve(one).schema.properties?.["type"]?.const;
      return tag !== undefined && tag === of["type"];
    });
    const chosen = alternative ? this.resolve(alternative).schema.properties : undefined;
    return { ...schema.properties, ...chosen };
  }

  /** The clauses that a description names, as far as they belong to this kind of agreement. */
  clauses(schema: Schema): string[] {
    const named = [schema, this.resolve(schema).schema].flatMap((one) => {
      const [, list = ""] = /Clauses?:\s*([^]*)$/.exec(one.description ?? "") ?? [];
      return list.match(/[a-z]+-\d+(\.\d+)*/g) ?? [];
    });
    const own = named.filter((id) => id.startsWith(`${this.family}-`) || id.startsWith("pb-"));
    return [...new Set(own)];
  }

  terms(field: string, schema: Schema, value: unknown, path: string, depth: number): Term[] {
    if (value === null || value === undefined) return [];
    const { name, schema: of } = this.resolve(schema);
    const clauses = this.clauses(schema);
    const head: Term = { path, field, depth, type: name, value: null, clauses };
    if (Array.isArray(value)) return this.list(head, of, value);
    if (typeof value === "object") {
      return [head, ...this.below(schema, value, path, depth + 1)];
    }
    return [{ ...head, value: value as string | number | boolean }];
  }

  private list(head: Term, of: Schema, values: unknown[]): Term[] {
    if (values.length === 0) return [];
    const item = of.items ?? {};
    if (values.every((one) => typeof one !== "object")) {
      return [{ ...head, type: this.resolve(item).name, value: values as (string | number)[] }];
    }
    const rows = values.map((one, place) => {
      const named = (one as { id?: string; name?: string }).id ?? (one as { name?: string }).name;
      const path = `${head.path}.${place}`;
      const title: Term = { ...head, path, value: named ?? place + 1, type: "Id", clauses: [] };
      const below = this.below(item, one, path, head.depth + 1);
      return [
        { ...title, clauses: place === 0 ? head.clauses : [] },
        ...below.filter((term) => term.field !== "id"),
      ];
    });
    return rows.flat();
  }

  /** The terms of an object's fields, without its tag where the tag alone is no term. */
  below(schema: Schema, value: unknown, path: string, depth: number): Term[] {
    if (Array.isArray(value)) {
      const head: Term = { path, field: path, depth, type: null, value: null, clauses: [] };
      return this.list(head, this.resolve(schema).schema, value);
    }
    const { name, schema: of } = this.resolve(schema);
    const fields = this.fields(of, value);
    return Object.entries(value as Record<string, unknown>).flatMap(([field, one]) => {
      if (field === "type" && typeof one === "string") {
        return [
          { path: `${path}.type`, field: "type", depth, type: name, value: one, clauses: [] },
        ];
      }
      return this.terms(field, fields[field] ?? {}, one, `${path}.${field}`, depth);
    });
  }
}

/** The units of durations as they are written. */
export type DurationUnit = "min" | "h" | "d" | "wd" | "mo" | "y";

/** A duration such as `3wd`, `72h`, `1mo` in its count and its unit. */
export function duration(text: string): { count: string; unit: DurationUnit } | null {
  const [, count, unit] = /^(\d+)(min|h|d|wd|mo|y)$/.exec(text) ?? [];
  return count !== undefined && unit !== undefined ? { count, unit: unit as DurationUnit } : null;
}
