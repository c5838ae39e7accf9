// The sample deployment, and who may sign in to it.

import { cpSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { OUT, tally } from "./server.mjs";

/** A sample deployment in a folder of its own; it is made once for all scenarios, and copied. */
export function sample(data) {
  const made = join(OUT, "made-once");
  if (!existsSync(made)) {
    const own = `${made}-${process.pid}`;
    tally(["demo", own]);
    try {
      renameSync(own, made);
    } catch (error) {
      // Another scenario was faster.
      if (!existsSync(made)) throw error;
      rmSync(own, { recursive: true });
    }
  }
  cpSync(made, data, { recursive: true });
}

/** The accounts that `tally demo` wrote down. */
export function accounts(data) {
  const told = readFileSync(join(data, "demo-accounts.txt"), "utf8");
  const password = /^(?:password|密码)[^:：]*[:：]\s*(\S+)/m.exec(told)?.[1];
  const owners = [...told.matchAll(/^(\S+@\S+)\s+owner\b/gm)].map((found) => found[1]);
  const [customer, vendor] = owners;
  return { password, customer, vendor };
}
