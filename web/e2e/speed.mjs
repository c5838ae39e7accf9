// How fast the labelling workspace is with the real binary in a real browser: an item of 1,000 boxes
// until it is painted, an image of 50 megapixels under pan and zoom, every action among 5,000 boxes,
// a list of 100,000 items. Prints figures and judges none of them.
// TALLY=<binary> E2E_DIR=<empty folder> node speed.mjs [boxes] [large] [many] [list]
// With ITEMS=<fewer> so many texts are taken in and the answers about them stretched to 100,000 rows:
// the browser's side alone.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { launch } from "./lib/browser.mjs";
import { text } from "./lib/words.mjs";
import { ask, makeProject, saved, shop, take, upload } from "./lib/work.mjs";

const ITEMS = 100_000;

const t = (key, values) => text("en", key, values);
const wanted = process.argv.slice(2);
const asked = (name) => wanted.length === 0 || wanted.includes(name);

const link = (seq) => `a.item-row[href$="/items/${seq}"]`;

const browser = await launch();
console.log(`${cpus().length} processors, Chromium ${browser.version()}`);
const here = await shop(browser, "speed", "en", t);
const operator = await here.enter("zhou.kexin");
const annotator = await here.enter("lin.yanqing");
try {
  if (asked("boxes") || asked("many")) await boxes();
  if (asked("large")) await large();
  if (asked("list")) await list();
  await here.close();
} finally {
  here.server.child.kill("SIGTERM");
  await browser.close();
}

/** Milliseconds of the processor that the page's own thread has used so far. */
async function worked(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };
}

function tell(what, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const [median, longest] = [sorted[sorted.length >> 1], sorted.at(-1)];
  const load = loadavg()[0].toFixed(1);
  console.log(
    `${what}: median ${median.toFixed(0)} ms, longest ${longest.toFixed(0)} ms of ${times.length} (load ${load})`,
  );
}

/** A picture made by ffmpeg. */
function drawn(name, width, height) {
  const path = join(here.place, name);
  const source = `testsrc2=s=${width}x${height}:r=1`;
  const made = spawnSync("ffmpeg", [
    "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", source, "-frames:v", "1", "-q:v", "3", path,
  ]);
  assert.equal(made.status, 0, `ffmpeg: ${made.error ?? made.stderr}`);
  return path;
}

/** Saves so many boxes on an image of so many pixels. */
async function save(page, item, count, [width, height]) {
  const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const across = Math.ceil(Math.sqrt(count * (width / height)));
  const step = Math.floor(width / across);
  const operations = Array.from({ length: count }, (_, at) => {
    const [x, y] = [(at % across) * step, Math.floor(at / across) * step];
    const name = [0, 5, 10, 15].map((shift) => letters[(at >> shift) & 31]).reverse().join("");
    const rect = [x, y, Math.min(width, x + step + 3), Math.min(height, y + step + 3)];
    const flags = { occluded: false, truncated: false, crowd: false };
    const id = `01J0000000000000000000${name}`;
    return { put: { id, kind: "box", class: "object", source: "person", attributes: {}, rect, ...flags } };
  });
  const said = await ask(page, "POST", `${item}/labels`, { base: 0, seconds: 0, operations });
  assert.deepEqual(said.refused, []);
}

/** Milliseconds from a click on a link in the page until the picture and so many labels are painted. */
function opened(page, link, count) {
  return page.evaluate(
    async ([link, count]) => {
      const begin = performance.now();
      document.querySelector(link).click();
      for (;;) {
        await new Promise((next) => requestAnimationFrame(next));
        const canvas = document.querySelector(".canvas canvas");
        const row = document.querySelector(".label-list [role=listitem]");
        if (!canvas || canvas.width < 10) continue;
        if (count > 0 && row?.getAttribute("aria-setsize") !== String(count)) continue;
        const middle = canvas.getContext("2d").getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
        if (middle.data[3] > 0) break;
      }
      await new Promise((painted) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = painted;
        port2.postMessage(0);
      });
      return performance.now() - begin;
    },
    [link, count],
  );
}

