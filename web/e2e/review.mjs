// A contract is reviewed on its page: an adverse sentence is found, quoted and marked, and the
// finding leads to the text.

import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { accessible, person, picture, sound } from "./lib/browser.mjs";
import { folder, serve, tally } from "./lib/server.mjs";
import { accounts } from "./lib/sample.mjs";
import { giveCredentials, speak } from "./lib/steps.mjs";
import { text } from "./lib/words.mjs";

const TERMS = `# Terms of Service

1. Data

1.1 Provider may use Customer Data to train and improve its models unless Customer opts out.

1.2 Provider shall delete Customer Data within 30 days after termination.

2. Changes

2.1 Provider may change these Terms at any time without notice.
`;

export async function review(browser, lang) {
  const place = folder(`review-${lang}`);
  const data = join(place, "sample");
  tally(["demo", data]);
  const file = join(place, "terms.md");
  writeFileSync(file, TERMS);
  const known = accounts(data);
  const server = await serve(data);
  const one = await person(browser, server, { lang, who: "customer", dark: false, width: 1280, height: 900 });
  const say = (key) => text(lang, key);
  await giveCredentials(one, known.customer, say, known.password);
  await one.page.waitForURL((url) => url.pathname === "/");
  await speak(one);
  await one.page.goto("/review");
  await one.page.locator("input[type=file]").setInputFiles(file);
  const card = one.page.locator(".review-cards .card", { hasText: "pb-02" }).first();
  await card.waitFor();
  const quote = await card.locator(".quote").textContent();
  if (!quote.includes("train and improve its models")) throw new Error(`another quote: ${quote}`);
  await card.locator(".quote").click();
  await one.page.locator(".review-text mark.chosen").first().waitFor();
  await picture(one, `review-${lang}`);
  await accessible(one, `review (${lang})`);
  sound(one);
  await one.context.close();
  await server.stop();
}
