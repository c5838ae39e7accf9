import { webcrypto } from "node:crypto";

import { beforeAll, expect, it } from "vitest";

import { commitmentOf, newSeed, readSeed, seedFile } from "../../src/pages/agreement/model/seed";

beforeAll(() => {
  if (!globalThis.crypto?.subtle) Object.defineProperty(globalThis, "crypto", { value: webcrypto });
});

it("commits to a seed as the core checks it", async () => {
  const seed = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, "0")).join("");
  // SHA-256 of the tag with its NUL and the bytes 00 to 1f.
  const commitment = "8e5c34cab57d801c3962a0bae5ee37f21381f642b567f39b66929120d24e4bfa";
  expect(await commitmentOf(seed)).toBe(commitment);
});

it("reads back the file that it saves, and nothing else", () => {
  const seed = newSeed();
  expect(readSeed(`${seed}\n`)).toBe(seed);
  expect(readSeed(seed.toUpperCase())).toBe(seed);
  for (const text of ["", seed.slice(1), `${seed}0`, "not a seed"]) {
    expect(readSeed(text)).toBeNull();
  }
});

it("names a seed's file by its delivery and its party", () => {
  expect(seedFile("round/1", "vendor")).toBe("round-1.vendor.seed");
});
