// The guided form: which part of an agreement each step asks for. Every value of the schema belongs
// to exactly one step.
import { ask, type Schema } from "../../parts/form/schema";

export const STEPS = ["parties", "service", "standards", "money", "common", "language"] as const;
export type Step = (typeof STEPS)[number];

const TOP: Partial<Record<string, Step>> = {
  id: "parties",
  title: "parties",
  customer: "parties",
  vendor: "parties",
  term: "parties",
  documents: "parties",
  customer_duties: "service",
  support: "service",
  service_level: "standards",
  currency: "money",
  rounding: "money",
  payment: "money",
  prevailing_language: "language",
  precedence: "language",
  zone: "language",
  calendar: "language",
};

/** Of the service, by its own fields; what is not named here says what the service is. */
const SERVICE: Partial<Record<string, Step>> = {
  acceptance: "standards",
  standards: "standards",
  test_set: "standards",
  acceptance_period: "standards",
  round_within: "standards",
  max_rounds: "standards",
  repair_within: "standards",
  late_repair_hour: "standards",
  verification: "standards",
  accuracy: "standards",
  response: "standards",
  items: "money",
  fee: "money",
  milestones: "money",
  gpu_price: "money",
  storage_price: "money",
  one_off: "money",
  total: "money",
  plan: "money",
  settlement: "money",
};

/** The step that a value belongs to, by its path (`service.gpu_price.price`). */
export function stepOf(path: string): Step {
  const [top = "", inner = ""] = path.split(/[./[\]]/).filter(Boolean);
  if (top === "service") return SERVICE[inner] ?? "service";
  return TOP[top] ?? "common";
}

/** The schema of one step for agreements whose service is `kind`; `null` where nothing is asked. */
export function schemaOf(root: Schema, kind: string, step: Step): Schema | null {
  const service = root.properties?.["service"];
  const asked = service ? ask(service, root, "service") : null;
  const variant =
    asked?.of === "variants" ? asked.variants.find((one) => one.code === kind)?.schema : undefined;
  const inner = variant ? only(variant, (name) => stepOf(`service.${name}`) === step) : null;
  const own = only(root, (name) => name !== "service" && stepOf(name) === step) ?? {
    type: "object",
    properties: {},
    required: [],
  };
  const properties = { ...own.properties, ...(inner ? { service: inner } : {}) };
  if (Object.keys(properties).length === 0) return null;
  const required = inner ? ["service", ...(own.required ?? [])] : own.required;
  return { type: "object", properties, required, $defs: root.$defs };
}

/** An object schema with some of its properties; constants are never asked for. */
function only(schema: Schema, keep: (name: string) => boolean): Schema | null {
  const kept = Object.entries(schema.properties ?? {}).filter(
    ([name, inner]) => keep(name) && name !== "format" && inner.const === undefined,
  );
  if (kept.length === 0) return null;
  return {
    type: "object",
    description: schema.description,
    properties: Object.fromEntries(kept),
    required: (schema.required ?? []).filter((name) => kept.some(([own]) => own === name)),
  };
}

/** `service.items[0].price` or `service.items.0.price` as a JSON pointer. */
export function pointerOf(path: string): string {
  const parts = path.split(/[.[\]]/).filter((part) => part !== "");
  return parts.map((part) => `/${part}`).join("");
}
