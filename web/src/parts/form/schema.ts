// JSON schemas as the core publishes them (schemars, 2020-12): what each asks for, and whether a
// value gives it. Knows nothing of inputs.
import { fromMinor, toMinor } from "../../format/money";

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  title?: string;
  description?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  format?: string;
  [more: string]: unknown;
}

/** What a place of a form asks for. */
export type Ask =
  | { of: "const"; value: unknown }
  | { of: "choice"; family: string; codes: string[] }
  | { of: "variants"; family: string; tag: string; variants: { code: string; schema: Schema }[] }
  | { of: "object"; schema: Schema; fields: { name: string; schema: Schema; required: boolean }[] }
  | { of: "array"; items: Schema }
  | { of: "flag" }
  | { of: "integer"; minimum: number | null; maximum: number | null }
  | { of: "text"; kind: TextKind }
  | { of: "money" }
  | { of: "fraction" }
  | { of: "any" };

export type TextKind =
  "free" | "id" | "hash" | "instant" | "day" | "duration" | "decimal" | "percent" | "zone";

const TEXTS: Record<string, TextKind> = {
  Id: "id",
  ClauseId: "id",
  EvidenceId: "id",
  Timestamp: "instant",
  Date: "day",
  Duration: "duration",
  Decimal: "decimal",
  Percent: "percent",
  Zone: "zone",
};

export function snakeCase(name: string): string {
  return name
    .replace(/\d+$/, "")
    .replace(/(?<!^)([A-Z])/g, "_$1")
    .toLowerCase();
}

