// Contracts are reviewed on their page: an adverse sentence is found, quoted and marked, and the
// finding leads to the text; many become a grid that can be taken away; two versions are compared; a
// playbook of one's own is copied, mended where it is wrong, tried and chosen.

import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import { accessible, person, picture, sound } from "./lib/browser.mjs";
import { folder, serve } from "./lib/server.mjs";
import { accounts, sample } from "./lib/sample.mjs";
import { chooseCopy, copyPlaybook, download, giveCredentials, speak } from "./lib/steps.mjs";
import { named, text } from "./lib/words.mjs";

const TERMS = `# Terms of Service

1. Data

1.1 Provider may use Customer Data to train and improve its models unless Customer opts out.

1.2 Provider shall delete Customer Data within 30 days after termination.

2. Changes

2.1 Provider may change these Terms at any time without notice.
`;

const BETTER = TERMS.replace("unless Customer opts out", "only with the prior written consent of Customer");

export async function review(browser, lang) {
  const place = folder(`review-${lang}`);
  const data = join(place, "sample");
  sample(data);
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
  await many(one, place, file, lang);
  await versions(one, place, file, lang);
  await playbook(one, place, file, lang);
  sound(one);
  await one.context.close();
  await server.stop();
}

/** Documents down, clauses across; a cell opens the document at its clause. */
async function many(one, place, file, lang) {
  const { page } = one;
  const fair = join(place, "fair.md");
  writeFileSync(fair, BETTER);
  await page.locator("input[type=file]").setInputFiles([file, fair]);
  const row = page.locator(".review-grid tbody tr").filter({ hasText: "terms.md" });
  await row.getByRole("button").first().waitFor();
  const table = join(place, "review.csv");
  await download(page, page.getByRole("button", { name: text(lang, "review.csv") }), table);
  const written = readFileSync(table, "utf8");
  for (const part of ["pb-02", "terms.md", "fair.md", named(lang, "review_status", "adverse")]) {
    if (!written.toLowerCase().includes(part)) throw new Error(`no ${part} in\n${written}`);
  }
  await row.getByRole("button", { name: /pb-02/ }).click();
  await page.locator(".review-cards .card.chosen", { hasText: "pb-02" }).waitFor();
  await accessible(one, `grid (${lang})`);
  await picture(one, "review-grid");
}

/** What became of each clause between two versions. */
async function versions(one, place, file, lang) {
  const { page } = one;
  await page.getByText(text(lang, "review.mode.versions"), { exact: true }).click();
  const [before, after] = [0, 1].map((at) => page.locator("input[type=file]").nth(at));
  await before.setInputFiles(file);
  await after.setInputFiles(join(place, "fair.md"));
  const turn = page.locator(".turns > li").filter({ hasText: "pb-02" });
  await turn.getByText(text(lang, "review.turn.better")).waitFor();
  await turn.locator("del", { hasText: "opts out" }).waitFor();
  await accessible(one, `two versions (${lang})`);
  await picture(one, "review-versions");
}

/** A copy of the built-in playbook with other limits finds other things. */
async function playbook(one, place, file, lang) {
  const { page } = one;
  const t = (key) => text(lang, key);
  await copyPlaybook(one, t);
  await page.getByLabel(t("playbook.field.fallback")).first().waitFor();
  await accessible(one, `a playbook's positions (${lang})`);
  await page.getByText(t("playbook.view.text"), { exact: true }).click();
  const source = page.getByRole("textbox", { name: t("playbook.view.text") });
  const toml = await source.inputValue();
  one.expected.push(/status of 422/);
  await source.fill(toml.replace("deletion_days = 30", 'deletion_days = "soon"'));
  await page.getByRole("button", { name: t("playbook.save") }).click();
  const line = toml.split("\n").findIndex((one) => one.startsWith("deletion_days")) + 1;
  await page.getByRole("button", { name: new RegExp(`^${line}:`) }).click();
  await accessible(one, `a playbook that is wrong (${lang})`);
  await picture(one, "playbook-wrong");
  // Deletion within thirty days falls short of ten.
  await page.locator("input[type=file]").setInputFiles(file);
  await page.locator(".trial tbody td").first().waitFor();
  await source.fill(toml.replace("deletion_days = 30", "deletion_days = 10").replace("backup_days = 90", "backup_days = 10"));
  await page.getByRole("button", { name: t("playbook.save") }).click();
  await page.getByText(t("playbook.beforeSave")).waitFor();
  await picture(one, "playbook-tried");
  await page.goto("/review");
  await chooseCopy(one, t);
  await page.locator("input[type=file]").setInputFiles(file);
  await page.locator(".review-cards .card").first().waitFor();
  await page.goto("/playbooks/ours");
  await page.getByRole("button", { name: t("playbook.remove") }).click();
  await page.locator(".ant-popover, .ant-popconfirm").getByRole("button", { name: t("playbook.remove") }).click();
  await page.waitForURL("**/playbooks");
}
