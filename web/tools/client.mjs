// Makes the typed client in src/api/ from docs/openapi.json; with --check, says whether the one that
// is committed is the one that would be made.
import { createClient } from "@hey-api/openapi-ts";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const here = import.meta.dirname;
const contract = join(here, "../../docs/openapi.json");
const committed = join(here, "../src/api");
const check = process.argv.includes("--check");
const output = check ? mkdtempSync(join(tmpdir(), "tally-client-")) : committed;

await createClient({
  input: contract,
  output: { path: output, clean: true, indexFile: false },
  plugins: [{ name: "@hey-api/typescript", enums: false }],
  logs: { level: "error" },
});

if (check) {
  const [made, have] = [files(output), files(committed)];
  const stale = [...new Set([...made.keys(), ...have.keys()])].filter(
    (name) => made.get(name) !== have.get(name),
  );
  rmSync(output, { recursive: true });
  if (stale.length > 0) {
    console.error(`src/api is not what docs/openapi.json gives: ${stale.join(", ")}`);
    console.error("npm run client makes it anew.");
    process.exit(1);
  }
  console.log(`src/api is what docs/openapi.json gives (${made.size} files).`);
}

/** Every file below a folder with what it holds. */
function files(folder, root = folder, found = new Map()) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) files(path, root, found);
    else found.set(relative(root, path), readFileSync(path, "utf8"));
  }
  return found;
}
