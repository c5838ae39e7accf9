// Hands pressed keys to actions. A key that a field, a button or a menu needs is left to it.
import { useEffect, useRef } from "react";

import { type Action, actionOf, type KeyMap, nameOf, type Scope } from "../../../labelling/keys";

export type Handlers = Partial<Record<Action, () => void>>;

const FIELDS =
  "input, textarea, select, [contenteditable='true'], [role='combobox'], [role='spinbutton']";
const CONTROLS = "button, a[href], summary, [role='tab'], [role='menuitem'], [role='option']";
/** Of these the browser makes something of its own on a control. */
const OWN = /^(Shift\+)?(Enter| |Tab|Arrow\w+|Home|End|Escape)$/;

function isFree(event: KeyboardEvent, pressed: string): boolean {
  const on = event.target instanceof Element ? event.target : null;
  if (!on || event.isComposing) return false;
  if (document.querySelector(".ant-modal-wrap:not([style*='display: none'])")) return false;
  if (on.closest(FIELDS)) return pressed === "Mod+Enter";
  // Tab leaves whatever is not the canvas, so that nobody is caught.
  if (/Tab$/.test(pressed)) return on.closest(".canvas, .text-work") !== null;
  return !(OWN.test(pressed) && on.closest(CONTROLS));
}

export function useKeys(
  map: KeyMap,
  open: readonly Scope[],
  handlers: Handlers,
  classes: ReadonlyMap<string, string>,
  choose: (classId: string) => void,
): void {
  const now = useRef({ map, open, handlers, classes, choose });
  now.current = { map, open, handlers, classes, choose };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const name = nameOf(event);
      if (!isFree(event, name)) return;
      const { map, open, handlers, classes, choose } = now.current;
      const chosen = classes.get(name);
      if (chosen !== undefined) {
        event.preventDefault();
        choose(chosen);
        return;
      }
      const action = actionOf(map, name, open);
      const handler = action && handlers[action];
      if (!handler) return;
      event.preventDefault();
      handler();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}
