// A training by its pages, on real photographs: the customer brings the test set and seals it, the
// vendor brings what is learned from, trains, halts and goes on, has the model judged on the sealed
// set and hands it over; the customer takes the package. Nobody is at a terminal.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessible, person, picture, sound } from "./lib/browser.mjs";
import { folder, serve, tally, until } from "./lib/server.mjs";
import { message, register, setUp, sign, takeSeat } from "./lib/steps.mjs";
import { text } from "./lib/words.mjs";
import { SHARED } from "./lib/work.mjs";
import { zip } from "./lib/zip.mjs";

const ID = "train-2026-004";
const PAGE = `/agreements/${ID}/training`;
const CLASSES = ["dress", "hat", "pants", "shoes"];
const PHOTOS = join(SHARED, "data", "clothing");
const TESTED = 10;
const TERMS = readFileSync(new URL("../../cases/agreements/training.toml", import.meta.url), "utf8")
  .replace("items = 6_000", `items = ${CLASSES.length * TESTED}`)
  .replace('class = "crack"', 'class = "shoes"');

/** So long a training of a hundred photographs may take, its weights fetched before. */
const LONG = 240_000;

/** Photographs of each class from a part of the data: those from `first` to `last`. */
function photos(part, first, last, to) {
  const files = new Map();
  for (const name of CLASSES) {
    const all = readdirSync(join(PHOTOS, part, name)).sort();
    for (const file of all.slice(first, last)) {
      files.set(`${to}${name}/${file}`, readFileSync(join(PHOTOS, part, name, file)));
    }
  }
  return files;
}

/** Runs it in one language. */
export async function training(browser, lang) {
  if (!existsSync(PHOTOS)) {
    console.log(`skipped: ${PHOTOS} is not here`);
    return;
  }
  const t = (key, values) => text(lang, key, values);
  const data = folder(`training-${lang}`);
  const deployment = join(data, "deployment");
  tally(["--data", deployment, "init", "--rehearsal", "--name", "e2e"]);
  let server = await serve(deployment, { now: "2026-03-02T09:00:00+08:00" });
  const link = await until(() => /http:\/\/\S+\/setup#\S+/.exec(server.lines)?.[0], "the set-up link");
  const vendor = await person(browser, server, { lang });
  const customer = await person(browser, server, { lang, dark: lang === "en" });
  await setUp(vendor, link, t);
  await takeSeat(customer, await register(vendor, TERMS, t), ID, t);
  await sign(vendor, ID, "vendor.example/lin", data, t);
  await sign(customer, ID, "customer.example/qian", data, t);

  const test = join(data, "test.zip");
  writeFileSync(test, zip(photos("validation", 0, TESTED, "kept/")));
  await bring(customer, { name: "photos to judge by", file: test, purpose: "test" }, t);
  await seal(customer, t);

  const learn = new Map([
    ...photos("train", 0, 24, "photos/train/"),
    ...photos("validation", TESTED, TESTED + 6, "photos/validation/"),
    ["photos/train/hat/broken.jpg", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4])],
    ["photos/train/notes.txt", Buffer.from("taken in spring")],
  ]);
  const archive = join(data, "learn.zip");
  writeFileSync(archive, zip(learn));
  // The sealed set is the customer's alone.
  await vendor.page.goto(PAGE);
  await vendor.page.getByText(t("training.datasets.none")).waitFor();
  await bring(vendor, { name: "photos to learn from", file: archive, purpose: "training" }, t);
  await vendor.page.getByText("broken.jpg").first().waitFor({ state: "attached" });
  await picture(vendor, "training-dataset");
  await accessible(vendor, "training-dataset");

  await train(vendor, t);
  // Killed in the middle, the server finds the job again, which went on without it.
  for (const one of [vendor, customer]) await one.page.goto("about:blank");
  server.child.kill("SIGKILL");
  await server.exited;
  server = await serve(deployment, { now: "2026-03-02T09:10:00+08:00", port: server.port });
  await trained(vendor, t);
  await judge(vendor, customer, t);
  await handOver(vendor, customer, t);
  for (const one of [vendor, customer]) {
    sound(one);
    await one.context.close();
  }
  assert.equal(await server.stop(), 0, server.lines.slice(-2000));
}

