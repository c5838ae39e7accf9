// The steps of the guided form, held against the published schema.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { KINDS } from "../src/pages/draft/samples";
import { pointerOf, schemaOf, STEPS, stepOf } from "../src/pages/draft/steps";
import { ask, type Schema } from "../src/parts/form/schema";
import lexicon from "../src/words/lexicon.json";

const root = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../docs/agreement.schema.json"), "utf8"),
) as Schema;

describe.each(KINDS)("the steps of an agreement on %s", (kind) => {
  const steps = STEPS.map((step) => schemaOf(root, kind, step));

  it("ask for every value of the agreement once", () => {
    const asked = steps.flatMap((schema) => Object.keys(schema?.properties ?? {}));
    const wanted = Object.keys(root.properties ?? {}).filter((name) => name !== "format");
    expect([...new Set(asked)].sort()).toEqual(wanted.sort());
    const twice = asked.filter((name, at) => name !== "service" && asked.indexOf(name) !== at);
    expect(twice).toEqual([]);
  });

  it("ask for every value of the service once", () => {
    const asked = steps.flatMap((schema) =>
      Object.keys(schema?.properties?.["service"]?.properties ?? {}),
    );
    const service = ask(root.properties?.["service"] ?? {}, root, "service");
    const variant =
      service.of === "variants" ? service.variants.find((one) => one.code === kind) : undefined;
    const wanted = Object.keys(variant?.schema.properties ?? {}).filter((name) => name !== "type");
    expect(asked.sort()).toEqual(wanted.sort());
  });

  it("leave no step empty", () => {
    expect(steps.filter((schema) => schema === null)).toEqual([]);
  });
});

it("every value of an agreement has a name in the lexicon", () => {
  const names = new Set<string>();
  const walk = (schema: unknown): void => {
    if (typeof schema !== "object" || schema === null) return;
    const { properties } = schema as Schema;
    if (properties) for (const name of Object.keys(properties)) names.add(name);
    Object.values(schema).forEach(walk);
  };
  walk(root);
  expect([...names].filter((name) => !(`term_field.${name}` in lexicon))).toEqual([]);
});

it("a problem leads to its step and to its field", () => {
  expect(stepOf("service.gpu_price.price")).toBe("money");
  expect(stepOf("service.servers[0].count")).toBe("service");
  expect(stepOf("liability.cap")).toBe("common");
  expect(pointerOf("service.items[1].price")).toBe("/service/items/1/price");
});
