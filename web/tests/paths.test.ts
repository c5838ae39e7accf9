// Every address that the console asks for is one that the server has.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../src");
const contract = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../docs/openapi.json"), "utf8"),
) as { paths: Record<string, unknown> };

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "api" ? [] : sources(path);
    return /\.tsx?$/.test(name) && name !== "routes.tsx" ? [readFileSync(path, "utf8")] : [];
  });
}

/** `/agreements/{id}` and at`/agreements/${id}` are the same address. */
const plain = (path: string) => path.replace(/\$?\{[^}]*\}/g, "*");

/** What is read, written or linked to: the first argument of a read, the `path` of a write. */
const ASKED =
  /(?:use(?:Read|Pages)(?:<[^(]*>)?\(\s*(?:[\w.!=" ]+\?\s*)?|"(?:GET|POST|PUT|PATCH|DELETE)",\s*|\bpath[:=]\s*\{?|address\(\s*)(?:at)?["`](\/[^"`]*)["`]/g;

test("the server has every address that is asked for", () => {
  const served = Object.keys(contract.paths).map((path) => {
    const parts = plain(path.replace(/^\/api\/v1/, "")).split("*");
    return new RegExp(`^${parts.map((part) => part.replaceAll(".", "\\.")).join("[^/]+")}$`);
  });
  const asked = sources(src).flatMap((text) =>
    [...text.matchAll(ASKED)].map((match) => plain(match[1] ?? "")),
  );
  expect(new Set(asked).size).toBeGreaterThan(40);
  expect([...new Set(asked)].filter((path) => !served.some((one) => one.test(path)))).toEqual([]);
});
