// Places: views and rectangles on an image, boxes between two frames, points in a text and in time.
import { describe, expect, test } from "vitest";

import { Activity } from "../../src/labelling/activity";
import * as at from "../../src/labelling/geometry";
import { Grid } from "../../src/labelling/grid";
import { lines, Text } from "../../src/labelling/text";
import { clock, endOf, frameAt, step, ticks } from "../../src/labelling/time";
import { divided, seenAt, stated, unstated } from "../../src/labelling/track";
import type { KeyBox, Rect, SpanLabel, TrackLabel } from "../../src/labelling/types";
import { ulid } from "../../src/labelling/ulid";

const IMAGE = { width: 640, height: 480 };

describe("a view", () => {
  test("zooming keeps the place under the pointer", () => {
    const view = at.fit(IMAGE, { width: 900, height: 700 });
    const pointer = { x: 333, y: 222 };
    const zoomed = at.zoomAt(view, pointer, 2.5, 0.01);
    const [before, behind] = [at.toImage(view, pointer), at.toImage(zoomed, pointer)];
    expect(behind.x).toBeCloseTo(before.x, 9);
    expect(behind.y).toBeCloseTo(before.y, 9);
    expect(at.toScreen(zoomed, behind).x).toBeCloseTo(pointer.x, 9);
  });

  test("never loses the image", () => {
    const canvas = { width: 900, height: 700 };
    const far = at.kept({ scale: 1, x: -99_999, y: 99_999 }, IMAGE, canvas);
    expect([far.x + IMAGE.width, far.y]).toEqual([48, 700 - 48]);
  });
});

describe("a rectangle", () => {
  const rows: [string, Rect, Rect][] = [
    ["is put right and on whole pixels", [10.4, 20.6, 3.2, 5.5], [3, 6, 10, 21]],
    ["ends with the image", [-5, 470, 700, 490], [0, 470, 640, 480]],
  ];
  test.each(rows)("%s", (_name, [x0, y0, x1, y1], expected) => {
    expect(at.snapped({ x: x0, y: y0 }, { x: x1, y: y1 }, IMAGE)).toEqual(expected);
  });

  test("keeps its size where it is moved against the edge", () => {
    expect(at.moved([600, 10, 630, 40], 50, -50, IMAGE)).toEqual([610, 0, 640, 30]);
  });

  test("turns over when a handle passes the other side, and never gets empty", () => {
    const rect: Rect = [10, 10, 30, 30];
    expect(at.resized(rect, "e", { x: 4, y: 0 }, IMAGE)).toEqual([4, 10, 10, 30]);
    expect(at.resized(rect, "nw", { x: 20, y: 25 }, IMAGE)).toEqual([20, 25, 30, 30]);
    expect(at.resized(rect, "e", { x: 10.2, y: 0 }, IMAGE)).toEqual(rect);
  });
});

test("the grid finds what a search through all finds, the smallest first, also after changes", () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const boxes = Array.from({ length: 2000 }, (_, id) => {
    const [x, y] = [random(8000), random(6000)];
    const size = id % 50 === 0 ? 4000 : 80;
    return { id: String(id), rect: [x, y, x + 1 + random(size), y + 1 + random(size)] as Rect };
  });
  const grid = new Grid(8660, 5774);
  const shown = new Map(boxes.map((box) => [box.id, box]));
  grid.sync(shown);
  // Half of them change place or go.
  for (const box of boxes.splice(0, 500)) shown.delete(box.id);
  boxes.forEach((box, at) => {
    if (at >= 500) return;
    const [x0, y0, x1, y1] = box.rect;
    boxes[at] = { ...box, rect: [x0 + 300, y0, x1 + 300, y1] };
    shown.set(box.id, boxes[at]);
  });
  grid.sync(shown);
  const area = ({ rect: [x0, y0, x1, y1] }: { rect: Rect }) => (x1 - x0) * (y1 - y0);
  for (let round = 0; round < 200; round += 1) {
    const [x, y] = [random(8660), random(5774)];
    const found = grid.at(x, y, 3);
    const all = boxes.filter(
      ({ rect: [x0, y0, x1, y1] }) => x >= x0 - 3 && x <= x1 + 3 && y >= y0 - 3 && y <= y1 + 3,
    );
    expect(found.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
    expect(found.map(area)).toEqual(all.map(area).sort((a, b) => a - b));
  }
});

