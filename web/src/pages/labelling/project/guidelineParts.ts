// What the form of a guideline makes of attributes and examples: nothing empty is sent.
import type { AttributeRule, GuidePage } from "../../../labelling/types";

type Example = NonNullable<GuidePage["examples"]>[number];

/** Values belong to a choice alone; what is not required says nothing of it. */
export function attributesOf(attributes: readonly AttributeRule[]): AttributeRule[] {
  return attributes.map(({ values, required, ...rule }) => ({
    ...rule,
    ...(rule.kind === "select" ? { values: values ?? [] } : {}),
    ...(required ? { required } : {}),
  }));
}

/** An example without an item is a sentence alone. */
export function examplesOf(examples: readonly Example[]): Example[] {
  return examples.map(({ item, good, note }) => ({
    ...(typeof item === "number" ? { item } : {}),
    good,
    note: { zh: note?.zh ?? "", en: note?.en ?? "" },
  }));
}
