// Draws all boxes in one go: thousands of rectangles on one canvas, without a node for each.
import type { Size, View } from "../geometry";
import type { Rect } from "../types";

export interface Shown {
  id: string;
  rect: Rect;
  color: string;
  title: string;
  /** Partly hidden, or not stated but interpolated. */
  dashed: boolean;
  /** A pre-label that nobody has confirmed. */
  unsure: boolean;
  crowd: boolean;
}

/** Above so many boxes in sight their names would only hide the picture. */
const NAMED = 300;
const DASH = [6, 4];
const DOTS = [2, 3];

export function onScreen(rect: Rect, view: View): [number, number, number, number] {
  return [
    rect[0] * view.scale + view.x,
    rect[1] * view.scale + view.y,
    rect[2] * view.scale + view.x,
    rect[3] * view.scale + view.y,
  ];
}

export function paintBoxes(
  context: CanvasRenderingContext2D,
  boxes: Iterable<Shown>,
  view: View,
  canvas: Size,
  except: string | null,
): void {
  const seen: Shown[] = [];
  for (const box of boxes) {
    const [x0, y0, x1, y1] = onScreen(box.rect, view);
    const inside = x1 >= 0 && y1 >= 0 && x0 <= canvas.width && y0 <= canvas.height;
    if (inside && box.id !== except) seen.push(box);
  }
  context.lineWidth = 2;
  for (const box of seen) {
    outline(context, box, view);
  }
  if (seen.length > NAMED) return;
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  for (const box of seen) {
    name(context, box, view);
  }
}

export function outline(context: CanvasRenderingContext2D, box: Shown, view: View): void {
  const [x0, y0, x1, y1] = onScreen(box.rect, view);
  const line = box.unsure ? DOTS : box.dashed ? DASH : null;
  context.strokeStyle = box.color;
  if (line) context.setLineDash(line);
  context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  if (line) context.setLineDash([]);
  if (box.crowd) context.strokeRect(x0 + 4, y0 + 4, x1 - x0 - 8, y1 - y0 - 8);
}

export function name(context: CanvasRenderingContext2D, box: Shown, view: View): void {
  const [x0, y0, x1] = onScreen(box.rect, view);
  if (x1 - x0 < 28 || box.title === "") return;
  const width = Math.min(x1 - x0, context.measureText(box.title).width + 8);
  const top = Math.max(0, y0 - 17);
  context.fillStyle = box.color;
  context.fillRect(x0 - 1, top, width, 16);
  context.fillStyle = inkOn(box.color);
  context.save();
  context.beginPath();
  context.rect(x0 - 1, top, width - 2, 16);
  context.clip();
  context.fillText(box.title, x0 + 3, top + 8.5);
  context.restore();
}

/** Black or white, whichever is read better on a colour. */
export function inkOn(color: string): "#000000" | "#ffffff" {
  const parts = /^#(..)(..)(..)$/.exec(color)?.slice(1) ?? ["80", "80", "80"];
  const [red, green, blue] = parts.map((part) => {
    const value = parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (light + 0.05) ** 2 > 1.05 * 0.05 ? "#000000" : "#ffffff";
}
