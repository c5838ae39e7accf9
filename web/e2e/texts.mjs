// Texts from raw files to an accepted item: sentiment by one key, spans by mouse and by keyboard in
// Chinese with characters beyond the basic plane, a text of more than 100,000 characters, an issue
// pinned on words, return, correction, acceptance. Places are held against the server's, in code
// points.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessible, picture } from "./lib/browser.mjs";
import { text } from "./lib/words.mjs";
import {
  ask, complain, counted, makeProject, resolveAll, saved, sendBackWith, SHARED, shop, take, upload,
} from "./lib/work.mjs";

/** Above U+FFFF, two UTF-16 units each; the last is one picture of several code points. */
const RARE = "店名𠮷野家😀，点了𩸽鱼定食👨‍👩‍👧，很好吃！\n送餐太慢了。";

/** Real reviews where they are, else some of ours; the second column of a table. */
function reviews(file, fallback) {
  const real = join(SHARED, "data/sentiment", file);
  if (!existsSync(real)) {
    console.log(`${file} is absent: the reviews are made`);
    return fallback;
  }
  const lines = readFileSync(real, "utf8").split(/\r?\n/).slice(1);
  return lines.map((line) => line.slice(line.indexOf(",") + 1)).filter((one) => one.trim() !== "");
}

const classOf = (id, zh, en, kinds, shortcut, more = {}) => ({
  id, name: { zh, en }, color: "#1d6b3a", kinds, shortcut, ...more,
});

const GUIDELINE = {
  title: { zh: "外卖评论", en: "Reviews of take-away" },
  pages: [],
  classes: [
    classOf("positive", "正面", "Positive", ["class"], "1", { value: 1 }),
    classOf("negative", "负面", "Negative", ["class"], "3", { value: -1, color: "#ad2f1c" }),
    classOf("dish", "菜品", "Dish", ["span"], "c", { color: "#2b567e" }),
    classOf("service", "服务", "Service", ["span"], "s", {
      color: "#8a5300",
      attributes: [
        {
          id: "tone", name: { zh: "语气", en: "Tone" }, kind: "select", required: false,
          values: [{ id: "calm", name: { zh: "平静", en: "Calm" } }],
        },
      ],
    }),
  ],
};

export async function texts(browser, lang) {
  const t = (key, values) => text(lang, key, values);
  const here = await shop(browser, "texts", lang, t);
  const operator = await here.enter("zhou.kexin");
  const annotator = await here.enter("lin.yanqing", true);
  await sentiment(operator, annotator, here, t);
  const project = await spans(operator, here, t);
  const item = await label(annotator, project, t);
  const reviewer = await here.enter("xu.nanxing");
  await review(reviewer, project, item, t);
  await correct(annotator, item, t);
  await take(reviewer.page, project, t("labelling.takeReview"));
  await reviewer.page.locator(".paper").focus();
  await reviewer.page.keyboard.press("Shift+A");
  await reviewer.page.waitForURL(`**${project}`);
  await reviewer.page.locator(".progress-legend .accepted").waitFor();
  await here.close();
}

const file = (place, name, content) => {
  const path = join(place, name);
  writeFileSync(path, content);
  return path;
};

/** One key for each text, and the next one is there. */
async function sentiment(one, { page }, { place }, t) {
  const some = reviews("waimai_10k.csv", ["很快，好吃", "没有送水", "味道一般"]).slice(0, 3);
  const project = await makeProject(one, "Sentiment", "text", t);
  const files = some.map((content, at) => file(place, `review-${at}.txt`, content));
  await upload(one, project, files, "SophonPlus/ChineseNlpCorpus", t);
  const seen = [];
  await take(page, project, t("labelling.take"));
  for (const key of ["1", "3", "1"]) {
    await page.locator(".paper").waitFor();
    await saved(page);
    const was = page.url();
    seen.push(await page.locator(".paper").innerText());
    await page.keyboard.press(key);
    await page.waitForURL((url) => url.href !== was);
  }
  await page.waitForURL(`**${project}`);
  assert.deepEqual(seen.map((one) => one.trim()).sort(), some.map((one) => one.trim()).sort());
  await page.locator(".progress-legend .submitted").waitFor();
}

async function spans(one, { place }, t) {
  const { page } = one;
  const long = reviews("ChnSentiCorp_htl_all.csv", ["房间很大，床有2M宽，整体感觉经济实惠不错!"]);
  let content = "";
  while (content.length < 110_000) content += `${long.join("\n")}\n`;
  const project = await makeProject(one, "Spans", "text", t);
  await ask(page, "PUT", `${project}/guideline`, GUIDELINE);
  const files = [
    file(place, "rare.txt", RARE),
    file(place, "long.txt", `𠮷${content.slice(0, 110_000)}`),
  ];
  await upload(one, project, files, "SophonPlus/ChineseNlpCorpus", t);
  return project;
}

