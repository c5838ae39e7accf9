// Every page of the sample deployment, as each side sees it: in both languages, light and dark, at
// a desk and on a phone. A page that writes an error, asks another host or breaks WCAG AA fails.

import { join } from "node:path";
import { accessible, person, picture, sound } from "./lib/browser.mjs";
import { folder, serve } from "./lib/server.mjs";
import { accounts, sample } from "./lib/sample.mjs";
import { giveCredentials, speak } from "./lib/steps.mjs";
import { text } from "./lib/words.mjs";

const TABS = [
  "",
  "/timeline",
  "/obligations",
  "/measures",
  "/projects",
  "/money",
  "/money/statements",
  "/money/invoices",
  "/money/account",
  "/evidence",
  "/evidence/record",
  "/evidence/import",
  "/evidence/checkpoints",
  "/evidence/deliveries",
  "/versions",
  "/signing",
  "/documents",
  "/people",
];
const OWN = [
  "/",
  "/notices",
  "/review",
  "/playbooks",
  "/organisation",
  "/organisation/keys",
  "/organisation/webhooks",
  "/organisation/audit",
  "/me",
  "/agreements/new",
  "/verify",
  "/no-such-page",
];

/** Tabs that only agreements of one kind have. */
const KIND = { "/projects": "annotation" };

const LOOKS = [
  { lang: "zh", who: "vendor", dark: false, width: 1280, agreements: 4 },
  { lang: "en", who: "customer", dark: true, width: 1280, agreements: 4 },
  { lang: "zh", who: "customer", dark: false, width: 390, agreements: 1 },
  { lang: "en", who: "vendor", dark: true, width: 390, agreements: 1 },
];

export async function tour(browser) {
  const data = join(folder("tour"), "sample");
  sample(data);
  const known = accounts(data);
  const server = await serve(data);
  for (const look of LOOKS) {
    const one = await person(browser, server, { ...look, height: look.width < 600 ? 800 : 900 });
    await giveCredentials(one, known[look.who], (key) => text(one.lang, key), known.password);
    await one.page.waitForURL((url) => url.pathname === "/");
    await speak(one);
    const { items } = await one.page.evaluate(async () => (await fetch("/api/v1/agreements")).json());
    const agreements = items.slice(0, look.agreements);
    const paths = [
      ...OWN,
      ...agreements.flatMap(({ id, kind }) =>
        TABS.filter((tab) => (KIND[tab] ?? kind) === kind).map(
          (tab) => `/agreements/${encodeURIComponent(id)}${tab}`,
        ),
      ),
    ];
    for (const path of paths) {
      await one.page.goto(path);
      await one.page.getByRole("heading", { level: 1 }).first().waitFor();
      await one.page.waitForLoadState("load");
      await one.page.waitForFunction(() => !document.querySelector(".ant-skeleton, [aria-busy='true']"));
      await speak(one);
      const wide = await one.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
      if (wide) throw new Error(`${path} is wider than ${look.width} px`);
      const name = `${look.width < 600 ? "phone" : "desk"}-${path.replaceAll("/", "_")}`;
      await picture(one, name);
      await accessible(one, `${path} (${look.lang}, ${look.dark ? "dark" : "light"})`);
    }
    sound(one);
    await one.context.close();
  }
  await server.stop();
}
