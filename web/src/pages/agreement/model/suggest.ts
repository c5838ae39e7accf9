/** Names that a form may offer, read from the terms: batches, work items, resources, test sets. */
import type { Terms } from "../types";

type Named = { id?: unknown }[];

/** Names by the property that they fill. */
export function suggestions(terms: Terms): Record<string, string[]> {
  const { service } = terms;
  const ids = (...fields: string[]): string[] =>
    fields.flatMap((field) => {
      const value = service[field];
      const list = Array.isArray(value)
        ? (value as Named)
        : value
          ? [value as { id?: unknown }]
          : [];
      return list.flatMap((one) => (typeof one.id === "string" ? [one.id] : []));
    });
  const duties = terms["customer_duties"];
  const accuracy = service["accuracy"] as { test_set?: string } | undefined;
  const found: Record<string, string[]> = {
    batch: ids("data_schedule", "datasets"),
    item: ids("items"),
    test_set: [...ids("test_set"), ...(accuracy?.test_set ? [accuracy.test_set] : [])],
    model: ids("custom_models"),
    resource: [
      ...ids("servers"),
      ...(service.type === "lease" ? ["network", "storage"] : []),
      ...ids("datasets"),
    ],
    duty: Array.isArray(duties) ? (duties as { id: string }[]).map((one) => one.id) : [],
    milestone: ids("milestones"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, names]) => names.length > 0));
}
