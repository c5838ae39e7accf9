// The end-to-end suite: every scenario in Chinese and in English. `node run.mjs NAME..` runs some.

import { launch, scene } from "./lib/browser.mjs";
import { delivery } from "./delivery.mjs";
import { life } from "./life.mjs";
import { negotiate } from "./negotiate.mjs";
import { review } from "./review.mjs";
import { tour } from "./tour.mjs";

const SCENARIOS = {
  "life-en": (browser) => life(browser, "en"),
  "life-zh": (browser) => life(browser, "zh"),
  "proofs-en": async (browser) => (await import("./proofs.mjs")).proofs(browser, "en"),
  "proofs-zh": async (browser) => (await import("./proofs.mjs")).proofs(browser, "zh"),
  "delivery-en": (browser) => delivery(browser, "en"),
  "delivery-zh": (browser) => delivery(browser, "zh"),
  "negotiate-en": (browser) => negotiate(browser, "en"),
  "negotiate-zh": (browser) => negotiate(browser, "zh"),
  "review-en": (browser) => review(browser, "en"),
  "review-zh": (browser) => review(browser, "zh"),
  tour,
};

const wanted = process.argv.slice(2);
const browser = await launch();
let [passed, failed] = [0, 0];
for (const [name, run] of Object.entries(SCENARIOS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const begin = Date.now();
  try {
    await run(browser);
    passed += 1;
    console.log(`ok ${name} (${Math.round((Date.now() - begin) / 1000)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error?.stack ?? error}`);
    await scene();
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
