// Keys and modes: what a pressed key is called, what it does, and where two would meet.
import { beforeEach, describe, expect, test } from "vitest";

import {
  actionOf,
  classConflicts,
  classKeys,
  conflicts,
  keepKeys,
  keptKeys,
  keyMap,
  nameOf,
  type Scope,
} from "../../src/labelling/keys";
import { after, allows, DEEDS, MODES } from "../../src/labelling/modes";

const press = (key: string, code = "", more: Partial<KeyboardEvent> = {}) =>
  nameOf({
    key,
    code,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  });

describe("a pressed key", () => {
  const rows: [string, string, string][] = [
    ["a letter", press("b", "KeyB"), "b"],
    ["a letter under caps lock", press("B", "KeyB"), "b"],
    ["a letter with shift", press("A", "KeyA", { shiftKey: true }), "Shift+a"],
    ["a sign that shift makes", press("?", "Slash", { shiftKey: true }), "?"],
    ["control and command alike", press("z", "KeyZ", { metaKey: true }), "Mod+z"],
    ["a letter that an input method swallowed", press("Process", "KeyN"), "n"],
    ["an arrow", press("ArrowUp", "ArrowUp", { shiftKey: true }), "Shift+ArrowUp"],
  ];
  test.each(rows)("%s", (_name, found, expected) => expect(found).toBe(expected));
});

describe("the key map", () => {
  beforeEach(() => localStorage.clear());

  test("has no two actions on one key as it is", () => {
    expect(conflicts(keyMap())).toEqual([]);
  });

  test("finds an action by the innermost open scope", () => {
    const rows: [string, Scope[]][] = [
      ["o", ["image", "work"]],
      ["o", ["video", "image", "work"]],
      ["o", ["text", "work"]],
    ];
    const found = rows.map(([key, open]) => actionOf(keyMap(), key, open));
    expect(found).toEqual(["image.occluded", "video.end", null]);
  });

  test("tells where a remapped key meets another action, and is kept only without such", () => {
    const own = { "image.draw": ["f"] };
    expect(conflicts(keyMap(own))).toEqual([{ key: "f", between: ["work.next", "image.draw"] }]);
    keepKeys(own);
    expect(keptKeys()).toEqual({});
    keepKeys({ "image.draw": ["q"] });
    expect(keyMap(keptKeys())["image.draw"]).toEqual(["q"]);
    localStorage.setItem("tally.keys", "{no json");
    expect(keptKeys()).toEqual({});
  });

  test("classes take their own key, the others the next free figure", () => {
    const one = (id: string, shortcut?: string) => ({
      id,
      shortcut,
      name: { zh: id, en: id },
      color: "#000000",
      kinds: ["box" as const],
    });
    const classes = [one("a"), one("b", "1"), one("c"), one("d", "R")];
    expect([...classKeys(classes)]).toEqual([
      ["2", "a"],
      ["1", "b"],
      ["3", "c"],
      ["r", "d"],
    ]);
    const clash = classConflicts([one("a", "b"), one("c", "q"), one("d", "q")], keyMap(), [
      "image",
      "work",
    ]);
    expect(clash).toEqual([
      { class: "a", key: "b", with: "image.draw" },
      { class: "d", key: "q", with: "c" },
    ]);
  });
});

describe("the modes of the canvas", () => {
  test("are those of the documented table", () => {
    const table = MODES.map((mode) => [mode, DEEDS.filter((deed) => allows(mode, deed)).join(" ")]);
    expect(Object.fromEntries(table)).toEqual({
      look: "pan zoom select",
      select: "pan zoom select edit",
      draw: "pan zoom edit begin",
      drawing: "pan zoom finish",
      pin: "pan zoom pin",
    });
  });

  test("whoever may not label never comes to draw", () => {
    const occasions = ["draw", "corner", "closed", "cancel", "pin", "pinned"] as const;
    const reached = new Set(["look" as (typeof MODES)[number]]);
    for (let round = 0; round < 4; round += 1) {
      for (const mode of [...reached]) {
        for (const occasion of occasions) reached.add(after(mode, occasion, false));
      }
    }
    expect([...reached].sort()).toEqual(["look", "pin"]);
  });

  test("a closed box leaves the pen in the hand", () => {
    expect(after(after("draw", "corner", true), "closed", true)).toBe("draw");
    expect(after(after("drawing", "cancel", true), "cancel", true)).toBe("select");
  });
});
