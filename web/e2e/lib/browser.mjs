// Debian's Chromium, one context for each person. A page that writes an error to its console, asks
// another host, or breaks a rule of WCAG AA fails the scenario.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { folder } from "./server.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

const everyone = [];

/** What each open page shows and complained of, for a scenario that failed. */
export async function scene() {
  for (const [index, one] of everyone.entries()) {
    if (one.page.isClosed()) continue;
    console.log(`page ${index} at ${one.page.url()}\n${one.wrong.join("\n")}`);
    await picture(one, `failed-${index}`).catch(() => {});
    await one.context.close();
  }
  everyone.length = 0;
}

/** One person at a browser: a context, a page, and what went wrong in it. */
export async function person(browser, server, { lang = "en", dark = false, width = 1280, height = 900 } = {}) {
  const context = await browser.newContext({
    locale: lang === "zh" ? "zh-CN" : "en-GB",
    timezoneId: "Asia/Shanghai",
    colorScheme: dark ? "dark" : "light",
    viewport: { width, height },
    acceptDownloads: true,
    reducedMotion: "reduce",
    baseURL: server.origin,
  });
  if (process.env.PAGES) await context.route(server.origin + "/**", freshly(process.env.PAGES));
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const one = { context, page, lang, dark, wrong: [], expected: [] };
  everyone.push(one);
  page.on("console", (message) => {
    if (message.type() === "error") one.wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => one.wrong.push(`page: ${error}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    const own = url.origin === server.origin || ["data:", "blob:"].includes(url.protocol);
    if (!own) one.wrong.push(`asked another host: ${url.href}`);
  });
  return one;
}

/**
 * Pages as they were just built in a folder instead of those in the binary, under the binary's own
 * headers: while one works on a page, nothing else has to be built.
 */
const freshly = (built) => async (route) => {
  const { pathname } = new URL(route.request().url());
  if (pathname.startsWith("/api/")) return route.fallback();
  const path = join(built, pathname.startsWith("/assets/") ? pathname : "index.html");
  const response = await route.fetch({ url: new URL("/", route.request().url()).href });
  const type = { js: "text/javascript", css: "text/css" }[path.split(".").at(-1)] ?? "text/html";
  const headers = { ...response.headers(), "content-type": `${type}; charset=utf-8` };
  return route.fulfill({ response, headers, body: readFileSync(path) });
};

/** Fails when anything went wrong in a person's pages, save what the scenario provoked. */
export function sound(one) {
  const left = one.wrong.filter((line) => !one.expected.some((known) => known.test(line)));
  if (left.length > 0) throw new Error(`the page complained:\n${left.join("\n")}`);
}

/** A screenshot under a name, in the language and the theme of the person. */
export async function picture(one, name) {
  const file = `${name}.${one.lang}${one.dark ? ".dark" : ""}.png`;
  await one.page.screenshot({ path: join(folder("pictures"), file), fullPage: true });
}

/** Holds the page as it stands against WCAG 2.1 A and AA; `sound` fails with what it found. */
export async function accessible(one, name) {
  // Evaluated over the debugging protocol: the page's own policy forbids an injected script.
  await one.page.evaluate(axe);
  const violations = await one.page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
    const result = await window.axe.run(document, { runOnly: { type: "tag", values: tags } });
    return result.violations.map((one) => ({
      id: one.id,
      help: one.help,
      nodes: one.nodes.slice(0, 5).map((node) => `${node.target.join(" ")} ${node.failureSummary}`),
    }));
  });
  for (const found of violations) {
    one.wrong.push(`${name}: ${found.id}: ${found.help}\n  ${found.nodes.join("\n  ")}`);
  }
}
