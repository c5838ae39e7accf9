// What the canvas does in which mode: the table *mode x action*, and what leads from one mode to the
// next. Serves anno-3.1.3. The permission to act on the item is the server's and comes with it.

export const MODES = ["look", "select", "draw", "drawing", "pin"] as const;
export type Mode = (typeof MODES)[number];

export const DEEDS = ["pan", "zoom", "select", "edit", "begin", "finish", "pin"] as const;
export type Deed = (typeof DEEDS)[number];

/**
 * `look`: nothing may be changed. `select`: boxes are picked, moved, resized. `draw`: the next press
 * begins a box. `drawing`: one corner stands. `pin`: the next press says where an issue is.
 */
const TABLE: Record<Mode, readonly Deed[]> = {
  look: ["pan", "zoom", "select"],
  select: ["pan", "zoom", "select", "edit"],
  draw: ["pan", "zoom", "edit", "begin"],
  drawing: ["pan", "zoom", "finish"],
  pin: ["pan", "zoom", "pin"],
};

export function allows(mode: Mode, deed: Deed): boolean {
  return TABLE[mode].includes(deed);
}

export type Occasion = "draw" | "corner" | "closed" | "cancel" | "pin" | "pinned";

/** The mode after something happened; `mayLabel` is what the server allows. */
export function after(mode: Mode, occasion: Occasion, mayLabel: boolean): Mode {
  const rest: Mode = mayLabel ? "select" : "look";
  switch (occasion) {
    case "draw":
      return mayLabel ? "draw" : "look";
    case "corner":
      return mode === "draw" ? "drawing" : mode;
    // The class is sticky: the next box can begin at once.
    case "closed":
      return mode === "drawing" ? "draw" : mode;
    case "cancel":
      return mode === "drawing" ? "draw" : rest;
    case "pin":
      return "pin";
    case "pinned":
      return rest;
  }
}