/** Milliseconds from an event of the page to the picture after it. */
async function painted(page, type, act) {
  await page.evaluate((type) => {
    window.painted = new Promise((done) => {
      window.addEventListener(
        type,
        () => {
          const begin = performance.now();
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => done(performance.now() - begin);
            port2.postMessage(0);
          });
        },
        { capture: true, once: true },
      );
    });
  }, type);
  await act();
  return page.evaluate(() => window.painted);
}

async function leave(page, project) {
  await saved(page).catch(() => {});
  await page.locator(".work-back").click();
  await page.waitForURL(`**${project}`);
  await page.locator("a.item-row").first().waitFor();
}

async function boxes() {
  const { page } = annotator;
  const project = await makeProject(operator, "Boxes", "image", t);
  const files = [drawn("a.jpg", 1280, 960), drawn("b.jpg", 1280, 966)];
  await upload(operator, project, files, "ffmpeg", t);
  for (const [at, count] of [1000, 5000].entries()) {
    const item = await take(page, project, t("labelling.take"));
    await saved(page);
    await save(page, item, count, [1280, 960]);
    await page.goto(project);
    await page.locator("a.item-row").first().waitFor();
    const seq = item.split("/").at(-1);
    if (asked("boxes")) {
      const [times, busy] = [[], []];
      const processor = await worked(page);
      for (let turn = 0; turn < 8; turn += 1) {
        const before = await processor();
        times.push(await opened(page, link(seq), count));
        busy.push((await processor()) - before);
        await leave(page, project);
      }
      tell(`an item of ${count} boxes, of that the page's own processor time`, busy);
      tell(`an item of ${count} boxes, from the press in the list to the picture with them`, times);
    }
    if (at === 1 && asked("many")) await actions(page, seq, count);
    if (at === 0) {
      await page.locator(link(seq)).click();
      await saved(page);
      await page.locator(".canvas canvas").first().waitFor();
      await page.getByRole("button", { name: t("labelling.submitNext") }).click();
      await page.waitForURL((url) => !url.pathname.endsWith(`/items/${seq}`));
    }
  }
}

async function actions(page, seq, count) {
  await opened(page, link(seq), count);
  await saved(page);
  const canvas = page.locator(".canvas");
  await canvas.focus();
  const box = await canvas.boundingBox();
  const middle = [box.x + box.width / 2, box.y + box.height / 2];
  const keys = [
    ["select the next", "Tab"], ["nudge", "ArrowRight"], ["undo", "Control+z"], ["redo", "Control+y"],
    ["a flag", "o"], ["copy", "Control+c"], ["paste", "Control+v"], ["delete", "Delete"],
    ["hide the class, show all", "h"], ["zoom in", "+"], ["zoom out", "-"], ["fit", "z"],
    ["zoom to the box", "Enter"], ["fit", "z"], ["select nothing", "Escape"],
  ];
  for (const [name, key] of keys) {
    const times = [];
    for (let turn = 0; turn < 20; turn += 1) {
      times.push(await painted(page, "keydown", () => page.keyboard.press(key)));
      if (name === "delete") await page.keyboard.press("Tab");
    }
    tell(`among ${count} boxes, ${name}`, times);
  }
  const presses = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const at = [middle[0] + turn * 11, middle[1] + turn * 7];
    presses.push(await painted(page, "pointerdown", () => page.mouse.click(...at)));
  }
  tell(`among ${count} boxes, select by the mouse`, presses);
  await motion(page, `among ${count} boxes`, middle);
  await page.keyboard.press("Escape");
  await page.keyboard.press("b");
  const drawnBoxes = [];
  for (let turn = 0; turn < 20; turn += 1) {
    await page.mouse.move(middle[0] + turn, middle[1] + turn);
    await page.mouse.down();
    await page.mouse.move(middle[0] + turn + 40, middle[1] + turn + 40);
    drawnBoxes.push(await painted(page, "pointerup", () => page.mouse.up()));
  }
  tell(`among ${count} boxes, draw one`, drawnBoxes);
  await saved(page);
}

