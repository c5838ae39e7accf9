// A contract from its first draft to both signatures, at two browsers: drafted by the form, offered,
// answered with a Word file that has tracked changes, accepted, what is red approved by each side,
// signed with an Ed25519 and a P-256 key, taken away, and checked by somebody without an account.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessible, person, picture, sound } from "./lib/browser.mjs";
import { folder, serve, tally, until } from "./lib/server.mjs";
import {
  chooseCopy,
  confirm,
  copyPlaybook,
  download,
  invite,
  message,
  setUp,
  takeSeat,
} from "./lib/steps.mjs";
import { named, text } from "./lib/words.mjs";
import { unzip, zip } from "./lib/zip.mjs";

const ID = "lease-2026-001";
const PATH = `/agreements/${ID}`;
const PRICE = { sample: "12.50", drafted: "12.60", agreed: "11.20" };
const TERM = "service.gpu_price.price";

/** The picture of a seal: a red square of two by two pixels. */
const SEAL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4ISABRAwQCgAdDgPB02/cqwAAAABJRU5ErkJggg==",
  "base64",
);

/** Runs the whole negotiation in one language. */
export async function negotiate(browser, lang) {
  const t = (key, values) => text(lang, key, values);
  const data = folder(`negotiate-${lang}`);
  const deployment = join(data, "deployment");
  tally(["--data", deployment, "init", "--rehearsal", "--name", "negotiate"]);
  const server = await serve(deployment, { now: "2026-01-04T09:00:00+08:00" });
  const link = await until(
    () => /http:\/\/\S+\/setup#\S+/.exec(server.lines)?.[0],
    "the set-up link",
  );

  const vendor = await person(browser, server, { lang });
  await setUp(vendor, link, t);
  const invitation = await draft(vendor, lang, t);
  await offerDraft(vendor, t);
  const customer = await person(browser, server, { lang, dark: lang === "en" });
  await takeSeat(customer, invitation, ID, t);
  await counter(customer, data, t);
  await accept(vendor, data, t);
  await approve(vendor, t);
  await signByCopy(vendor, t);
  assert.ok((await approve(customer, t)) > 0, "the customer has nothing to approve");
  await sign(vendor, data, "vendor.example/zhou", "ed25519", t);
  await sign(customer, data, "customer.example/shen", "ecdsa-p256-sha256", t);
  await vendor.page.goto(PATH);
  await vendor.page
    .getByText(named(lang, "phase", "in_force"))
    .first()
    .waitFor();
  await check(customer, browser, server, data, lang, t);
  sound(vendor);
  sound(customer);
  await vendor.context.close();
  await customer.context.close();
  assert.equal(await server.stop(), 0, server.lines.slice(-2000));
}

/** The form, with the contract beside it, from a complete example to the registered agreement. */
async function draft(one, lang, t) {
  const { page } = one;
  await page.goto("/agreements/new");
  await accessible(one, "new agreement");
  await page.getByRole("button", { name: named(lang, "service", "lease") }).click();
  await page.locator(".paper").getByText(PRICE.sample).first().waitFor();
  await accessible(one, "the form of the parties");
  await page.getByRole("button", { name: t("draft.step.money") }).click();
  // A name that stands alone begins with a capital.
  const price = new RegExp(`^${named(lang, "term_field", "price")}$`, "i");
  await page.getByLabel(price).first().fill(PRICE.drafted);
  await page.locator(".paper .fresh", { hasText: PRICE.drafted }).first().waitFor();
  await accessible(one, "the form of the money");
  await picture(one, "draft-form");
  await page.getByText(t("new.right")).waitFor();
  const file = join(folder(`negotiate-${one.lang}`), "draft.docx");
  await download(page, page.getByRole("button", { name: t("draft.take.docx") }), file);
  assert.ok(unzip(readFileSync(file)).has("word/document.xml"));
  await page.getByLabel(t("new.asVendor")).check();
  await page.getByRole("button", { name: t("new.go") }).click();
  return invite(one, t);
}

