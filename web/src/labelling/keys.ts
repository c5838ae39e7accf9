// Which key does what. Scopes lie over one another: `work` holds everywhere, the others where their
// material is shown. A person may give an action another key; two actions that can meet may not
// share one, and the keys of the classes are theirs.
import type { ClassRule } from "./types";

export const SCOPES = ["work", "image", "text", "video", "review"] as const;
export type Scope = (typeof SCOPES)[number];

const ACTIONS = {
  "work.submit": ["Mod+Enter"],
  "work.undo": ["Mod+z"],
  "work.redo": ["Mod+Shift+z", "Mod+y"],
  "work.help": ["?"],
  "work.next": ["f"],
  "work.previous": ["d"],
  "work.leave": ["Escape"],
  "work.delete": ["Delete", "Backspace"],
  "image.draw": ["b"],
  "image.again": ["n"],
  "image.cycle": ["Tab"],
  "image.cycleBack": ["Shift+Tab"],
  "image.copy": ["Mod+c"],
  "image.paste": ["Mod+v"],
  "image.left": ["ArrowLeft"],
  "image.right": ["ArrowRight"],
  "image.up": ["ArrowUp"],
  "image.down": ["ArrowDown"],
  "image.leftFar": ["Shift+ArrowLeft"],
  "image.rightFar": ["Shift+ArrowRight"],
  "image.upFar": ["Shift+ArrowUp"],
  "image.downFar": ["Shift+ArrowDown"],
  "image.zoomIn": ["+", "="],
  "image.zoomOut": ["-"],
  "image.fit": ["z"],
  "image.whole": ["x"],
  "image.focus": ["Enter"],
  "image.occluded": ["o"],
  "image.truncated": ["t"],
  "image.crowd": ["w"],
  "image.confirm": ["c"],
  "image.hide": ["h"],
  "image.brighter": ["]"],
  "image.darker": ["["],
  "image.flat": ["\\"],
  "text.next": ["Tab"],
  "text.previous": ["Shift+Tab"],
  "video.play": [" "],
  "video.frameBack": [","],
  "video.frameOn": ["."],
  "video.secondBack": ["Shift+ArrowLeft"],
  "video.secondOn": ["Shift+ArrowRight"],
  "video.start": ["i"],
  "video.startHere": ["Shift+i"],
  "video.end": ["o"],
  "video.keyframe": ["k"],
  "video.outside": ["u"],
  "video.occluded": ["q"],
  "video.slower": ["["],
  "video.faster": ["]"],
  "review.accept": ["Shift+a"],
  "review.return": ["Shift+r"],
  "review.pin": ["p"],
} as const satisfies Record<string, readonly string[]>;

export type Action = keyof typeof ACTIONS;
export type KeyMap = Readonly<Record<Action, readonly string[]>>;
export type Remapped = Partial<Record<Action, readonly string[]>>;

export const actions = Object.keys(ACTIONS) as Action[];

export function scopeOf(action: Action): Scope {
  return action.slice(0, action.indexOf(".")) as Scope;
}

export function keyMap(own: Remapped = {}): KeyMap {
  return { ...ACTIONS, ...own };
}

/** What a pressed key is called here: `Mod+Shift+z`, `?`, `ArrowLeft`. */
export function nameOf(event: {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}): string {
  // An input method for Chinese swallows letters: the place of the key tells which it was.
  const swallowed = event.key === "Process" || event.key === "Unidentified";
  const placed = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1]?.toLowerCase();
  const key = swallowed && placed ? placed : event.key;
  const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const shown = letter ? key.toLowerCase() : key;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  // A sign such as ? is already what Shift makes of its key.
  if (event.shiftKey && (letter || key.length > 1)) parts.push("Shift");
  return [...parts, shown].join("+");
}

/** The action of a pressed key in the scopes that are open, the innermost scope first. */
export function actionOf(map: KeyMap, pressed: string, open: readonly Scope[]): Action | null {
  for (const scope of open) {
    const found = actions.find(
      (action) => scopeOf(action) === scope && map[action].includes(pressed),
    );
    if (found) return found;
  }
  return null;
}

/** Which scopes can be open together. */
const TOGETHER: Record<Scope, readonly Scope[]> = {
  work: SCOPES,
  image: ["work", "image", "video", "review"],
  text: ["work", "text", "review"],
  video: ["work", "image", "video", "review"],
  review: SCOPES,
};

/** In a video the arrows and O mean time before they mean place: those of `image` give way. */
const YIELDS: Record<string, true> = { "image video": true };

export interface Conflict {
  key: string;
  between: [Action, Action];
}

export function conflicts(map: KeyMap): Conflict[] {
  const found: Conflict[] = [];
  actions.forEach((first, at) => {
    for (const second of actions.slice(at + 1)) {
      const [a, b] = [scopeOf(first), scopeOf(second)];
      if (!TOGETHER[a].includes(b) || YIELDS[`${a} ${b}`]) continue;
      const key = map[first].find((one) => map[second].includes(one));
      if (key !== undefined) found.push({ key, between: [first, second] });
    }
  });
  return found;
}

/** The key of each class: its own, else the next free figure. */
export function classKeys(classes: readonly ClassRule[]): Map<string, string> {
  const taken = new Set(classes.flatMap(({ shortcut }) => shortcut?.toLowerCase() ?? []));
  const free = [..."123456789"].filter((figure) => !taken.has(figure));
  const keys = new Map<string, string>();
  for (const { id, shortcut } of classes) {
    const key = shortcut?.toLowerCase() ?? free.shift();
    if (key !== undefined && !keys.has(key)) keys.set(key, id);
  }
  return keys;
}

/** Classes whose key an action of the workspace already has, or another class. */
export function classConflicts(
  classes: readonly ClassRule[],
  map: KeyMap,
  open: readonly Scope[],
): { class: string; key: string; with: Action | string }[] {
  const seen = new Map<string, string>();
  return classes.flatMap(({ id, shortcut }) => {
    const key = shortcut?.toLowerCase();
    if (key === undefined || key === "") return [];
    const other = seen.get(key) ?? actionOf(map, key, open);
    seen.set(key, id);
    return other ? [{ class: id, key, with: other }] : [];
  });
}

const KEPT = "tally.keys";

export function keptKeys(): Remapped {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    if (typeof found !== "object" || found === null) return {};
    const good = Object.entries(found).filter(
      ([action, keys]) =>
        Object.hasOwn(ACTIONS, action) &&
        Array.isArray(keys) &&
        keys.every((key) => typeof key === "string"),
    );
    const own = Object.fromEntries(good) as Remapped;
    return conflicts(keyMap(own)).length === 0 ? own : {};
  } catch {
    return {};
  }
}

export function keepKeys(own: Remapped): void {
  localStorage.setItem(KEPT, JSON.stringify(own));
}
