// A text on the page: where a code point lies in the document and the other way round, and a caret
// that is moved by keys although nothing can be typed. The page holds one element for each line, with
// `data-start`, the code point where the line begins. Serves anno-3.1.3.
import type { Text } from "./text";

/** The code point at a place of the document; `null` outside of the text. */
export function pointAt(paper: HTMLElement, text: Text, node: Node, offset: number): number | null {
  if (!paper.contains(node)) return null;
  const element = node instanceof Element ? node : node.parentElement;
  const line = element?.closest("[data-start]");
  if (!line) {
    // Between two lines: where the one behind begins.
    const behind = node === paper ? paper.children[offset] : null;
    const start = behind?.getAttribute("data-start");
    return start ? Number(start) : offset === 0 ? 0 : text.length;
  }
  const before = document.createRange();
  before.selectNodeContents(line);
  before.setEnd(node, offset);
  return text.pointOf(
    text.unitOf(Number(line.getAttribute("data-start"))) + before.toString().length,
  );
}

/** The place of the document at a code point. */
export function placeAt(
  paper: HTMLElement,
  text: Text,
  point: number,
): { node: Node; offset: number } | null {
  const line = lineAt(paper, point);
  if (!line) return null;
  let left = text.unitOf(point) - text.unitOf(Number(line.getAttribute("data-start")));
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const { length } = node as CharacterData;
    if (left <= length) return { node, offset: left };
    left -= length;
  }
  return { node: line, offset: 0 };
}

function lineAt(paper: HTMLElement, point: number): Element | null {
  const lines = paper.querySelectorAll("[data-start]");
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (Number(lines[middle]?.getAttribute("data-start")) <= point) low = middle;
    else high = middle - 1;
  }
  return lines[low] ?? null;
}

/** What is dragged over, in code points, not yet on whole characters; `null` where nothing is. */
export function chosen(paper: HTMLElement | null, text: Text): [number, number] | null {
  const selection = window.getSelection();
  if (!paper || !selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(paper)) return null;
  // Dragged beyond the text: up to where it begins or ends.
  const start = pointAt(paper, text, range.startContainer, range.startOffset) ?? 0;
  const end = pointAt(paper, text, range.endContainer, range.endOffset) ?? text.length;
  return [start, end];
}

type Step = "character" | "word" | "line" | "lineboundary" | "documentboundary";

export interface Move {
  extend: boolean;
  direction: "forward" | "backward";
  step: Step;
}

/** What a key does to the caret, as in any field of text. */
export function moveOf(event: {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}): Move | null {
  const far = event.ctrlKey || event.altKey || event.metaKey;
  const steps: Record<string, [Move["direction"], Step]> = {
    ArrowLeft: ["backward", far ? "word" : "character"],
    ArrowRight: ["forward", far ? "word" : "character"],
    ArrowUp: ["backward", "line"],
    ArrowDown: ["forward", "line"],
    Home: ["backward", far ? "documentboundary" : "lineboundary"],
    End: ["forward", far ? "documentboundary" : "lineboundary"],
  };
  const [direction, step] = steps[event.key] ?? [null, null];
  return direction && step ? { extend: event.shiftKey, direction, step } : null;
}

/** Moves the caret, from `from` where the page has none; where it is then, in code points. */
export function moveCaret(paper: HTMLElement, text: Text, move: Move, from: number): number {
  const selection = window.getSelection();
  if (!selection) return from;
  const inside = () => selection.focusNode !== null && paper.contains(selection.focusNode);
  if (!inside()) put(selection, placeAt(paper, text, from), false);
  const { focusNode, focusOffset } = selection;
  const before = focusNode ? pointAt(paper, text, focusNode, focusOffset) : null;
  if (move.step === "documentboundary") {
    const to = move.direction === "forward" ? text.length : 0;
    put(selection, placeAt(paper, text, to), move.extend);
  } else {
    selection.modify(move.extend ? "extend" : "move", move.direction, move.step);
    // Past the text lies the rest of the page: the caret stays.
    if (!inside()) put(selection, placeAt(paper, text, before ?? from), move.extend);
  }
  const now = selection.focusNode;
  return (now && pointAt(paper, text, now, selection.focusOffset)) ?? before ?? from;
}

function put(
  selection: Selection,
  place: { node: Node; offset: number } | null,
  extend: boolean,
): void {
  if (!place) return;
  if (extend && selection.anchorNode) selection.extend(place.node, place.offset);
  else selection.collapse(place.node, place.offset);
}

/** Where a caret at a code point is drawn, in pixels from the corner of the paper. */
export function caretAt(
  paper: HTMLElement,
  text: Text,
  point: number,
): { left: number; top: number; height: number } | null {
  const place = placeAt(paper, text, point);
  if (!place) return null;
  const range = document.createRange();
  range.setStart(place.node, place.offset);
  range.collapse(true);
  const element = place.node instanceof Element ? place.node : place.node.parentElement;
  const rect = range.getClientRects()[0] ?? element?.getBoundingClientRect();
  if (!rect) return null;
  const corner = paper.getBoundingClientRect();
  return { left: rect.left - corner.left, top: rect.top - corner.top, height: rect.height };
}