describe("a track", () => {
  const key = (when: number, rect: Rect, outside = false): KeyBox => ({
    at: when,
    rect,
    outside,
    occluded: false,
  });
  const boxes = [
    key(100, [0, 0, 10, 10]),
    key(200, [10, 20, 30, 40]),
    key(300, [0, 0, 1, 1], true),
    key(400, [5, 5, 9, 9]),
  ];
  const rows: [string, number, Rect | null][] = [
    ["is nowhere before its first box", 99, null],
    ["is where it is stated", 100, [0, 0, 10, 10]],
    ["goes straight between two boxes", 150, [5, 10, 20, 25]],
    ["stays until it leaves", 299, [10, 20, 30, 40]],
    ["is gone where it has left", 300, null],
    ["stays gone until it is stated again", 399, null],
    ["is back", 400, [5, 5, 9, 9]],
    ["is nowhere behind its last box", 401, null],
  ];
  test.each(rows)("%s", (_name, when, rect) => {
    expect(seenAt(boxes, when)?.rect ?? null).toEqual(rect);
  });

  test("rounds halves of a millionth to the even one", () => {
    const halves = [1n, 3n, -1n, -3n, 5n].map((value) => divided(value, 2n));
    expect(halves).toEqual([0n, 2n, 0n, -2n, 2n]);
    const thirds = seenAt([key(0, [0, 0, 1, 1]), key(3, [1, 0, 2, 1])], 1)?.rect;
    expect(thirds).toEqual([0.333333, 0, 1.333333, 1]);
  });

  test("keeps its boxes in the order of time, and ends with its last one", () => {
    const track = { kind: "track", boxes: boxes.slice(0, 2) } as unknown as TrackLabel;
    expect(stated(track, key(150, [1, 1, 2, 2])).boxes.map((one) => one.at)).toEqual([
      100, 150, 200,
    ]);
    const one = unstated(track, 100);
    expect(one?.boxes.length).toBe(1);
    expect(one && unstated(one, 200)).toBeNull();
  });
});

describe("a text", () => {
  const text = new Text("酒店很好👍🏽，推荐 it!\nA\u0301bc 𠮷野家");

  test("is counted in code points", () => {
    expect(text.length).toBe([...text.text].length);
    expect(text.slice(4, 6)).toBe("👍🏽");
    for (let point = 0; point < text.length; point += 1) {
      expect(text.pointOf(text.unitOf(point))).toBe(point);
    }
  });

  const rows: [string, number, number, string | null][] = [
    ["a hand with its colour is never cut", 5, 5 + 1, "👍🏽"],
    ["space at the ends falls away", 9, 13, "it!"],
    ["backwards is the same", 6, 4, "👍🏽"],
    ["an accent stays with its letter", 15, 16, "A\u0301"],
    ["nothing but space is no span", 9, 10, null],
  ];
  test.each(rows)("%s", (_name, start, end, expected) => {
    const found = text.trimmed(start, end);
    expect(found && text.slice(...found)).toBe(expected);
  });

  test("a double click takes a word", () => {
    const found = text.wordAt(11);
    expect(found && text.slice(...found)).toBe("it");
  });

  test("is cut where spans begin and end, over lines and over one another", () => {
    const span = (id: string, start: number, end: number) =>
      ({ kind: "span", id, start, end }) as SpanLabel;
    const cut = lines(new Text("abc\ndef"), [span("long", 1, 6), span("short", 2, 3)]);
    expect(cut).toMatchObject([
      {
        start: 0,
        pieces: [
          { start: 0, end: 1, spans: [] },
          { start: 1, end: 2, spans: ["long"] },
          { start: 2, end: 3, spans: ["long", "short"] },
        ],
      },
      {
        start: 4,
        pieces: [
          { start: 4, end: 6, spans: ["long"] },
          { start: 6, end: 7, spans: [] },
        ],
      },
    ]);
  });
});

describe("time", () => {
  // A variable rate with a start that is not zero.
  const frames = { timebase: { numerator: 1, denominator: 90_000 }, pts: [900, 4500, 9000, 9100] };

  test("a frame is shown from its own timestamp to the next", () => {
    const rows = [0, 900, 4499, 4500, 9050, 9100, 99_999].map((when) => frameAt(frames, when));
    expect(rows).toEqual([0, 0, 0, 1, 2, 3, 3]);
    expect(endOf(frames)).toBe(9200);
  });

  test("seconds become the nearest tick", () => {
    expect(ticks(0.1, frames.timebase)).toBe(9000);
  });

  test("is written with thousandths", () => {
    expect([0, 62.3456, 3723.5].map(clock)).toEqual(["0:00.000", "1:02.346", "1:02:03.500"]);
    expect([0.01, 0.7, 99_999].map(step)).toEqual([0.04, 1, 3600]);
  });

  test("a long silence is no work", () => {
    const activity = new Activity();
    for (const now of [0, 5000, 9500, 3_600_000, 3_601_000]) activity.sign(now);
    expect(activity.take()).toBe(5 + 4.5 + 30 + 1 - 0.5);
    activity.sign(3_601_500);
    expect(activity.take()).toBe(1);
  });
});

test("a name has 26 letters and is ordered by time", () => {
  const made = [0, 1, 1_795_000_000_000].map((now) => ulid(now, (bytes) => bytes.fill(31)));
  expect(made.every((name) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(name))).toBe(true);
  expect([...made].sort()).toEqual(made);
  expect(ulid()).not.toBe(ulid());
});
