// A lease from set-up to verification, by two people at two browsers and nobody at a terminal:
// set-up, the invited party, both signatures, evidence, a breach that time brings about, the
// month's statement, the invoice as a PDF, and the bundle verified.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accessible, person, picture, sound } from "./lib/browser.mjs";
import { folder, serve, tally, until } from "./lib/server.mjs";
import {
  download,
  giveCredentials,
  home,
  message,
  register,
  setUp,
  sign,
  takeSeat,
} from "./lib/steps.mjs";
import { named, text } from "./lib/words.mjs";

const ID = "lease-2026-001";
const TERMS = readFileSync(new URL("../../cases/agreements/lease.toml", import.meta.url), "utf8");

const SACCT = `JobID|State|Start|End|ElapsedRaw|AllocTRES|NodeList
101|COMPLETED|2026-01-05T08:00:00|2026-01-05T18:00:00|36000|billing=8,gres/gpu=8,node=1|node1
102|FAILED|2026-01-06T08:00:00|2026-01-06T08:00:30|30|billing=4,gres/gpu=4,node=1|node1
104|COMPLETED|2026-01-20T00:00:00|2026-01-22T00:00:00|172800|billing=16,gres/gpu=16,node=2|node[1-2]
this line is no job
`;
const STORAGE = [
  { id: "s-1", time: "2026-01-05T00:00:00+08:00", bytes: 40_000_000_000_000 },
  { id: "s-2", time: "2026-01-16T00:00:00+08:00", bytes: 52_000_000_000_000 },
]
  .map(({ id, time, bytes }) =>
    JSON.stringify({
      specversion: "1.0", id, source: "du", type: "tallystick.storage.v1", time, data: { bytes },
    }),
  )
  .join("\n");

