// A video whose rate varies, from the raw file to an accepted item and its export: frames by number to
// both ends, playback, an event and its attribute by keys, keyframes with their pictures, a box that
// goes through frames, an issue pinned in the picture, return, correction, acceptance, ActivityNet.
// Times are held against the server's own list of frames.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { accessible, picture } from "./lib/browser.mjs";
import { text } from "./lib/words.mjs";
import { unzip } from "./lib/zip.mjs";
import {
  ask, complain, counted, makeProject, resolveAll, saved, sendBackWith, shop, take, upload,
} from "./lib/work.mjs";

const classOf = (id, zh, en, kind, shortcut, more = {}) => ({
  id, name: { zh, en }, color: "#2b567e", kinds: [kind], shortcut, ...more,
});

const GUIDELINE = {
  title: { zh: "镜头", en: "Shots" },
  pages: [],
  classes: [
    classOf("pass", "传球", "Pass", "event", "1"),
    classOf("goal", "进球", "Goal", "event", "2", {
      color: "#8a5300",
      attributes: [
        {
          id: "foot", name: { zh: "脚", en: "Foot" }, kind: "select", required: true,
          values: [{ id: "left", name: { zh: "左", en: "Left" } }],
        },
      ],
    }),
    classOf("key", "关键帧", "Keyframe", "keyframe", "3", { color: "#1d6b3a" }),
    classOf("ball", "球", "Ball", "track", "4", { color: "#e4572e" }),
  ],
};

/** 25 frames at 25 in a second and 25 at a third of it; `VIDEO` names another file. */
function clip(place) {
  if (process.env.VIDEO) return process.env.VIDEO;
  const path = join(place, "variable.mp4");
  const graph =
    "testsrc2=s=320x240:r=25,trim=end_frame=50," +
    "setpts='round(if(lt(N,25),N,25+(N-25)*3)/25/TB)',format=yuv420p[v]";
  const made = spawnSync("ffmpeg", [
    "-v", "error", "-nostdin", "-y", "-filter_complex", graph, "-map", "[v]", "-c:v", "libx264",
    "-preset", "ultrafast", "-g", "10", "-fps_mode", "passthrough", path,
  ]);
  if (made.error) return null;
  assert.equal(made.status, 0, String(made.stderr));
  return path;
}

export async function videos(browser, lang) {
  const t = (key, values) => text(lang, key, values);
  const here = await shop(browser, "videos", lang, t);
  const file = clip(here.place);
  if (!file) {
    console.log("skipped: ffmpeg is not installed (apt-get install ffmpeg)");
    return here.close();
  }
  const operator = await here.enter("zhou.kexin");
  const project = await makeProject(operator, "Shots", "video", t);
  await ask(operator.page, "PUT", `${project}/guideline`, GUIDELINE);
  await upload(operator, project, [file], "Made by ffmpeg", t);
  const annotator = await here.enter("lin.yanqing", true);
  const item = await label(annotator, project, t);
  const reviewer = await here.enter("xu.nanxing");
  await review(reviewer, project, item, t);
  await correct(annotator, project, item, t);
  await take(reviewer.page, project, t("labelling.takeReview"));
  await reviewer.page.locator(".canvas").focus();
  await reviewer.page.keyboard.press("Shift+A");
  await reviewer.page.waitForURL(`**${project}`);
  await reviewer.page.locator(".progress-legend .accepted").waitFor();
  await exported(operator, project, item);
  await here.close();
}

const told = (page) => page.locator(".transport output").innerText();

/** Waits until the frame with a number is told, and its picture is on the canvas. */
async function standsAt(page, number) {
  await page.waitForFunction(
    (number) =>
      new RegExp(`\\D${number}\\D`).test(
        `${document.querySelector(".transport output")?.textContent.split("·")[1]} `,
      ),
    number,
  );
  await page.waitForFunction(() => {
    const canvas = document.querySelector(".canvas canvas");
    if (!canvas || canvas.width === 0) return false;
    const middle = canvas.getContext("2d").getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
    return middle.data[3] > 0;
  });
}

