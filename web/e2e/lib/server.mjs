// The real binary as the suite runs it: a deployment in a folder of its own, a server on a free
// port, started again with another clock where a scenario lets time pass.

import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

export const TALLY = process.env.TALLY;
export const OUT = process.env.E2E_DIR;
if (!TALLY || !OUT) throw new Error("TALLY (the binary) and E2E_DIR (a folder) are needed");

/** Runs the binary and gives what it said; fails with what it said on the error stream. */
export function tally(args, options = {}) {
  const env = { ...process.env, ...options.env };
  delete env.TALLY_DATA;
  const done = spawnSync(TALLY, args, { encoding: "utf8", ...options, env });
  if (done.status !== (options.status ?? 0)) {
    throw new Error(`tally ${args.join(" ")}: ${done.status}\n${done.stdout}\n${done.stderr}`);
  }
  return done.stdout;
}

/** A folder below the suite's own. */
export function folder(name) {
  const path = join(OUT, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** A port that nobody listens on. */
export async function freePort() {
  const probe = createServer();
  await new Promise((ready) => probe.listen(0, "127.0.0.1", ready));
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

/** Serves a deployment; `lines` collects what the server says. */
export async function serve(data, { now, port, args = [] } = {}) {
  port ??= await freePort();
  const origin = `http://localhost:${port}`;
  const words = ["--data", data];
  if (now) words.push("--now", now);
  words.push("serve", "--listen", `127.0.0.1:${port}`, "--origin", origin, ...args);
  const env = { ...process.env, TALLY_LANG: "en" };
  delete env.TALLY_DATA;
  delete env.TALLY_NOW;
  const child = spawn(TALLY, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  const server = { origin, port, child, lines: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text) => (server.lines += text));
  }
  server.exited = new Promise((done) => child.once("exit", (code) => done(code)));
  server.stop = async () => {
    child.kill("SIGTERM");
    return server.exited;
  };
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the server ended:\n${server.lines}`);
    return (await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { host: `localhost:${port}` } })).ok;
  }, `the server at ${origin}`);
  return server;
}

/** Asks until the answer is yes; gives up after half a minute. */
export async function until(question, what) {
  const end = Date.now() + 30_000;
  let last;
  while (Date.now() < end) {
    try {
      const answer = await question();
      if (answer) return answer;
    } catch (error) {
      if (String(error).includes("the server ended")) throw error;
      last = error;
    }
    await new Promise((again) => setTimeout(again, 100));
  }
  throw new Error(`waited in vain for ${what}${last ? `: ${last}` : ""}`);
}