/** Pans and zooms with the mouse: what each step takes until it is painted. */
async function motion(page, what, [x, y]) {
  const [pan, zoom] = [[], []];
  await page.mouse.move(x, y);
  await page.mouse.down({ button: "middle" });
  for (let turn = 1; turn <= 40; turn += 1) {
    const to = [x + 100 * Math.sin(turn / 6), y + 60 * Math.sin(turn / 5)];
    pan.push(await painted(page, "pointermove", () => page.mouse.move(...to)));
  }
  await page.mouse.up({ button: "middle" });
  for (let turn = 0; turn < 40; turn += 1) {
    const by = turn < 20 ? -120 : 120;
    zoom.push(await painted(page, "wheel", () => page.mouse.wheel(0, by)));
  }
  tell(`${what}, a step of panning`, pan);
  tell(`${what}, a step of zooming`, zoom);
}

async function large() {
  const { page } = annotator;
  const project = await makeProject(operator, "Large", "image", t);
  await upload(operator, project, [drawn("large.jpg", 8660, 5776)], "ffmpeg", t);
  await take(page, project, t("labelling.take"));
  await saved(page);
  await page.goto(project);
  await page.locator("a.item-row").first().waitFor();
  const times = [];
  for (let turn = 0; turn < 4; turn += 1) {
    times.push(await opened(page, link(1), 0));
    if (turn < 3) await leave(page, project);
  }
  tell("50 megapixels, from the press in the list to the picture", times);
  const box = await page.locator(".canvas").boundingBox();
  const middle = [box.x + box.width / 2, box.y + box.height / 2];
  await motion(page, "50 megapixels fitted", middle);
  await page.keyboard.press("x");
  await motion(page, "50 megapixels, one pixel for one", middle);
}

/** The project's answers as if it had 100,000 items, each like one that it has. */
async function stretched(page, project, have) {
  const api = `**/api/v1${project}`;
  await page.route(api, async (route) => {
    const response = await route.fetch();
    return route.fulfill({ response, json: { ...(await response.json()), items: ITEMS } });
  });
  await page.route(`${api}/items?**`, async (route) => {
    const url = new URL(route.request().url());
    const after = Number(url.searchParams.get("after") ?? 0);
    url.searchParams.set("after", String(after % (have - 100)));
    const response = await route.fetch({ url: url.href });
    const page = await response.json();
    const items = page.items.map((row, at) => ({ ...row, seq: after + at + 1 }));
    return route.fulfill({ response, json: { ...page, items } });
  });
}

async function list() {
  const { page } = operator;
  const have = Number(process.env.ITEMS ?? ITEMS);
  const project = await makeProject(operator, "List", "text", t);
  const path = join(here.place, "lines.txt");
  writeFileSync(path, Array.from({ length: have }, (_, at) => `这是第 ${at} 条评论`).join("\n"));
  await page.goto(`${project}/upload`);
  await page.locator("input[type=file]").first().setInputFiles([path]);
  await page.getByLabel(t("labelling.upload.rights")).fill("made");
  await page.getByLabel(t("labelling.upload.split"), { exact: true }).click();
  await page.getByTitle(t("labelling.upload.split.lines")).last().click();
  const begin = Date.now();
  await page.getByRole("button", { name: t("labelling.upload.go", { count: 1 }) }).click();
  await page.locator(".upload-report").waitFor({ timeout: 1_200_000 });
  console.log(`${have} texts taken in: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  if (have < ITEMS) await stretched(page, project, have);
  const opens = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const from = Date.now();
    await page.goto(project);
    await page.locator("a.item-row").first().waitFor();
    opens.push(Date.now() - from);
  }
  tell("a list of 100,000 items, from its address to its first rows", opens);
  const { steps, jumps, rows } = await page.evaluate(async () => {
    const place = document.querySelector(".items-list");
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    const steps = [];
    for (let turn = 0; turn < 300; turn += 1) {
      const from = performance.now();
      place.scrollTop += 132;
      await frame();
      steps.push(performance.now() - from);
    }
    const jumps = [];
    for (let turn = 1; turn <= 20; turn += 1) {
      const from = performance.now();
      place.scrollTop = (place.scrollHeight * turn) / 21;
      do await frame();
      while (place.querySelector(".waiting") || !place.querySelector("a.item-row"));
      jumps.push(performance.now() - from);
    }
    return { steps, jumps, rows: place.querySelectorAll(".virtual-row").length };
  });
  tell("a list of 100,000 items, a step of scrolling", steps);
  tell("a list of 100,000 items, a jump until its rows are read", jumps);
  console.log(`rows in the document: ${rows}`);
}
