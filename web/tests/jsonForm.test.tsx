// The form asks for what the published schema of a fact asks for, and its value is the fact.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { act, type ReactNode, useState } from "react";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";

import { JsonForm } from "../src/parts/form/JsonForm";
import {
  ask,
  blank,
  check,
  clausesOf,
  finished,
  type Schema,
  snakeCase,
} from "../src/parts/form/schema";

const event = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../docs/event.schema.json"), "utf8"),
) as Schema;
const defs = event.$defs ?? {};
const root: Schema = { ...defs["Fact"], $defs: defs };
const fact = (code: string): Schema =>
  root.oneOf?.find((option) => option.properties?.["fact"]?.const === code) ?? {};

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

function show(node: ReactNode): HTMLElement {
  const place = document.body.appendChild(document.createElement("div"));
  act(() => createRoot(place).render(node));
  return place;
}

function type(input: HTMLInputElement, text: string): void {
  act(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, text);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

test("every field of every fact has an input of its own kind", () => {
  for (const option of root.oneOf ?? []) {
    for (const [name, schema] of Object.entries(option.properties ?? {})) {
      const asked = ask(schema, root, name);
      expect(asked.of, `${JSON.stringify(option.properties?.["fact"]?.const)} ${name}`).not.toBe(
        "any",
      );
    }
  }
});

test("a type is named in the lexicon as the core names it", () => {
  const family = (name: string) => {
    const asked = ask({ $ref: `#/$defs/${name}` }, root);
    return asked.of === "choice" ? asked.family : asked.of;
  };
  expect(family("EndState")).toBe("end_state");
  expect(family("Side")).toBe("side");
  expect(snakeCase("Payment2")).toBe("payment");
  expect(ask(root, root)).toMatchObject({ of: "variants", tag: "fact" });
});

test("what is missing or malformed is told with its place", () => {
  const value = {
    fact: "job_ran",
    job: "101",
    devices: ["node1:gpu0", ""],
    window: { from: "2026-01-05T08:00:00+08:00", to: "2026-01-05T08:00:00+08:00" },
  };
  expect(check(root, root, value)).toEqual([
    { pointer: "/devices/1", code: "needed" },
    { pointer: "/window/to", code: "order" },
    { pointer: "/end", code: "needed" },
  ]);
  const whole = {
    ...value,
    devices: ["node1:gpu0"],
    end: "completed",
    window: { ...value.window, to: "2026-01-05T09:00:00+08:00" },
  };
  expect(check(root, root, whole)).toEqual([]);
  expect(
    check(root, root, { fact: "model_delivered", round: 1.5, sha256: "ab" }).map((w) => w.code),
  ).toEqual(["number", "hash"]);
});

test("amounts are sent with all their places and nothing that was not given", () => {
  expect(
    finished({ amount: { amount: "12.5", currency: "CNY" }, note: "", other: undefined }),
  ).toEqual({
    amount: { amount: "12.50", currency: "CNY" },
  });
});

test("the clauses of a field are found in its description", () => {
  expect(
    clausesOf({ description: "A party handed over data. Clauses: anno-3.4, train-3.1." }),
  ).toEqual(["anno-3.4", "train-3.1"]);
  expect(clausesOf({ description: "The batch." })).toEqual([]);
});

test("a form filled by hand gives the fact, and points to the field that is wrong", () => {
  let value: unknown = blank(fact("delivery_submitted"), root);
  function Host() {
    const [held, setHeld] = useState(value);
    return (
      <JsonForm
        schema={{ ...fact("delivery_submitted"), $defs: defs }}
        value={held}
        strict
        onChange={(next) => {
          value = next;
          setHeld(next);
        }}
      />
    );
  }
  const place = show(<Host />);
  const wrongBefore = place.querySelectorAll(".field-wrong").length;
  const inputs = [
    ...place.querySelectorAll<HTMLInputElement>(".json-field input:not([type=file])"),
  ];
  expect(inputs.length).toBe(3);
  for (const input of inputs) {
    const field = input.closest(".json-field");
    const kind =
      input.getAttribute("inputmode") === "numeric"
        ? "2"
        : input.placeholder === "SHA-256"
          ? "a".repeat(64)
          : "lot-1";
    expect(field?.querySelector(`label[for="${input.id}"]`)).not.toBeNull();
    type(input, kind);
  }
  expect(value).toEqual({
    fact: "delivery_submitted",
    delivery: "lot-1",
    round: 2,
    items: [],
    sha256: "a".repeat(64),
  });
  expect(place.querySelectorAll(".field-wrong").length).toBe(wrongBefore - 3);
});