/** Moves to a frame by the timeline, then by keys, as a person does. */
async function goTo(page, number, { pts, end }) {
  const box = await page.locator(".timeline").boundingBox();
  const behind = pts[number + 1] ?? end;
  const share = ((pts[number] + behind) / 2 - pts[0]) / (end - pts[0]);
  await page.mouse.click(box.x + box.width * Math.min(share, 0.999), box.y + 8);
  await standsAt(page, number);
}

/** A place of the picture on the page; the picture is fitted into the canvas. */
async function frameOf(page, { width, height }) {
  const box = await page.locator(".canvas").boundingBox();
  const scale = Math.min((box.width - 24) / width, (box.height - 24) / height, 4);
  const [x, y] = [box.x + (box.width - width * scale) / 2, box.y + (box.height - height * scale) / 2];
  return (px, py) => [x + px * width * scale, y + py * height * scale];
}

async function drag(page, from, to) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
  await page.mouse.move(...to);
  await page.mouse.up();
}

async function label(one, project, t) {
  const { page } = one;
  const item = await take(page, project, t("labelling.take"));
  await page.locator(".transport output").waitFor();
  await saved(page);
  const frames = await ask(page, "GET", `${item}/frames`);
  const { pts, end } = frames;
  const last = pts.length - 1;
  await standsAt(page, 0);
  await page.locator(".canvas").focus();

  // To both ends and not beyond them.
  await page.keyboard.press(",");
  await standsAt(page, 0);
  await page.keyboard.press(".");
  await standsAt(page, 1);
  await goTo(page, last, frames);
  await page.keyboard.press(".");
  await standsAt(page, last);
  await page.keyboard.press(",");
  await standsAt(page, last - 1);

  // An event from frame 10 to frame 30, its class by a key, its attribute.
  await goTo(page, 10, frames);
  await page.locator(".canvas").focus();
  await page.keyboard.press("i");
  await goTo(page, 29, frames);
  await page.locator(".canvas").focus();
  await page.keyboard.press(".");
  await standsAt(page, 30);
  await page.keyboard.press("o");
  await counted(page, 1);
  await page.keyboard.press("2");
  const foot = page.locator(".selected").getByRole("combobox").nth(1);
  await foot.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator(".selected .ant-select-content, .selected .ant-select-selection-item")
    .getByText(/^(左|Left)$/).first().waitFor();
  await page.locator(".canvas").focus();

  // Two keyframes by hand: their pictures are in the strip.
  for (const at of [5, 40]) {
    await goTo(page, at, frames);
    await page.locator(".canvas").focus();
    await page.keyboard.press("k");
  }
  await counted(page, 3);
  await page.locator(".strip img").nth(1).evaluate((image) => image.decode());

  // A box on frame 0, moved on frame 40, gone after 45.
  const size = await page.locator(".strip img").first()
    .evaluate(({ naturalWidth, naturalHeight }) => ({ width: naturalWidth, height: naturalHeight }));
  await goTo(page, 0, frames);
  await page.locator(".canvas").focus();
  await page.keyboard.press("4");
  await page.keyboard.press("b");
  const on = await frameOf(page, size);
  await drag(page, on(0.1, 0.1), on(0.3, 0.4));
  await counted(page, 4);
  await page.keyboard.press("Escape");
  await standsAt(page, 0);
  await goTo(page, 40, frames);
  await ask(page, "GET", item);
  // The box ended with its one stated frame: drawn here again, the same track goes on.
  await page.locator(".canvas").focus();
  await page.keyboard.press("n");
  await drag(page, on(0.5, 0.5), on(0.7, 0.8));
  await page.keyboard.press("Escape");
  await goTo(page, 45, frames);
  await saved(page);
  await picture(one, "videos-1-work");
  await accessible(one, "videos");
  await playback(page);
  await saved(page);

  const { labels } = await ask(page, "GET", item);
  const of = (kind) => labels.filter((label) => label.kind === kind);
  const [event] = of("event");
  assert.deepEqual(
    [event.class, event.start, event.end, event.attributes],
    ["goal", pts[10], pts[31], { foot: "left" }],
  );
  assert.deepEqual(of("keyframe").map(({ at }) => at).sort((a, b) => a - b), [pts[5], pts[40]]);
  const [track] = of("track");
  assert.equal(of("track").length, 1);
  assert.deepEqual(track.boxes.map(({ at }) => at), [pts[0], pts[40]]);
  assert.ok(end > pts[last]);
  await page.locator(".canvas").focus();
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(`**${project}`);
  return item;
}

