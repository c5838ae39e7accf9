// Places on a picture: the view (zoom and pan), rectangles, handles. Image coordinates are pixels of
// the displayed image, screen coordinates CSS pixels of the canvas.
import type { Rect } from "./types";

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** `screen = image * scale + (x, y)`. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export const MOST_ZOOM = 64;

export function toImage(view: View, at: Point): Point {
  return { x: (at.x - view.x) / view.scale, y: (at.y - view.y) / view.scale };
}

export function toScreen(view: View, at: Point): Point {
  return { x: at.x * view.scale + view.x, y: at.y * view.scale + view.y };
}

/** The whole image in the middle of the canvas, never above `most` times its size. */
export function fit(image: Size, canvas: Size, margin = 12, most = 4): View {
  const room = {
    width: Math.max(1, canvas.width - 2 * margin),
    height: Math.max(1, canvas.height - 2 * margin),
  };
  const scale = Math.min(room.width / image.width, room.height / image.height, most);
  return centred(image, canvas, scale);
}

export function centred(image: Size, canvas: Size, scale: number): View {
  return {
    scale,
    x: (canvas.width - image.width * scale) / 2,
    y: (canvas.height - image.height * scale) / 2,
  };
}

/** Zooms by `factor`; what lies under `at` (screen) stays there. */
export function zoomAt(view: View, at: Point, factor: number, least: number): View {
  const scale = Math.min(MOST_ZOOM, Math.max(least, view.scale * factor));
  const fixed = toImage(view, at);
  return { scale, x: at.x - fixed.x * scale, y: at.y - fixed.y * scale };
}

/** A view that shows `rect` in the middle with some room about it. */
export function around(rect: Rect, canvas: Size, most: number): View {
  const size = { width: Math.max(1, rect[2] - rect[0]), height: Math.max(1, rect[3] - rect[1]) };
  const scale = Math.min((canvas.width * 0.5) / size.width, (canvas.height * 0.5) / size.height);
  const kept = Math.min(scale, most);
  const middle = { x: (rect[0] + rect[2]) / 2, y: (rect[1] + rect[3]) / 2 };
  return {
    scale: kept,
    x: canvas.width / 2 - middle.x * kept,
    y: canvas.height / 2 - middle.y * kept,
  };
}

/** Keeps at least a strip of the image on the canvas, so that nobody loses it. */
export function kept(view: View, image: Size, canvas: Size, strip = 48): View {
  const within = (value: number, size: number, room: number) =>
    Math.min(room - strip, Math.max(strip - size, value));
  return {
    scale: view.scale,
    x: within(view.x, image.width * view.scale, canvas.width),
    y: within(view.y, image.height * view.scale, canvas.height),
  };
}

/** Edges on whole pixels, inside the image, left of right and above below. */
export function snapped(from: Point, to: Point, image: Size): Rect {
  const x = (value: number) => Math.min(image.width, Math.max(0, Math.round(value)));
  const y = (value: number) => Math.min(image.height, Math.max(0, Math.round(value)));
  return [
    x(Math.min(from.x, to.x)),
    y(Math.min(from.y, to.y)),
    x(Math.max(from.x, to.x)),
    y(Math.max(from.y, to.y)),
  ];
}

export function isEmpty(rect: Rect): boolean {
  return rect[2] <= rect[0] || rect[3] <= rect[1];
}

/** Moves without leaving the image and without changing the size. */
export function moved(rect: Rect, dx: number, dy: number, image: Size): Rect {
  const x = Math.min(image.width - rect[2], Math.max(-rect[0], dx));
  const y = Math.min(image.height - rect[3], Math.max(-rect[1], dy));
  return [micros(rect[0] + x), micros(rect[1] + y), micros(rect[2] + x), micros(rect[3] + y)];
}

/** At most six decimals, as the server takes them. */
export function micros(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

export const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"] as const;
export type Handle = (typeof HANDLES)[number];

export function handleAt(rect: Rect, handle: Handle): Point {
  const [x0, y0, x1, y1] = rect;
  return {
    x: handle.includes("w") ? x0 : handle.includes("e") ? x1 : (x0 + x1) / 2,
    y: handle.startsWith("n") ? y0 : handle.startsWith("s") ? y1 : (y0 + y1) / 2,
  };
}

/** The rectangle with one handle drawn to `to`; drawn past the other side it turns over. */
export function resized(rect: Rect, handle: Handle, to: Point, image: Size): Rect {
  let [x0, y0, x1, y1] = rect;
  if (handle.includes("w")) x0 = to.x;
  if (handle.includes("e")) x1 = to.x;
  if (handle.startsWith("n")) y0 = to.y;
  if (handle.startsWith("s")) y1 = to.y;
  const next = snapped({ x: x0, y: y0 }, { x: x1, y: y1 }, image);
  return isEmpty(next) ? rect : next;
}