/** Version 1, drafted from the terms: looked at, then offered. */
async function offerDraft(one, t) {
  const { page } = one;
  await page.goto(`${PATH}/versions`);
  await accessible(one, "no version yet");
  await page.getByRole("button", { name: t("version.offerFirst") }).click();
  const annexes = page.getByLabel(t("version.annexDrop"));
  await annexes.setInputFiles({
    name: "附件一 Annex 1.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("h800-nodes: 8 × NVIDIA H800 80GB × 8\n"),
  });
  const seal = { name: "seal.png", mimeType: "image/png", buffer: SEAL };
  await page.getByLabel(t("version.sealDrop")).setInputFiles(seal);
  await page.getByRole("button", { name: t("version.look") }).click();
  await page.getByText(t("version.ready")).waitFor();
  await accessible(one, "offer a draft");
  await picture(one, "offer-draft");
  await page.getByRole("button", { name: t("version.go") }).click();
  await page.waitForURL(`**${PATH}/versions/1`);
  await page.locator(".review-cards .card").first().waitFor();
  await accessible(one, "version 1");
  await picture(one, "version-1");
}

/** The price with a tracked change, as Word writes it, in the text and in the store behind it. */
function edited(bytes, now) {
  const files = new Map([...unzip(bytes)].map(([name, { bytes: held }]) => [name, held]));
  let changes = 0;
  const document = files
    .get("word/document.xml")
    .toString("utf8")
    .replaceAll(
      /<w:r>((?:<w:rPr>(?:(?!<\/w:rPr>).)*<\/w:rPr>)?)<w:t([^>]*)>([^<]*)<\/w:t><\/w:r>/g,
      (run, look, space, words) => {
        if (!words.includes(PRICE.drafted)) return run;
        const mark = () => {
          changes += 1;
          return `w:id="${9000 + changes}" w:author="Shen Yinuo" w:date="2026-01-04T10:00:00Z"`;
        };
        const other = words.replace(PRICE.drafted, now);
        return (
          `<w:del ${mark()}><w:r>${look}<w:delText${space}>${words}</w:delText></w:r></w:del>` +
          `<w:ins ${mark()}><w:r>${look}<w:t${space}>${other}</w:t></w:r></w:ins>`
        );
      },
    );
  assert.ok(changes >= 4, `${changes} changes`);
  files.set("word/document.xml", Buffer.from(document));
  for (const [name, held] of files) {
    if (!/^customXml\/item\d+\.xml$/.test(name)) continue;
    const say = (whole) => whole.replace(PRICE.drafted, now);
    files.set(name, Buffer.from(held.toString("utf8").replaceAll(/<say>[^<]*<\/say>/g, say)));
  }
  return zip(files);
}

/** A right for the vendor that nobody marked: shown as such, and red for the customer. */
function worsened(bytes) {
  const files = new Map([...unzip(bytes)].map(([name, { bytes: held }]) => [name, held]));
  const document = files.get("word/document.xml").toString("utf8");
  const ban = "Vendor shall not use Customer Data (including";
  assert.ok(document.includes(ban), "the ban of training stands in the draft");
  const right = "Vendor may use Customer Data to train and improve its own models and products. ";
  files.set("word/document.xml", Buffer.from(document.replace(ban, right + ban)));
  return zip(files);
}

/** Takes the Word file of a version away, by the page of that version. */
async function take(page, number, file, t) {
  await page.goto(`${PATH}/versions/${number}`);
  const row = page.locator("tr, li").filter({ hasText: "agreement.docx" });
  await download(page, row.getByRole("link", { name: t("agreement.download") }).first(), file);
}

/** Chooses a Word file on the page of offers; it is looked at by itself. */
async function choose(page, file, t) {
  await page.goto(`${PATH}/versions`);
  await page.getByRole("button", { name: t("version.offer") }).click();
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page.getByRole("heading", { name: t("version.would") }).waitFor();
}

