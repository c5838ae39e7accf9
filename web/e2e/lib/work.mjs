// What scenarios of labelling share: a deployment with its people, a project with its raw data, and
// what the console's pages ask of the interface where a scenario has to be quick.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { person, sound } from "./browser.mjs";
import { accounts, sample } from "./sample.mjs";
import { folder, serve } from "./server.mjs";
import { giveCredentials, inside, speak } from "./steps.mjs";

/** Real data beside the project, where it is. */
export const SHARED =
  process.env.SHARED ?? new URL("../../../../shared", import.meta.url).pathname;

/** The account of a role of the vendor in the sample deployment. */
function account(data, name) {
  const told = readFileSync(join(data, "demo-accounts.txt"), "utf8");
  const found = new RegExp(`^(${name}@\\S+)`, "m").exec(told)?.[1];
  assert.ok(found, `no account ${name}`);
  return found;
}

/** The sample deployment, served; `enter` signs somebody in at a browser of their own. */
export async function shop(browser, name, lang, t) {
  const place = folder(`${name}-${lang}`);
  const data = join(place, "sample");
  sample(data);
  const { password } = accounts(data);
  const server = await serve(data);
  const people = [];
  const enter = async (who, dark = false) => {
    const one = await person(browser, server, { lang, dark, width: 1440 });
    people.push(one);
    await giveCredentials(one, account(data, who), t, password);
    await one.page.waitForURL((url) => url.pathname === "/");
    await inside(one.page);
    await speak(one);
    return one;
  };
  const close = async () => {
    for (const one of people) {
      sound(one);
      await one.context.close();
    }
    const code = await server.stop();
    assert.equal(code, 0, `the server ended with ${code}:\n${server.lines.slice(-2000)}`);
  };
  return { place, data, server, enter, close };
}

/** Makes a project by its form; gives the address of its page. */
export async function makeProject({ page }, name, modality, t) {
  const agreement = page.locator('a[href*="/agreements/anno-"]').first();
  await agreement.waitFor();
  await page.goto(`${await agreement.getAttribute("href")}/projects`);
  await page.getByRole("button", { name: t("labelling.project.new") }).click();
  const dialog = page.getByRole("dialog", { name: t("labelling.project.new") });
  await dialog.getByLabel(t("labelling.project.name")).fill(name);
  await dialog.getByText(t(`labelling.modality.${modality}`), { exact: true }).click();
  await dialog.getByRole("button", { name: t("labelling.project.make") }).click();
  await page.waitForURL(/\/projects\/[^/]+\/guideline$/);
  return new URL(page.url()).pathname.replace(/\/guideline$/, "");
}

/** Uploads files and takes them in; waits until so many items are there. */
export async function upload({ page }, project, files, rights, t, count = files.length) {
  await page.goto(`${project}/upload`);
  await page.locator("input[type=file]").first().setInputFiles(files);
  await page.getByLabel(t("labelling.upload.rights")).fill(rights);
  await page.getByRole("button", { name: t("labelling.upload.go", { count: files.length }) }).click();
  await page.locator(".upload-report").getByText(t("labelling.upload.taken", { count })).waitFor();
}

/** Asks the interface as the page does. */
export function ask(page, method, path, body) {
  return page.evaluate(
    async ([method, path, body]) => {
      const { csrf } = await (await fetch("/api/v1/session")).json();
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
      const answer = await fetch(`/api/v1${path}`, {
        method,
        ...(method === "GET"
          ? {}
          : {
              headers: { ...headers, "Idempotency-Key": crypto.randomUUID() },
              body: JSON.stringify(body ?? {}),
            }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
      return text === "" ? null : JSON.parse(text);
    },
    [method, path, body],
  );
}

/** Waits until nothing is unsaved. */
export const saved = (page) => page.locator('.saving[data-state="saved"]').waitFor();

/** The rows of the list of labels. */
export const rows = (page) => page.locator(".label-list [role=listitem]");

/** Waits until the list of labels holds so many. */
export const counted = (page, count) =>
  page.waitForFunction(
    (count) =>
      (document.querySelector(".label-list [role=listitem]")?.getAttribute("aria-setsize") ?? "0") ===
      String(count),
    count,
  );

/** Takes the next item to label or to review by its button. */
export async function take(page, project, button) {
  await page.goto(project);
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.waitForURL(/\/items\/\d+$/);
  return new URL(page.url()).pathname;
}

/** Returns the item that is open, with a reason. */
export async function sendBackWith(page, reason, t) {
  await page.getByRole("button", { name: t("labelling.return"), exact: true }).click();
  const why = page.getByRole("dialog", { name: t("labelling.ask.return") });
  await why.getByRole("textbox").fill(reason);
  await why.getByRole("button", { name: t("labelling.askGo.return") }).click();
}

/** Says what is wrong in the dialog that a pin opened. */
export async function complain(page, text, t) {
  const issue = page.getByRole("dialog", { name: t("labelling.ask.issue") });
  await issue.getByRole("textbox").fill(text);
  await issue.getByRole("button", { name: t("labelling.askGo.issue") }).click();
  await page.locator(".issues .open").first().waitFor();
}

/** Marks every open issue as resolved. */
export async function resolveAll(page, t) {
  for (let left = await page.locator(".issues .open").count(); left > 0; left -= 1) {
    await page.getByRole("button", { name: t("labelling.resolve") }).first().click();
    await page.waitForFunction((left) => document.querySelectorAll(".issues .open").length < left, left);
  }
}