/** Plays from the start at twice the speed, and stops on a frame. */
async function playback(page) {
  await page.locator(".canvas").focus();
  for (let at = 0; at < 2; at += 1) await page.keyboard.press("]");
  await page.keyboard.press("Shift+ArrowLeft");
  const was = await told(page);
  await page.keyboard.press(" ");
  await page.locator(".preview:not(.away)").waitFor();
  await page.waitForFunction((was) => document.querySelector(".transport output").textContent !== was, was);
  await page.keyboard.press(" ");
  await page.locator(".preview.away").waitFor({ state: "attached" });
}

/** Keeps what the cursor over the canvas is in the moment in which the hint appears. */
async function cursorAtHint(page) {
  await page.evaluate(() => {
    window.cursorAtHint = new Promise((done) => {
      const watch = new MutationObserver(() => {
        if (!document.querySelector(".pin-hint")) return;
        watch.disconnect();
        done(document.querySelector(".canvas").style.cursor);
      });
      watch.observe(document.body, { childList: true, subtree: true });
    });
  });
}

async function review(one, project, item, t) {
  const { page } = one;
  assert.equal(await take(page, project, t("labelling.takeReview")), item);
  await standsAt(page, 0);
  await counted(page, 4);
  const frames = await ask(page, "GET", `${item}/frames`);
  await goTo(page, 12, frames);
  await page.locator(".canvas").focus();
  await cursorAtHint(page);
  await page.keyboard.press("p");
  await page.locator(".pin-hint").waitFor();
  assert.equal(await page.evaluate(() => window.cursorAtHint), "cell", "the hint came before the mode");
  await page.keyboard.press("Escape");
  await page.locator(".pin-hint").waitFor({ state: "detached" });
  await page.keyboard.press("p");
  await page.locator(".pin-hint").waitFor();
  const box = await page.locator(".canvas").boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await complain(page, "从这里开始 / it starts here", t);
  const { items: [{ place }] } = await ask(page, "GET", `${item}/issues`);
  assert.deepEqual([place.start, place.end], [frames.pts[12], frames.pts[13]]);
  assert.ok(place.x > 0 && place.y > 0);
  await accessible(one, "videos in review");
  await picture(one, "videos-2-review");
  await sendBackWith(page, "请改 / correct it", t);
  await page.waitForURL(`**${project}`);
}

async function correct(one, project, item, t) {
  const { page } = one;
  await page.goto(item);
  await standsAt(page, 0);
  // The number of the issue leads to its frame.
  await page.getByRole("button", { name: t("labelling.issue.show", { number: 1 }) }).click();
  await standsAt(page, 12);
  await page.locator(".label-list .label-row").first().click();
  await standsAt(page, 12);
  await page.locator(".canvas").focus();
  await page.keyboard.press("Shift+I");
  await saved(page);
  await picture(one, "videos-3-returned");
  await resolveAll(page, t);
  await page.getByRole("button", { name: t("labelling.submitNext") }).click();
  await page.waitForURL(`**${project}`);
}

/** What goes out: seconds from the start of the video, to a millionth. */
async function exported({ page }, project, item) {
  const { timebase: [numerator, denominator], pts } = await ask(page, "GET", `${item}/frames`);
  const archive = await page.evaluate(
    async (path) => [...new Uint8Array(await (await fetch(path)).arrayBuffer())],
    `/api/v1${project}/export?format=activitynet`,
  );
  const files = [...unzip(Buffer.from(archive))].filter(([name]) => name.endsWith(".json"));
  const documents = files.map(([, { bytes }]) => JSON.parse(bytes.toString("utf8")));
  const [video] = Object.values(documents.find(({ database }) => database).database);
  const [{ label, segment }] = video.annotations;
  const seconds = (ticks) => (ticks * numerator) / denominator;
  assert.ok(["goal", "Goal", "进球"].includes(label), label);
  for (const [have, ticks] of [[segment[0], pts[12]], [segment[1], pts[31]]]) {
    assert.ok(Math.abs(have - seconds(ticks - pts[0])) < 1e-6, `${have} is not ${seconds(ticks)}`);
  }
}