/** The customer's answer: a lower price under tracked changes. */
async function counter(one, data, t) {
  const { page } = one;
  await page.goto(`${PATH}/versions`);
  await page.getByText(t("version.ourTurn")).waitFor();
  const [drafted, answer] = [join(data, "version-1.docx"), join(data, "answer.docx")];
  await take(page, 1, drafted, t);
  writeFileSync(answer, edited(readFileSync(drafted), PRICE.agreed));
  await choose(page, answer, t);
  await page.locator(".obstacles li").first().waitFor();
  await page.getByText(t("version.proposed", { count: 1 })).waitFor();
  await accessible(one, "a file that came back");
  await picture(one, "offer-answer");
  await page.getByRole("button", { name: t("version.goAnyway") }).click();
  await page.waitForURL(`**${PATH}/versions/2`);
}

/** The vendor accepts every change and offers the result: the term is told as changed. */
async function accept(one, data, t) {
  const { page } = one;
  const [came, accepted] = [join(data, "version-2.docx"), join(data, "accepted.docx")];
  await take(page, 2, came, t);
  tally(["revisions", "accept", came, "--out", accepted]);
  writeFileSync(accepted, worsened(readFileSync(accepted)));
  await choose(page, accepted, t);
  const term = page.locator(".changed-terms > div").filter({ hasText: TERM });
  await term.locator("del", { hasText: PRICE.drafted }).waitFor();
  await term.locator("ins", { hasText: PRICE.agreed }).waitFor();
  await page.getByText(t("version.ready")).waitFor();
  await page.getByText("train and improve its own models").first().waitFor();
  await picture(one, "offer-accepted");
  await page.getByRole("button", { name: t("version.go") }).click();
  await page.waitForURL(`**${PATH}/versions/3`);
  await page.goto(`${PATH}/versions`);
  await page.getByRole("heading", { name: t("version.matrix") }).waitFor();
  await page.getByText(t("version.signsBy")).waitFor();
  await accessible(one, "versions");
  await picture(one, "versions");
  // Between the answer and what was made of it nothing differs but the marks: from the first version on.
  await page.getByLabel(t("review.old")).click();
  await page
    .getByTitle(t("version.number", { number: 1 }))
    .last()
    .click();
  const redline = join(data, "redline.docx");
  await download(page, page.getByRole("button", { name: t("review.redline") }), redline);
  const marked = unzip(readFileSync(redline)).get("word/document.xml").bytes.toString("utf8");
  assert.ok(/<w:ins /.test(marked) && /<w:del /.test(marked), "the redline has no tracked change");
}

/** The vendor signs by a copy of the playbook: as it reads when it is chosen, not as edited later. */
async function signByCopy(one, t) {
  const { page } = one;
  await copyPlaybook(one, t);
  await page.goto(`${PATH}/versions`);
  await page.getByText(t("version.signsBy")).waitFor();
  await chooseCopy(one, t);
  await page.getByRole("button", { name: t("version.signBy") }).click();
  await confirm(page, t, message(page, t("version.signsByDone")));
  await page.getByText(t("version.signsBy")).waitFor();
  await page.goto("/playbooks/ours");
  await page.getByText(t("playbook.view.text"), { exact: true }).click();
  const source = page.getByRole("textbox", { name: t("playbook.view.text") });
  const toml = await source.inputValue();
  await source.fill(toml.replace("deletion_days = 30", "deletion_days = 20"));
  await page.getByRole("button", { name: t("playbook.save") }).click();
  await message(page, t("playbook.saved")).waitFor();
  await page.goto(`${PATH}/versions`);
  await page.getByText(t("version.signsByEarlier")).waitFor();
  await accessible(one, "signs by an earlier text");
  await picture(one, "signs-by-earlier");
  await page.getByRole("button", { name: t("version.signBy") }).click();
  await page.getByText(t("version.signsByEarlier")).waitFor({ state: "hidden" });
  await page.getByText(t("version.signsBy")).waitFor();
}