/** Runs the whole life in one language. */
export async function life(browser, lang) {
  const t = (key, values) => text(lang, key, values);
  const data = folder(`life-${lang}`);
  const deployment = join(data, "deployment");
  tally(["--data", deployment, "init", "--rehearsal", "--name", "e2e"]);
  let server = await serve(deployment, { now: "2026-01-04T09:00:00+08:00" });
  const link = await until(() => /http:\/\/\S+\/setup#\S+/.exec(server.lines)?.[0], "the set-up link");

  const vendor = await person(browser, server, { lang });
  await setUp(vendor, link, t);
  const invitation = await register(vendor, TERMS, t);
  const customer = await person(browser, server, { lang });
  await takeSeat(customer, invitation, ID, t);
  await sign(vendor, ID, "vendor.example/zhou", data, t);
  await sign(customer, ID, "customer.example/shen", data, t);
  await vendor.page.goto(`/agreements/${ID}`);
  await vendor.page.getByText(named(lang, "phase", "in_force")).first().waitFor();
  await accessible(vendor, "overview");
  await picture(vendor, "life-1-in-force");

  await ticket(customer, lang, t);
  await incident(vendor, lang, t);

  // Weeks later nobody has told the customer; nobody looks at a page while the server is away.
  for (const { page } of [vendor, customer]) await page.goto("about:blank");
  await server.stop();
  server = await serve(deployment, { now: "2026-02-02T09:00:00+08:00", port: server.port });
  await breached(customer, lang, t);
  await signIn(vendor, "zhou@vendor.example", t);
  await take(vendor, "sacct.txt", SACCT, 3, t);
  await take(vendor, "storage.jsonl", STORAGE, 2, t);
  await submit(vendor, t);
  await approve(customer, t);
  const pdf = await invoice(vendor, data, lang, t);
  checkInvoice(pdf, lang);
  await verify(customer, data, lang, t);
  sound(vendor);
  sound(customer);
  await vendor.context.close();
  await customer.context.close();
  const code = await server.stop();
  assert.equal(code, 0, `the server ended with ${code}:\n${server.lines.slice(-2000)}`);
}

/** Picks the kind of a fact in the form. */
async function choose(page, lang, fact) {
  const kind = page.locator("main").getByRole("combobox").first();
  await kind.click();
  await kind.fill(named(lang, "fact", fact));
  await page.getByRole("option").first().waitFor({ state: "attached" });
  await kind.press("Enter");
}

/** A fact by form: looked at first, then recorded. */
async function recordFact(one, lang, fact, fill, t) {
  const { page } = one;
  await page.goto(`/agreements/${ID}/evidence/record`);
  await choose(page, lang, fact);
  await fill(page);
  await page.getByRole("button", { name: t("agreement.preview"), exact: true }).click();
  await page.getByRole("heading", { name: t("agreement.would") }).waitFor();
  await accessible(one, `record ${fact}`);
  await picture(one, `record-${fact}`);
  await page.getByRole("button", { name: t("agreement.record"), exact: true }).click();
  await message(page, t("agreement.recorded", { count: 1 })).waitFor();
}

const field = (page, lang, name) => page.getByLabel(named(lang, "form_field", name)).first();

async function ticket(one, lang, t) {
  await recordFact(one, lang, "ticket_opened", (page) => field(page, lang, "ticket").fill("t-1"), t);
}

async function incident(one, lang, t) {
  const fill = async (page) => {
    await field(page, lang, "incident").fill("inc-1");
    await field(page, lang, "discovered").fill("2026-01-04T08:00");
  };
  await recordFact(one, lang, "breach_discovered", fill, t);
}

/** A file of a real system, dropped on the page: what it would do is shown before it is taken. */
async function take(one, name, content, taken, t) {
  const { page } = one;
  await page.goto(`/agreements/${ID}/evidence/import`);
  await page.locator('input[type="file"]').setInputFiles({
    name,
    mimeType: "text/plain",
    buffer: Buffer.from(content),
  });
  const go = page.getByRole("button", { name: t("agreement.import.take", { count: taken }) });
  await go.waitFor();
  await accessible(one, `import ${name}`);
  await picture(one, `import-${name}`);
  await go.click();
  // At the end of its tag: a count beside it begins with the same words.
  await page.getByText(new RegExp(`${t("agreement.import.done")}$`)).waitFor();
}

/** Time alone makes a breach; the page of the other party shows it with its clause. */
async function breached(one, lang, t) {
  const { page } = one;
  await signIn(one, "shen@customer.example", t);
  await page.goto(`/agreements/${ID}/obligations`);
  const row = page.getByRole("row").filter({ hasText: named(lang, "obligation", "notify_breach") });
  await row.getByText(named(lang, "obligation_status", "breached")).waitFor();
  await row.getByText("pb-03").first().click();
  await page.getByRole("dialog").getByText(named(lang, "clause", "pb-03")).first().waitFor();
  await picture(one, "breach");
  await page.keyboard.press("Escape");
}

/** Sessions that idled too long are over. */
async function signIn(one, email, t) {
  await giveCredentials(one, email, t);
  await home(one.page, t);
}

async function submit(one, t) {
  const { page } = one;
  await page.goto(`/agreements/${ID}/money/statements/2026-01`);
  await page.getByText("lease-3.1.1").first().waitFor();
  await accessible(one, "statement with its workings");
  await picture(one, "statement");
  await page.getByRole("button", { name: t("agreement.submit"), exact: true }).click();
  await message(page, t("agreement.done")).waitFor();
}

async function approve(one, t) {
  const { page } = one;
  await page.goto(`/agreements/${ID}/money/statements/2026-01`);
  await page.getByRole("button", { name: t("agreement.approve"), exact: true }).click();
  await message(page, t("agreement.done")).waitFor();
}

/** Issues the invoice and takes it away as a PDF of the reader's language. */
async function invoice(one, data, lang, t) {
  const { page } = one;
  await page.goto(`/agreements/${ID}/money/statements/2026-01`);
  await page.getByRole("button", { name: t("agreement.issue"), exact: true }).click();
  await page.waitForURL("**/money/invoices");
  const file = join(data, "invoice.pdf");
  await download(page, page.getByRole("link", { name: t(`agreement.pdf.${lang}`) }).first(), file);
  await accessible(one, "invoices");
  await picture(one, "invoices");
  return file;
}

/** What a finance department reads: parties, sums in figures and words, workings with clauses. */
function checkInvoice(file, lang) {
  const read = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
  const flat = read.replace(/\s+/g, "");
  const wanted = {
    zh: ["发票", "苍穹算力", "木星语言智能", "合计", "人民币贰拾叁万壹仟陆佰零陆元柒角叁分", "lease-3.1.1", ID],
    en: ["Invoice", "苍穹算力", "Two hundred thirty-one thousand six hundred six yuan", "lease-3.1.1", ID],
  };
  for (const part of wanted[lang]) {
    assert.ok(flat.toLowerCase().includes(part.toLowerCase().replace(/\s+/g, "")), `${part} is not in the invoice:\n${read}`);
  }
  execFileSync("pdftoppm", ["-r", "60", "-png", file, join(folder("pictures"), `invoice.${lang}`)]);
}

/** The bundle is taken away by the other party and verified without an account. */
async function verify(one, data, lang, t) {
  const { page } = one;
  await page.goto(`/agreements/${ID}/evidence`);
  const file = join(data, "bundle.tally");
  await download(page, page.getByRole("link", { name: t("agreement.bundle") }), file);
  const anybody = { ...one, context: await one.page.context().browser().newContext({ locale: lang === "zh" ? "zh-CN" : "en-GB", baseURL: new URL(page.url()).origin }) };
  anybody.page = await anybody.context.newPage();
  await anybody.page.goto("/verify");
  await anybody.page.locator('input[type="file"]').setInputFiles(file);
  await anybody.page.getByText(t("verify.sound")).first().waitFor();
  await accessible(anybody, "verify");
  await picture(anybody, "verify-sound");
  const bytes = readFileSync(file);
  bytes[Math.floor(bytes.length / 3)] ^= 1;
  await anybody.page.locator('input[type="file"]').setInputFiles({ name: "altered.tally", mimeType: "application/octet-stream", buffer: bytes });
  await anybody.page.getByText(t("verify.unsound", { count: "" }).trim()).first().waitFor();
  await picture(anybody, "verify-altered");
  await anybody.context.close();
  // What the terminal says of the same file.
  assert.match(tally(["--lang", "en", "verify", file]), /sound/);
}