/** Brings a dataset by the form; ends on its page. */
async function bring({ page }, { name, file, purpose }, t) {
  await page.goto(PAGE);
  await page.getByRole("button", { name: t("training.dataset.add") }).click();
  const dialog = page.getByRole("dialog", { name: t("training.dataset.add") });
  await dialog.locator("input[type=file]").first().setInputFiles(file);
  await dialog.getByLabel(t("training.name")).fill(name);
  await dialog.getByText(t(`training.purpose.${purpose}`), { exact: true }).click();
  await dialog.getByLabel(t("training.licence")).fill("CC0-1.0");
  await dialog.getByRole("button", { name: t("training.dataset.go") }).click();
  await page.waitForURL(/\/training\/datasets\/[^/]+$/);
  await page.getByRole("heading", { name }).waitFor();
  await page.locator(".picture img").first().waitFor();
}

async function seal({ page }, t) {
  await page.goto(PAGE);
  await page.getByRole("button", { name: t("training.test.seal", { name: "photos to judge by" }) }).click();
  await message(page, t("training.test.done")).waitFor();
  await page.getByText(t("training.test.unopened")).waitFor();
}

/** Waits until a job says that it is done. */
async function done(page, name, t) {
  const tag = page.getByRole("article", { name }).locator(".tag");
  await tag.filter({ hasText: t("training.job.done") }).waitFor({ timeout: LONG });
}

async function train(one, t) {
  const { page } = one;
  await page.goto(PAGE);
  await page.getByRole("button", { name: t("training.train"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: t("training.train") });
  await dialog.getByLabel(t("training.backbone")).click();
  await page.getByText(t("training.efficientnet-lite0"), { exact: true }).last().click();
  await dialog.getByRole("button", { name: t("training.train.go") }).click();
  await page.getByRole("button", { name: t("training.pause"), exact: true }).click({ timeout: LONG });
  await page.getByRole("button", { name: t("training.resume"), exact: true }).waitFor();
  await picture(one, "training-halted");
  await page.getByRole("button", { name: t("training.resume"), exact: true }).click();
  await page.getByRole("button", { name: t("training.pause"), exact: true }).waitFor();
}

async function trained(one, t) {
  const { page } = one;
  await page.goto(PAGE);
  await done(page, t("training.job.train", { dataset: "photos to learn from" }), t);
  await page.getByRole("img", { name: t("training.curves") }).locator("svg, canvas").first().waitFor();
  await picture(one, "training-curves");
  await accessible(one, "training");
}

async function judge(vendor, customer, t) {
  const { page } = vendor;
  await page.getByRole("button", { name: t("training.evaluate", { round: 1 }) }).click();
  await done(page, t("training.job.evaluate", { round: 1 }), t);
  await page.getByRole("link", { name: t("training.round", { round: 1 }) }).first().click();
  await page.getByRole("heading", { name: t("training.confusion") }).waitFor();
  await picture(vendor, "training-round");
  await accessible(vendor, "training-round");
  // The customer sees the pictures of what went wrong; the package is not theirs yet.
  await customer.page.goto(`${PAGE}/rounds/1`);
  await customer.page.getByRole("heading", { name: t("training.confusion") }).waitFor();
  await customer.page.getByText(t("training.package.waits")).waitFor();
  await picture(customer, "training-round-customer");
}

async function handOver(vendor, customer, t) {
  const { page } = vendor;
  await page.getByRole("button", { name: t("training.deliver"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: t("training.deliver") });
  const although = dialog.getByLabel(t("training.although"));
  if (await although.isVisible()) {
    await dialog.getByRole("button", { name: t("training.deliver") }).click();
    await dialog.getByText(t("field.needed")).waitFor();
    await although.fill("the customer asked to see it");
  }
  await dialog.getByRole("button", { name: t("training.deliver") }).click();
  await message(page, t("training.delivered")).waitFor();
  await customer.page.reload();
  const [saved] = await Promise.all([
    customer.page.waitForEvent("download"),
    customer.page.getByRole("link", { name: "model.onnx" }).click(),
  ]);
  const bytes = readFileSync(await saved.path());
  assert.ok(bytes.length > 10_000_000, `${bytes.length} bytes of a network`);
  await customer.page.goto(PAGE);
  await customer.page.getByText(t("training.state.delivered")).waitFor();
  await picture(customer, "training-delivered");
}
