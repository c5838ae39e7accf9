// What the content policy of the server forbids is not in the sources either.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

const web = join(import.meta.dirname, "..");

function lines(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return lines(path);
    if (!/\.(tsx?|css|html|svg)$/.test(name)) return [];
    return readFileSync(path, "utf8")
      .split("\n")
      .map((line, i) => `${relative(web, path)}:${i + 1} ${line.trim()}`);
  });
}

const all = [...lines(join(web, "src")), ...lines(join(web, "public"))];
const found = (pattern: RegExp) => all.filter((line) => pattern.test(line));

test("no HTML is made from text and no text is run", () => {
  expect(found(/dangerouslySetInnerHTML|\.(inner|outer)HTML|insertAdjacentHTML/)).toEqual([]);
  expect(found(/\beval\(|new Function\(|document\.write/)).toEqual([]);
});

test("no address of another host stands in the sources", () => {
  const elsewhere = found(/https?:\/\/[\w-]/).filter(
    (line) => !/www\.w3\.org\/2000\/svg/.test(line),
  );
  expect(elsewhere).toEqual([]);
});

test("the page holds no script and no handler of its own", () => {
  const page = readFileSync(join(web, "index.html"), "utf8");
  expect(page.match(/<script(?![^>]*\bsrc=)/)).toBeNull();
  expect(page.match(/\son\w+=/)).toBeNull();
});