/** Drags with the mouse over the first place of some words, `of` which line. */
async function dragOver(page, words, of = 0) {
  const line = page.locator(".paper p").nth(of);
  const [from, to] = await line.evaluate((line, words) => {
    const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const at = node.data.indexOf(words);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + words.length);
      const [first, last] = [range.getClientRects()[0], [...range.getClientRects()].at(-1)];
      return [
        [first.left + 1, first.top + first.height / 2],
        [last.right - 1, last.top + last.height / 2],
      ];
    }
    throw new Error(`no ${words}`);
  }, words);
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, from[1]);
  await page.mouse.move(...to);
  await page.mouse.up();
}

const said = (page, item) => ask(page, "GET", item).then(({ labels }) => labels);

/** What the server has as spans, as words of the text in its code points. */
async function held(page, item, content) {
  const points = [...content];
  return (await said(page, item))
    .filter(({ kind }) => kind === "span")
    .map((one) => `${one.class}:${points.slice(one.start, one.end).join("")}`)
    .sort();
}

async function label(one, project, t) {
  const { page } = one;
  const item = await take(page, project, t("labelling.take"));
  await page.locator(".paper").waitFor();
  await saved(page);
  // The class first, then the mouse; then the mouse over a part of one picture of five code points.
  await page.keyboard.press("c");
  await dragOver(page, "𩸽鱼定食");
  await counted(page, 1);
  await page.keyboard.press("Escape");
  await dragOver(page, "👨‍👩‍👧");
  await counted(page, 2);
  await page.keyboard.press("s");
  // By keyboard alone: to the end of the first line's name, over it, and its class.
  await page.keyboard.press("Escape");
  await page.locator(".paper").focus();
  await page.keyboard.press("Control+Home");
  for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await page.locator(".caret").waitFor();
  for (let at = 0; at < 4; at += 1) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("c");
  await counted(page, 3);
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Shift+Home");
  await page.keyboard.press("s");
  await counted(page, 4);
  await page.keyboard.press("1");
  await counted(page, 5);
  await saved(page);
  assert.deepEqual(await held(page, item, RARE), [
    "dish:𠮷野家😀", "dish:𩸽鱼定食", "service:送餐太慢了。", "service:👨‍👩‍👧",
  ]);
  await twoTabs(one, item);
  await accessible(one, "texts");
  await picture(one, "texts-1-spans");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL((url) => /\/items\/\d+$/.test(url.pathname) && url.pathname !== item);
  await longText(one, t);
  return item;
}

/** A second tab at the same item has a record of unsent work of its own. */
async function twoTabs({ context }, item) {
  const tab = await context.newPage();
  await tab.goto(item);
  await tab.locator(".paper").waitFor();
  await counted(tab, 5);
  const held = await tab.evaluate(async () =>
    (await navigator.locks.query()).held.map(({ name }) => name),
  );
  const records = held.filter((name) => name.startsWith("tally.labelling") && name.includes(item));
  assert.equal(new Set(records).size, 2, held.join(" "));
  await tab.close();
}

/** A span at the end of more than 100,000 characters behind one of two UTF-16 units. */
async function longText(one) {
  const { page } = one;
  await page.locator(".paper").waitFor();
  await saved(page);
  const item = new URL(page.url()).pathname;
  const content = await page.evaluate(
    async (path) => (await fetch(path)).text(),
    `/api/v1${item}/text`,
  );
  assert.ok([...content].length > 100_000);
  await page.locator(".paper").focus();
  await page.keyboard.press("Control+End");
  for (let at = 0; at < 3; at += 1) await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("c");
  await counted(page, 1);
  await saved(page);
  const [{ start, end }] = await said(page, item);
  const points = [...content.trimEnd()];
  assert.equal(end, points.length);
  assert.equal([...content].slice(start, end).join(""), points.slice(-3).join("").trim());
  await picture(one, "texts-2-long");
}

async function review(one, project, item, t) {
  const { page } = one;
  assert.equal(await take(page, project, t("labelling.takeReview")), item);
  await page.locator(".paper").waitFor();
  await counted(page, 5);
  await page.locator(".paper").focus();
  await page.keyboard.press("p");
  await dragOver(page, "很好吃");
  await complain(page, "这也是菜品吗？ / a dish?", t);
  await page.locator(".paper .pinned").first().waitFor();
  await accessible(one, "texts in review");
  await picture(one, "texts-3-review");
  await sendBackWith(page, "请改 / correct it", t);
  await page.waitForURL(`**${project}`);
}

async function correct(one, item, t) {
  const { page } = one;
  await page.goto(item);
  await page.locator(".paper .pinned").first().waitFor();
  await page.locator(".issues .open").first().waitFor();
  await picture(one, "texts-4-returned");
  await page.locator(".paper").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Delete");
  await counted(page, 4);
  await saved(page);
  await resolveAll(page, t);
  await page.getByRole("button", { name: t("labelling.submitNext") }).click();
  await page.waitForURL((url) => url.pathname !== item);
}
