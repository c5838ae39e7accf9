// Who may sign in to the sample deployment.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The accounts that `tally demo` wrote down. */
export function accounts(data) {
  const told = readFileSync(join(data, "demo-accounts.txt"), "utf8");
  const password = /^(?:password|密码)[^:：]*[:：]\s*(\S+)/m.exec(told)?.[1];
  const owners = [...told.matchAll(/^(\S+@\S+)\s+owner\b/gm)].map((found) => found[1]);
  const [customer, vendor] = owners;
  return { password, customer, vendor };
}
