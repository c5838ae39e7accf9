// Prints what each page costs and fails when the first page is over its budget.
// The first page is the entry, all it imports, and what boot loads before it draws.
import { readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { join } from "node:path";

const BUDGET = 500 * 1024;
const dist = new URL("../dist/", import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
// The list is for this script alone; the server embeds what is left.
rmSync(join(dist, ".vite"), { recursive: true });

const gzip = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

/** The files that `key` needs before it can run. */
function closure(key, files = new Set(), seen = new Set()) {
  if (seen.has(key)) return files;
  seen.add(key);
  const chunk = manifest[key];
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const next of chunk.imports ?? []) closure(next, files, seen);
  return files;
}

const sum = (files) => [...files].reduce((total, file) => total + gzip(file), 0);
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

const boot = closure("index.html");
for (const key of Object.keys(manifest)) {
  if (/src\/words\/load\/(zh|en)\.ts$/.test(key) && key.endsWith("zh.ts")) closure(key, boot);
}
const rows = [];
for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry || !key.startsWith("src/pages/")) continue;
  const files = closure(key, new Set(boot));
  rows.push([key.replace("src/pages/", ""), sum(files)]);
}
const first = Math.max(
  ...rows.filter(([name]) => /^(SignIn|Agreements)\./.test(name)).map(([, size]) => size),
  sum(boot),
);

console.log(`boot  ${kb(sum(boot))} gzip`);
for (const [name, size] of rows.sort((a, b) => b[1] - a[1]))
  console.log(`page  ${kb(size)}  ${name}`);
const all = readdirSync(join(dist, "assets")).map((name) => join("assets", name));
console.log(
  `all   ${kb(all.reduce((t, f) => t + gzip(f), 0))} gzip, ` +
    `${kb(all.reduce((t, f) => t + statSync(join(dist, f)).size, 0))} raw, ${all.length} files`,
);
if (first > BUDGET) {
  console.error(`The first page is ${kb(first)} gzip, over its budget of ${kb(BUDGET)}.`);
  process.exit(1);
}
console.log(`first page ${kb(first)} of ${kb(BUDGET)} gzip`);
