// A delivery of labelled data by its pages: both parties commit to a seed, the vendor hands over,
// both reveal, the customer draws the sample, inspects it against gold and accepts it. Nobody is at
// a terminal.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accessible, person, picture, sound } from "./lib/browser.mjs";
import { folder, serve, tally, until } from "./lib/server.mjs";
import { message, register, setUp, sign, takeSeat } from "./lib/steps.mjs";
import { named, text } from "./lib/words.mjs";

const ID = "bccd";
const PAGE = `/agreements/${ID}/evidence/deliveries`;
const TERMS = readFileSync(new URL("../../cases/agreements/bccd.toml", import.meta.url), "utf8");

/** Boxes of a hundred images as COCO has them, each box `off` pixels from where it should be. */
function coco(off) {
  const name = (id) => `cell-${String(id).padStart(3, "0")}.jpg`;
  const ids = Array.from({ length: 100 }, (_, i) => i + 1);
  const box = (image, id, category_id, x) => {
    const bbox = [x + off, 60, 80, 80];
    return { id, image_id: image, category_id, bbox, area: 6400, iscrowd: 0 };
  };
  return JSON.stringify({
    images: ids.map((id) => ({ id, file_name: name(id), width: 640, height: 480 })),
    categories: ["RBC", "WBC", "Platelets"].map((name, i) => ({ id: i + 1, name })),
    annotations: ids.flatMap((id) => [box(id, 2 * id, 1, 40), box(id, 2 * id + 1, 2, 300)]),
  });
}

const file = (name, content) => ({ name, mimeType: "application/json", buffer: Buffer.from(content) });

/** Runs it in one language. */
export async function delivery(browser, lang) {
  const t = (key, values) => text(lang, key, values);
  const data = folder(`delivery-${lang}`);
  const deployment = join(data, "deployment");
  tally(["--data", deployment, "init", "--rehearsal", "--name", "e2e"]);
  const server = await serve(deployment, { now: "2026-03-02T09:00:00+08:00" });
  const link = await until(() => /http:\/\/\S+\/setup#\S+/.exec(server.lines)?.[0], "the set-up link");
  const vendor = await person(browser, server, { lang });
  const customer = await person(browser, server, { lang });
  await setUp(vendor, link, t);
  await takeSeat(customer, await register(vendor, TERMS, t), ID, t);
  await sign(vendor, ID, "vendor.example/zhou", data, t);
  await sign(customer, ID, "customer.example/shen", data, t);

  const seeds = [await commit(customer, data, t), await commitToListed(vendor, data, t)];
  await handOver(vendor, t);
  await reveal(customer, seeds[0], lang, t);
  await reveal(vendor, seeds[1], lang, t);
  await inspect(customer, lang, t);
  await accept(customer, t);
  await vendor.page.goto(PAGE);
  await vendor.page.getByText(t("agreement.state.accepted")).first().waitFor();
  await picture(vendor, "delivery-accepted");
  for (const one of [vendor, customer]) {
    sound(one);
    await one.context.close();
  }
  assert.equal(await server.stop(), 0, server.lines.slice(-2000));
}

/** Keeps the seed's file that a button makes, and waits until the commitment is recorded. */
async function kept(page, button, data, t) {
  const [saved] = await Promise.all([page.waitForEvent("download"), button.click()]);
  const path = join(data, saved.suggestedFilename());
  await saved.saveAs(path);
  assert.match(readFileSync(path, "utf8"), /^[0-9a-f]{64}\n$/);
  await message(page, t("agreement.done")).waitFor();
  return path;
}

async function commit(one, data, t) {
  const { page } = one;
  await page.goto(PAGE);
  await page.getByLabel(t("agreement.delivery.name")).fill("round");
  const path = await kept(page, page.getByRole("button", { name: t("agreement.seed.commit") }), data, t);
  await page.getByText(t("agreement.state.planned")).waitFor();
  await accessible(one, "a delivery with a seed");
  await picture(one, "delivery-planned");
  return path;
}

/** The other party finds the delivery in the list. */
async function commitToListed(one, data, t) {
  const { page } = one;
  await page.goto(PAGE);
  const listed = page.locator("article.delivery");
  return kept(page, listed.getByRole("button", { name: t("agreement.seed.commit") }), data, t);
}

async function handOver(one, t) {
  const { page } = one;
  await page.goto(PAGE);
  const form = page.locator("section").filter({ hasText: t("agreement.delivery.lead") });
  await form.getByLabel(t("agreement.delivery.name")).fill("round");
  await form.locator('input[type="file"]').setInputFiles(file("work.json", coco(2)));
  await accessible(one, "a delivery to hand over");
  await picture(one, "delivery-hand-over");
  await form.getByRole("button", { name: t("agreement.delivery.hand_over") }).click();
  await message(page, t("agreement.done")).waitFor();
  await page.locator("article.delivery").getByText(t("agreement.state.handed_over")).waitFor();
}

async function reveal(one, seed, lang, t) {
  const { page } = one;
  await page.goto(PAGE);
  const listed = page.locator("article.delivery");
  await listed.getByText(t("agreement.seed.reveal"), { exact: true }).waitFor();
  await picture(one, "delivery-reveal");
  const wrong = { name: "wrong.seed", mimeType: "text/plain", buffer: Buffer.from("no seed") };
  await listed.locator('input[type="file"]').setInputFiles(wrong);
  await listed.getByText(t("agreement.seed.wrong")).waitFor();
  await listed.locator('input[type="file"]').setInputFiles(seed);
  await message(page, t("agreement.done")).waitFor();
  const side = named(lang, "side", /\.customer\./.test(seed) ? "customer" : "vendor");
  await listed.getByText(`${side} ${t("agreement.seed.revealed")}`).waitFor();
}

async function inspect(one, lang, t) {
  const { page } = one;
  await page.goto(PAGE);
  await page.getByRole("button", { name: t("agreement.delivery.inspect") }).click();
  const dialog = page.getByRole("dialog", { name: t("agreement.delivery.inspect") });
  const drops = dialog.locator('input[type="file"]');
  // Other files than those that were handed over are refused.
  one.expected.push(/status of 4\d\d/);
  await drops.first().setInputFiles(file("work.json", coco(3)));
  await dialog.getByRole("button", { name: t("agreement.delivery.sample") }).click();
  await dialog.getByRole("alert").waitFor();
  await picture(one, "delivery-other-files");
  await drops.first().setInputFiles(file("work.json", coco(2)));
  await dialog.getByRole("button", { name: t("agreement.delivery.sample") }).click();
  await dialog.getByText(t("agreement.delivery.drawn", { count: 80, lot: 100 })).waitFor();
  await drops.last().setInputFiles(file("gold.json", coco(0)));
  await accessible(one, "a sample that was drawn");
  await picture(one, "delivery-sample");
  await dialog.getByRole("button", { name: t("agreement.delivery.judge") }).click();
  await dialog.waitFor({ state: "hidden" });
  const results = page.locator("article.delivery");
  await results.getByText(t("agreement.state.inspected")).waitFor();
  await results.getByText(named(lang, "metric", "box_f1")).first().waitFor();
  await results.getByText(named(lang, "verdict", "met")).first().waitFor();
  await accessible(one, "a delivery that was inspected");
  await picture(one, "delivery-inspected");
}

async function accept(one, t) {
  const { page } = one;
  await page.getByRole("button", { name: t("agreement.delivery.accept") }).click();
  await page.locator("article.delivery").getByText(t("agreement.state.accepted")).waitFor();
}