/** Each side has its own red findings; a named person approves them, and proves to be that person. */
async function approve(one, t) {
  const { page } = one;
  one.expected.push(/status of 403/);
  await page.goto(`${PATH}/signing`);
  await page.locator(".intent").waitFor();
  await page.waitForFunction(() => !document.querySelector(".ant-skeleton"));
  const open = page.getByRole("button", { name: t("version.approve") });
  const count = await open.count();
  if (count > 0) await picture(one, "signing-red");
  for (let left = count; left > 0; left -= 1) {
    await open.first().click();
    await page.getByLabel(t("version.reason")).fill("Board resolution 2026-3");
    const done = page.locator(".red-findings > li");
    await page
      .locator("form")
      .getByRole("button", { name: t("version.approve") })
      .click();
    const fewer = () =>
      page.waitForFunction(
        (now) => document.querySelectorAll(".red-findings > li").length < now,
        left,
      );
    const dialog = page.getByRole("dialog", { name: t("confirm.title") });
    const approved = fewer();
    await Promise.race([dialog.waitFor(), approved]);
    if (await dialog.isVisible()) await confirm(page, t, done.first());
    await approved;
  }
  return count;
}

/** Signs with a key that is made here and saved to a file. */
async function sign(one, data, name, algorithm, t) {
  const { page } = one;
  await page.goto(`${PATH}/signing`);
  await page.getByText(t("sign.hashed")).waitFor();
  await page.getByRole("button", { name: t("agreement.key.make") }).click();
  await page.getByLabel(t("agreement.key.name")).fill(name);
  if (algorithm !== "ed25519") {
    await page.getByLabel(t("agreement.key.algorithm"), { exact: true }).click();
    await page
      .getByTitle(t(`agreement.key.algorithm.${algorithm}`))
      .last()
      .click();
  }
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: t("agreement.key.save") }).click();
  await (await saved).saveAs(join(data, (await saved).suggestedFilename()));
  await page.getByRole("button", { name: t("agreement.sign.show") }).click();
  await page.getByRole("button", { name: t("agreement.sign.now") }).waitFor();
  await accessible(one, `sign with ${algorithm}`);
  await picture(one, `signing-${algorithm}`);
  await page.getByRole("button", { name: t("agreement.sign.now") }).click();
  const done = message(page, t("agreement.signed.done"));
  one.expected.push(/status of 403/);
  await confirm(page, t, done);
  await done.waitFor();
}

/** Anybody checks the signed file; where one letter of a part is another, the part is named. */
async function check(one, browser, server, data, lang, t) {
  const { page } = one;
  await page.goto(`${PATH}/signing`);
  const [file, sealed] = [join(data, "signed.zip"), join(data, "sealed.pdf")];
  await download(page, page.getByRole("link", { name: t("sign.file") }), file);
  await download(page, page.getByRole("link", { name: t("sign.sealed") }), sealed);
  await accessible(one, "signed");
  await picture(one, "signed");
  const anybody = await person(browser, server, { lang });
  await anybody.page.goto("/verify");
  const input = anybody.page.locator('input[type="file"]');
  await input.setInputFiles(file);
  await anybody.page.getByText(t("verify.sound")).first().waitFor();
  await anybody.page.getByText(t("verify.signed_file"), { exact: true }).waitFor();
  await accessible(anybody, "a signed file checked");
  await picture(anybody, "verify-signed");
  await input.setInputFiles(sealed);
  await anybody.page.getByRole("heading", { name: "sealed.pdf" }).waitFor();
  await picture(anybody, "verify-sealed");
  const files = new Map([...unzip(readFileSync(file))].map(([name, { bytes }]) => [name, bytes]));
  const part = [...files.keys()].find((name) => name.endsWith("agreement.txt"));
  const altered = Buffer.from(files.get(part));
  altered[altered.length - 2] ^= 1;
  files.set(part, altered);
  await input.setInputFiles({
    name: "altered.zip",
    mimeType: "application/zip",
    buffer: zip(files),
  });
  await anybody.page.getByRole("heading", { name: "altered.zip" }).waitFor();
  await anybody.page.locator(".findings li").filter({ hasText: "agreement.txt" }).first().waitFor();
  await picture(anybody, "verify-part-changed");
  sound(anybody);
  await anybody.context.close();
}