/** Follows references. The name is that of the last type passed through. */
export function resolve(schema: Schema, root: Schema, name = ""): { schema: Schema; name: string } {
  if (schema.$ref) {
    const to = schema.$ref.replace(/^#\/(\$defs|components\/schemas)\//, "");
    const target = root.$defs?.[to];
    return target ? resolve(target, root, to) : { schema: {}, name: to };
  }
  return { schema, name };
}

/** The schema without `null`, and whether `null` was allowed. */
export function present(schema: Schema): { schema: Schema; nullable: boolean } {
  const options = schema.anyOf;
  if (options?.some((option) => option.type === "null")) {
    const rest = options.filter((option) => option.type !== "null");
    const [only] = rest;
    const inner = rest.length === 1 && only ? only : { anyOf: rest };
    return { schema: { description: schema.description, ...inner }, nullable: true };
  }
  if (Array.isArray(schema.type) && schema.type.includes("null")) {
    const [type] = schema.type.filter((item) => item !== "null");
    return { schema: { ...schema, type }, nullable: true };
  }
  return { schema, nullable: false };
}

/** What `schema` asks for. `property`: the name that it stands under. */
export function ask(given: Schema, root: Schema, property = ""): Ask {
  const { schema, name } = resolve(present(given).schema, root);
  if (name === "Money") return { of: "money" };
  if (name === "Fraction") return { of: "fraction" };
  const known = TEXTS[name];
  if (known) return { of: "text", kind: known };
  if (schema.const !== undefined) return { of: "const", value: schema.const };
  const options = schema.oneOf ?? schema.anyOf;
  if (options) return ofOptions(options, snakeCase(name) || property, root);
  if (schema.enum) {
    return { of: "choice", family: snakeCase(name) || property, codes: schema.enum.map(String) };
  }
  switch (schema.type) {
    case "object":
      return { of: "object", schema, fields: fieldsOf(schema) };
    case "array":
      return { of: "array", items: schema.items ?? {} };
    case "boolean":
      return { of: "flag" };
    case "integer":
      return { of: "integer", minimum: schema.minimum ?? null, maximum: schema.maximum ?? null };
    case "string":
      return { of: "text", kind: /(^|_)sha256$/.test(property) ? "hash" : "free" };
    default:
      return schema.properties ? { of: "object", schema, fields: fieldsOf(schema) } : { of: "any" };
  }
}

function ofOptions(options: Schema[], family: string, root: Schema): Ask {
  const codes = options.flatMap((option) =>
    typeof option.const === "string" ? [option.const] : (option.enum?.map(String) ?? []),
  );
  if (options.every((option) => option.const !== undefined || option.enum)) {
    return { of: "choice", family, codes };
  }
  const objects = options.map((option) => resolve(option, root).schema);
  const tag = Object.keys(objects[0]?.properties ?? {}).find((name) =>
    objects.every((object) => typeof object.properties?.[name]?.const === "string"),
  );
  if (!tag) return { of: "any" };
  const variants = objects.map((schema) => ({
    code: String(schema.properties?.[tag]?.const),
    schema,
  }));
  return { of: "variants", family: family || tag, tag, variants };
}

function fieldsOf(schema: Schema): { name: string; schema: Schema; required: boolean }[] {
  const required = schema.required ?? [];
  const named = Object.entries(schema.properties ?? {}).map(([name, inner]) => ({
    name,
    schema: inner,
    required: required.includes(name),
  }));
  const order = (name: string) => (required.includes(name) ? required.indexOf(name) : 1000);
  return named.sort((a, b) => order(a.name) - order(b.name));
}

/** The clauses that a description names: "... Clauses: anno-3.4, train-3.1." */
export function clausesOf(schema: Schema): string[] {
  const match = /Clauses?: ([\w.\-, ]+?)\.(\s|$)/.exec(schema.description ?? "");
  return match?.[1]?.split(/,\s*/) ?? [];
}

/** What a new value begins as: constants stand, the rest is open. */
export function blank(schema: Schema, root: Schema, property = ""): unknown {
  const asked = ask(schema, root, property);
  switch (asked.of) {
    case "const":
      return asked.value;
    case "flag":
      return false;
    case "array":
      return [];
    case "object":
      return Object.fromEntries(
        asked.fields
          .filter((field) => field.required)
          .map((field) => [field.name, blank(field.schema, root, field.name)])
          .filter(([, value]) => value !== undefined),
      );
    default:
      return undefined;
  }
}

export type WrongCode =
  "needed" | "id" | "hash" | "number" | "amount" | "instant" | "duration" | "order";
export interface Wrong {
  pointer: string;
  code: WrongCode;
}

const SHAPES: Record<TextKind, [RegExp, WrongCode]> = {
  free: [/^[^]*$/, "needed"],
  id: [/^[A-Za-z0-9\-_.:/]{1,128}$/, "id"],
  hash: [/^[0-9a-f]{64}$/, "hash"],
  instant: [/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/, "instant"],
  day: [/^\d{4}-\d{2}-\d{2}$/, "instant"],
  duration: [/^\d+(min|h|d|wd|mo|y)$/, "duration"],
  decimal: [/^-?\d+(\.\d+)?$/, "number"],
  percent: [/^-?\d+(\.\d+)?%$/, "number"],
  zone: [/^[A-Za-z0-9_+\-/]+$/, "id"],
};

/** All that is missing or malformed, each with its JSON pointer. */
export function check(
  schema: Schema,
  root: Schema,
  value: unknown,
  pointer = "",
  property = "",
): Wrong[] {
  const wrong = (code: WrongCode): Wrong[] => [{ pointer, code }];
  if (value === undefined || value === null || value === "") return wrong("needed");
  const asked = ask(schema, root, property);
  switch (asked.of) {
    case "variants": {
      const code = (value as Record<string, unknown>)[asked.tag];
      const variant = asked.variants.find((item) => item.code === code);
      return variant ? check(variant.schema, root, value, pointer) : wrong("needed");
    }
    case "object":
      return checkObject(asked.fields, root, value as Record<string, unknown>, pointer);
    case "array":
      return (value as unknown[]).flatMap((item, i) =>
        check(asked.items, root, item, `${pointer}/${i}`),
      );
    case "integer": {
      const fits =
        Number.isSafeInteger(value) &&
        (asked.minimum === null || (value as number) >= asked.minimum) &&
        (asked.maximum === null || (value as number) <= asked.maximum);
      return fits ? [] : wrong("number");
    }
    case "money": {
      const { amount, currency } = value as { amount?: string; currency?: string };
      if (!amount) return wrong("needed");
      return toMinor(amount, currency ?? "CNY") === null ? wrong("amount") : [];
    }
    case "fraction":
      return typeof value === "object" && "num" in value ? [] : wrong("number");
    case "text": {
      const [shape, code] = SHAPES[asked.kind];
      return shape.test(String(value)) ? [] : wrong(code);
    }
    default:
      return [];
  }
}

function checkObject(
  fields: { name: string; schema: Schema; required: boolean }[],
  root: Schema,
  value: Record<string, unknown>,
  pointer: string,
): Wrong[] {
  const found = fields.flatMap(({ name, schema, required }) => {
    const inner = value[name];
    const absent = inner === undefined || inner === null || inner === "";
    if (absent && (!required || present(schema).nullable)) return [];
    return check(schema, root, inner, `${pointer}/${name}`, name);
  });
  const { from, to } = value;
  if (found.length === 0 && typeof from === "string" && typeof to === "string") {
    if (Date.parse(from) >= Date.parse(to)) return [{ pointer: `${pointer}/to`, code: "order" }];
  }
  return found;
}

/** The value as it is sent: absent where nothing was given, amounts with all their places. */
export function finished(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(finished);
  if (typeof value !== "object" || value === null) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== "");
  const object = Object.fromEntries(given.map(([name, inner]) => [name, finished(inner)]));
  const { amount, currency } = object as { amount?: unknown; currency?: unknown };
  if (given.length === 2 && typeof amount === "string" && typeof currency === "string") {
    const minor = toMinor(amount, currency);
    if (minor !== null) return { amount: fromMinor(minor, currency), currency };
  }
  return object;
}
