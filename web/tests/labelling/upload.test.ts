// Files reach the server whole, through a network that fails.
import { expect, test } from "vitest";

import { carry, each, type Carrier } from "../../src/labelling/upload";

class Away extends Error {}

/** A server that loses every answer or every part as the rows say. */
function peer(fails: string[]): Carrier & { bytes: number[]; asked: string[] } {
  const bytes: number[] = [];
  const asked: string[] = [];
  const maybe = (what: string) => {
    asked.push(what);
    if (fails[0] === what) {
      fails.shift();
      return true;
    }
    return false;
  };
  return {
    bytes,
    asked,
    begin: async () => {
      if (maybe("begin")) throw new Away();
      return { upload: "u1", offset: bytes.length };
    },
    send: async (_upload, offset, part) => {
      if (maybe("part")) throw new Away();
      if (offset !== bytes.length) throw new Error("a hole");
      const data = await new Promise<ArrayBuffer>((done) => {
        const reader = new FileReader();
        reader.onload = () => done(reader.result as ArrayBuffer);
        reader.readAsArrayBuffer(part);
      });
      bytes.push(...new Uint8Array(data));
      if (maybe("answer")) throw new Away();
      return bytes.length;
    },
    has: async () => {
      if (maybe("has")) throw new Away();
      return bytes.length;
    },
    away: (error) => error instanceof Away,
    pause: async () => undefined,
  };
}

const rows: [string, string[]][] = [
  ["an even way", []],
  ["a lost beginning", ["begin"]],
  ["a lost part", ["part", "part"]],
  ["a lost answer", ["answer"]],
  ["a lost answer and a lost question", ["answer", "has", "has"]],
];
test.each(rows)("a file arrives whole over %s", async (_name, fails) => {
  const content = Uint8Array.from({ length: 10 }, (_, at) => at);
  const server = peer([...fails]);
  const told: number[] = [];
  const file = new File([content], "a.bin");
  expect(await carry(file, server, (sent) => told.push(sent), 4)).toBe("u1");
  expect(server.bytes).toEqual([...content]);
  expect(told.at(-1)).toBe(10);
});

test("what the server refuses is not tried again", async () => {
  const server = peer([]);
  server.send = async () => {
    throw new Error("too large");
  };
  await expect(carry(new File(["abc"], "a"), server, () => undefined)).rejects.toThrow("too large");
});

test("a server that never comes back is given up in the end", async () => {
  const server = peer(Array.from({ length: 99 }, () => "begin"));
  await expect(carry(new File(["abc"], "a"), server, () => undefined)).rejects.toThrow(Away);
});

test("several run at once, each of them one time", async () => {
  let [running, most] = [0, 0];
  const done: number[] = [];
  await each([1, 2, 3, 4, 5, 6, 7], 3, async (one) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    done.push(one);
  });
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});
