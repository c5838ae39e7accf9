// The end-to-end suite: every scenario in Chinese and in English. `node run.mjs NAME..` runs some.
// Each runs in a process and a browser of its own, two at a time; the longest begins.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { launch, scene } from "./lib/browser.mjs";
import { delivery } from "./delivery.mjs";
import { labelling } from "./labelling.mjs";
import { life } from "./life.mjs";
import { model } from "./model.mjs";
import { negotiate } from "./negotiate.mjs";
import { review } from "./review.mjs";
import { texts } from "./texts.mjs";
import { tour } from "./tour.mjs";
import { training } from "./training.mjs";
import { videos } from "./videos.mjs";

const SCENARIOS = {
  tour,
  "life-en": (browser) => life(browser, "en"),
  "life-zh": (browser) => life(browser, "zh"),
  "proofs-en": async (browser) => (await import("./proofs.mjs")).proofs(browser, "en"),
  "proofs-zh": async (browser) => (await import("./proofs.mjs")).proofs(browser, "zh"),
  "delivery-en": (browser) => delivery(browser, "en"),
  "delivery-zh": (browser) => delivery(browser, "zh"),
  "texts-en": (browser) => texts(browser, "en"),
  "texts-zh": (browser) => texts(browser, "zh"),
  "videos-en": (browser) => videos(browser, "en"),
  "videos-zh": (browser) => videos(browser, "zh"),
  "labelling-en": (browser) => labelling(browser, "en"),
  "labelling-zh": (browser) => labelling(browser, "zh"),
  "training-en": (browser) => training(browser, "en"),
  "training-zh": (browser) => training(browser, "zh"),
  "negotiate-en": (browser) => negotiate(browser, "en"),
  "negotiate-zh": (browser) => negotiate(browser, "zh"),
  "model-en": (browser) => model(browser, "en"),
  "model-zh": (browser) => model(browser, "zh"),
  "review-en": (browser) => review(browser, "en"),
  "review-zh": (browser) => review(browser, "zh"),
};

/** How many run at once. */
const LANES = 2;

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in SCENARIOS))
    throw new Error(`no scenario ${name}: ${Object.keys(SCENARIOS).join(" ")}`);
}
if (wanted.length === 1) {
  process.exit((await one(wanted[0])) ? 0 : 1);
}

/** Runs one scenario here. */
async function one(name) {
  const begin = Date.now();
  const browser = await launch();
  try {
    await SCENARIOS[name](browser);
    console.log(`ok ${name} (${Math.round((Date.now() - begin) / 1000)} s)`);
    return true;
  } catch (error) {
    console.log(`FAILED ${name}: ${error?.stack ?? error}`);
    await scene();
    return false;
  } finally {
    await browser.close();
  }
}

/** Runs one scenario in a process of its own. */
function apart(name) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), name], {
    stdio: "inherit",
  });
  return new Promise((done) => child.once("exit", (code) => done(code === 0)));
}

const waiting = wanted.length > 0 ? wanted : Object.keys(SCENARIOS);
let [passed, failed] = [0, 0];
async function lane() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (await apart(name)) passed += 1;
    else failed += 1;
  }
}
await Promise.all(Array.from({ length: LANES }, lane));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
