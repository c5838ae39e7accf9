// What people do in more than one scenario: set a deployment up, sign in and out, register and sign
// an agreement, take a file away.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accessible, picture } from "./browser.mjs";

export const PASSWORD = "correct horse battery staple 9";

/** What the page says for a moment. */
export const message = (page, said) =>
  page.locator(".ant-message-notice, .ant-message-notice-wrapper").getByText(said).first();

/** Takes a file away by its link. */
export async function download(page, link, file) {
  const [saved] = await Promise.all([page.waitForEvent("download"), link.click()]);
  await saved.saveAs(file);
}

/** The first owner of the first organisation. */
export async function setUp({ page }, link, t) {
  await page.goto(link);
  await page.getByLabel(t("field.organisation")).fill("云衡算力（杭州）有限公司");
  await page.getByLabel(t("field.name"), { exact: true }).fill("周可欣");
  await page.getByLabel(t("field.email")).fill("zhou@vendor.example");
  await page.getByLabel(t("field.newPassword")).fill(PASSWORD);
  await page.getByRole("button", { name: t("setup.go") }).click();
  await page.getByRole("heading", { level: 1, name: t("agreements.title") }).waitFor();
}

/** Registers terms as the vendor and gives the link that invites the customer. */
export async function register(one, terms, t) {
  const { page } = one;
  await page.goto("/agreements/new");
  await page.getByText(t("new.view.text"), { exact: true }).click();
  const field = page.getByRole("textbox", { name: t("new.text") });
  // A wrong value is shown with its line before anything is registered.
  await field.fill(terms.replace(/^currency = .*$/m, 'currency = "no such money"'));
  await page.getByText(t("new.wrong")).waitFor();
  await picture(one, "new-agreement-wrong");
  await field.fill(terms);
  await page.getByText(t("new.right")).waitFor();
  await page.getByLabel(t("new.asVendor")).check();
  await page.getByRole("button", { name: t("new.go") }).click();
  return invite(one, t);
}

/** Invites the customer to an agreement that was just registered, and gives the link. */
export async function invite(one, t) {
  const { page } = one;
  await page.getByLabel(t("field.email")).fill("shen@customer.example");
  await page.getByRole("button", { name: t("people.invite") }).click();
  const link = page.locator("pre.source");
  await link.waitFor();
  await accessible(one, "invitation made");
  return (await link.textContent()).trim();
}

/** The customer takes the seat that the link offers. */
export async function takeSeat(one, link, id, t) {
  const { page } = one;
  await page.goto(link);
  await page.getByLabel(t("field.organisation")).fill("星野视觉科技（上海）有限公司");
  await page.getByLabel(t("field.name"), { exact: true }).fill("沈一诺");
  await page.getByLabel(t("field.newPassword")).fill(PASSWORD);
  await accessible(one, "accept an invitation");
  await page.getByRole("button", { name: t("invitation.go") }).click();
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForURL(`**/agreements/${id}`);
}

/** Copies the built-in playbook under the id `ours` and shows the copy. */
export async function copyPlaybook({ page }, t) {
  await page.goto("/playbooks");
  await page.getByRole("button", { name: t("playbook.copy") }).click();
  const dialog = page.getByRole("dialog", { name: t("playbook.copy") });
  await dialog.getByLabel(t("playbook.id")).fill("ours");
  await dialog.getByLabel(t("playbook.zh")).fill("我们的手册");
  await dialog.getByLabel(t("playbook.en")).fill("Our playbook");
  await dialog.getByRole("button", { name: t("playbook.copy") }).click();
  await page.waitForURL("**/playbooks/ours");
}

/** Chooses the copied playbook where playbooks are chosen. */
export async function chooseCopy({ page, lang }, t) {
  await page.getByLabel(t("playbook.choose")).click();
  await page.getByTitle(lang === "zh" ? "我们的手册" : "Our playbook").last().click();
}

/** Proves again who one is, unless that was done a moment ago. */
export async function confirm(page, t, done) {
  const dialog = page.getByRole("dialog", { name: t("confirm.title") });
  await dialog.or(done).first().waitFor();
  if (!(await dialog.isVisible())) return;
  await dialog.getByLabel(t("field.password")).fill(PASSWORD);
  await dialog.getByRole("button", { name: t("confirm.go") }).click();
  await dialog.waitFor({ state: "hidden" });
}

/** Makes a key, saves it, and signs the agreement with it. */
export async function sign(one, id, name, data, t) {
  const { page } = one;
  await page.goto(`/agreements/${id}/signing`);
  await page.getByRole("button", { name: t("agreement.key.make") }).click();
  await page.getByLabel(t("agreement.key.name")).fill(name);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: t("agreement.key.save") }).click();
  const file = join(data, (await saved).suggestedFilename());
  await (await saved).saveAs(file);
  assert.equal(JSON.parse(readFileSync(file, "utf8")).name, name);
  await page.getByRole("button", { name: t("agreement.sign.show") }).click();
  await picture(one, "sign");
  await page.getByRole("button", { name: t("agreement.sign.now") }).click();
  const done = message(page, t("agreement.signed.done"));
  one.expected.push(/status of 403/);
  await confirm(page, t, done);
  await done.waitFor();
}

/** Fills the form for signing in and sends it. */
export async function giveCredentials(one, email, t, password = PASSWORD) {
  const { page } = one;
  one.expected.push(/status of 401/);
  await page.goto("/signin");
  await page.getByLabel(t("field.email")).fill(email);
  await page.getByLabel(t("field.password")).fill(password);
  await page.getByRole("button", { name: t("signin.go"), exact: true }).click();
}

/** The first page of who is signed in. */
export const home = (page, t) =>
  page.getByRole("heading", { level: 1, name: t("agreements.title") }).waitFor();

/** Whoever is signed in has a menu; the page is the one that was left. */
export const inside = (page) => page.locator("button.person").waitFor();

/** Signs out by the menu and the keyboard: a menu may still move under the mouse. */
export async function signOut({ page }, t) {
  await page.locator("button.person").click();
  await page.getByRole("menuitem", { name: t("nav.out") }).press("Enter");
  await page.getByRole("heading", { level: 1, name: t("signin.title") }).waitFor();
}

/** The account brings its own language; the switch in the head takes the other one. */
export async function speak({ page, lang }) {
  await inside(page);
  const html = page.locator(`html[lang="${lang === "zh" ? "zh-CN" : "en"}"]`);
  if ((await html.count()) === 0) {
    const kept = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/me"));
    await page.locator("header").getByText(lang === "zh" ? "中文" : "EN", { exact: true }).click();
    await kept;
  }
  await html.waitFor({ state: "attached" });
}
