// The canvas for boxes, on Konva: the picture, all boxes in one drawing, and nodes for the selected
// one alone. Turns pointer and wheel into what was meant; decides nothing about labels.
import Konva from "konva";

import {
  around,
  fit,
  type Handle,
  HANDLES,
  handleAt,
  isEmpty,
  kept,
  moved,
  type Point,
  resized,
  type Size,
  snapped,
  toImage,
  toScreen,
  type View,
  zoomAt,
} from "../geometry";
import { Grid } from "../grid";
import { after, allows, type Mode, type Occasion } from "../modes";
import type { Rect } from "../types";
import { name, onScreen, outline, paintBoxes, type Shown } from "./paint";
import type { Pyramid } from "./pyramid";

export interface Pin {
  number: number;
  at: Point;
  open: boolean;
}

export interface Told {
  select: (id: string | null) => void;
  create: (rect: Rect) => void;
  edit: (id: string, rect: Rect) => void;
  pin: (at: Point) => void;
  mode: (mode: Mode) => void;
  view: (view: View) => void;
}

type Gesture =
  | { kind: "pan"; from: Point; view: View }
  | { kind: "corner"; start: Point; down: Point; pressed: boolean }
  | { kind: "move"; id: string; rect: Rect; from: Point; next: Rect; others: string[] }
  | { kind: "resize"; id: string; rect: Rect; handle: Handle; next: Rect };

/** Pressed and let go within so many screen pixels is a click. */
const STILL = 4;
const SLACK = 5;
const CURSOR: Record<Handle, string> = {
  nw: "nwse-resize",
  se: "nwse-resize",
  ne: "nesw-resize",
  sw: "nesw-resize",
  n: "ns-resize",
  s: "ns-resize",
  e: "ew-resize",
  w: "ew-resize",
};

export class BoxStage {
  private readonly stage: Konva.Stage;
  private readonly picture = new Konva.Layer({ listening: false });
  private readonly drawn = new Konva.Layer({ listening: false });
  private readonly front = new Konva.Layer();
  private readonly handles = new Map<Handle, Konva.Rect>();
  private readonly body: Konva.Rect;
  private readonly told: Told;
  private readonly stop = new AbortController();
  private image: Pyramid | null = null;
  private boxes: ReadonlyMap<string, Shown> = new Map();
  private grid = new Grid(1, 1);
  private pins: readonly Pin[] = [];
  private selected: string | null = null;
  private mode: Mode = "look";
  private mayLabel = false;
  private color = "#ffffff";
  private gesture: Gesture | null = null;
  private pointer: Point | null = null;
  private space = false;
  private view: View = { scale: 1, x: 0, y: 0 };
  private fitted = true;

  constructor(container: HTMLDivElement, told: Told) {
    this.told = told;
    const { width, height } = sizeOf(container);
    this.stage = new Konva.Stage({ container, width, height });
    this.stage.add(this.picture, this.drawn, this.front);
    this.picture.add(new Konva.Shape({ sceneFunc: ({ _context }) => this.paintPicture(_context) }));
    this.drawn.add(
      new Konva.Shape({
        sceneFunc: ({ _context }) =>
          paintBoxes(_context, this.boxes.values(), this.view, this.stage.size(), this.selected),
      }),
    );
    this.body = new Konva.Rect({ name: "body", fill: "rgba(255,255,255,0.08)", visible: false });
    this.front.add(
      new Konva.Shape({ listening: false, sceneFunc: ({ _context }) => this.paintFront(_context) }),
      this.body,
    );
    for (const handle of HANDLES) this.addHandle(handle);
    this.listen(container);
  }

  private addHandle(handle: Handle): void {
    const node = new Konva.Rect({
      name: handle,
      width: 8,
      height: 8,
      offsetX: 4,
      offsetY: 4,
      fill: "#ffffff",
      stroke: "#1d211f",
      strokeWidth: 1,
      hitStrokeWidth: 8,
      visible: false,
    });
    this.handles.set(handle, node);
    this.front.add(node);
  }

  private listen(container: HTMLDivElement): void {
    const { signal } = this.stop;
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      act: (event: HTMLElementEventMap[K]) => void,
    ) => container.addEventListener(type, act, { signal, passive: false });
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.moves(event));
    on("pointerup", (event) => this.up(event));
    on("pointercancel", () => this.cancel());
    on("pointerleave", () => this.leaves());
    on("wheel", (event) => this.wheel(event));
    on("contextmenu", (event) => event.preventDefault());
    const watch = new ResizeObserver(() => this.resize(sizeOf(container)));
    watch.observe(container);
    signal.addEventListener("abort", () => watch.disconnect());
  }

  destroy(): void {
    this.stop.abort();
    this.stage.destroy();
  }

  // What is shown.

  /** Another picture of the same item, such as the next frame, keeps the view. */
  show(image: Pyramid | null): void {
    const [was, now] = [this.image?.size, image?.size];
    const same = was && now && was.width === now.width && was.height === now.height;
    this.image = image;
    if (image && !same) {
      this.index();
      this.fit();
    }
    this.picture.batchDraw();
  }

  /** A smaller size of the picture is ready. */
  refresh(): void {
    this.picture.batchDraw();
  }

  setBoxes(boxes: ReadonlyMap<string, Shown>): void {
    if (boxes === this.boxes) return;
    this.boxes = boxes;
    this.grid.sync(boxes);
    this.redraw();
  }

  setSelected(id: string | null): void {
    if (id === this.selected) return;
    this.selected = id;
    this.redraw();
  }

  setMode(mode: Mode, mayLabel: boolean): void {
    this.mayLabel = mayLabel;
    if (mode !== "drawing" && this.gesture?.kind === "corner") this.gesture = null;
    this.mode = mode;
    this.cursor();
    this.front.batchDraw();
  }

  setColor(color: string): void {
    this.color = color;
    this.front.batchDraw();
  }

  setPins(pins: readonly Pin[]): void {
    this.pins = pins;
    this.front.batchDraw();
  }

  /** Brightness and contrast, 1 as they are: the browser's own filter, at no cost for each pixel. */
  setFilter(brightness: number, contrast: number): void {
    const canvas = this.picture.getNativeCanvasElement();
    canvas.style.filter =
      brightness === 1 && contrast === 1 ? "" : `brightness(${brightness}) contrast(${contrast})`;
  }

  /** The space bar is held: the pointer moves the picture. */
  setSpace(held: boolean): void {
    this.space = held;
    this.cursor();
  }

  fit(): void {
    if (!this.image) return;
    this.look(fit(this.image.size, this.stage.size()));
    this.fitted = true;
  }

  whole(): void {
    if (!this.image) return;
    const middle = this.pointer ?? this.middle();
    this.look(zoomAt(this.view, middle, 1 / this.view.scale, 0));
  }

  zoom(factor: number): void {
    this.look(zoomAt(this.view, this.pointer ?? this.middle(), factor, this.least()));
  }

  /** Brings the selected box to the middle. */
  focus(): void {
    const box = this.selected === null ? undefined : this.boxes.get(this.selected);
    if (box) this.look(around(box.rect, this.stage.size(), 16));
  }

  /** Brings a place of the image to the middle. */
  lookAt(at: Point): void {
    const { scale } = this.view;
    const { width, height } = this.stage.size();
    this.look({ scale, x: width / 2 - at.x * scale, y: height / 2 - at.y * scale });
  }

  /** Where the pointer is, in image pixels. */
  pointed(): Point | null {
    return this.pointer ? toImage(this.view, this.pointer) : null;
  }

  cancel(): void {
    this.gesture = null;
    this.redraw();
  }

  private middle(): Point {
    const { width, height } = this.stage.size();
    return { x: width / 2, y: height / 2 };
  }

  private least(): number {
    if (!this.image) return 0.01;
    return Math.min(1, fit(this.image.size, this.stage.size()).scale) / 2;
  }

  private index(): void {
    const { width, height } = this.image?.size ?? { width: 1, height: 1 };
    this.grid = new Grid(width, height);
    this.grid.sync(this.boxes);
  }

  private look(view: View): void {
    if (!this.image) return;
    this.view = kept(view, this.image.size, this.stage.size());
    this.fitted = false;
    this.picture.batchDraw();
    this.redraw();
    this.told.view(this.view);
  }

  private resize(size: Size): void {
    this.stage.size(size);
    if (!this.image) return;
    if (this.fitted) this.fit();
    else this.look(this.view);
  }

  private redraw(): void {
    this.drawn.batchDraw();
    this.place();
    this.front.batchDraw();
  }

  /** Puts the nodes of the selected box where it is, also while it is moved. */
  private place(): void {
    const box = this.selected === null ? undefined : this.boxes.get(this.selected);
    const rect = box && this.shownRect(box);
    const seen = rect !== undefined && allows(this.mode, "edit");
    this.body.visible(rect !== undefined);
    if (rect) {
      const [x0, y0, x1, y1] = onScreen(rect, this.view);
      this.body.setAttrs({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 });
    }
    for (const [handle, node] of this.handles) {
      node.visible(seen);
      if (rect) node.position(toScreen(this.view, handleAt(rect, handle)));
    }
  }

  private shownRect(box: Shown): Rect {
    const { gesture } = this;
    const changing = gesture?.kind === "move" || gesture?.kind === "resize";
    return changing && gesture.id === box.id ? gesture.next : box.rect;
  }

  private paintPicture(context: CanvasRenderingContext2D): void {
    if (!this.image) return;
    const { width, height } = this.stage.size();
    const from = toImage(this.view, { x: 0, y: 0 });
    const to = toImage(this.view, { x: width, y: height });
    this.image.draw(context, [from.x, from.y, to.x, to.y], this.view, window.devicePixelRatio);
  }

  private paintFront(context: CanvasRenderingContext2D): void {
    context.lineWidth = 2;
    const box = this.selected === null ? undefined : this.boxes.get(this.selected);
    if (box) {
      const shown = { ...box, rect: this.shownRect(box) };
      context.lineWidth = 5;
      context.strokeStyle = "rgba(0,0,0,0.55)";
      const [x0, y0, x1, y1] = onScreen(shown.rect, this.view);
      context.strokeRect(x0, y0, x1 - x0, y1 - y0);
      context.lineWidth = 3;
      outline(context, shown, this.view);
      context.font = "12px system-ui, sans-serif";
      context.textBaseline = "middle";
      name(context, shown, this.view);
    }
    if (this.pointer && (this.mode === "draw" || this.mode === "drawing")) {
      this.paintPen(context, this.pointer);
    }
    for (const pin of this.pins) this.paintPin(context, pin);
  }

  private paintPen(context: CanvasRenderingContext2D, at: Point): void {
    const { width, height } = this.stage.size();
    context.lineWidth = 1;
    for (const [style, shift] of [
      ["rgba(0,0,0,0.5)", 1],
      ["rgba(255,255,255,0.85)", 0],
    ] as const) {
      context.strokeStyle = style;
      context.beginPath();
      context.moveTo(0, Math.round(at.y) + 0.5 + shift);
      context.lineTo(width, Math.round(at.y) + 0.5 + shift);
      context.moveTo(Math.round(at.x) + 0.5 + shift, 0);
      context.lineTo(Math.round(at.x) + 0.5 + shift, height);
      context.stroke();
    }
    if (this.gesture?.kind !== "corner" || !this.image) return;
    const rect = snapped(this.gesture.start, toImage(this.view, at), this.image.size);
    const [x0, y0, x1, y1] = onScreen(rect, this.view);
    context.lineWidth = 2;
    context.strokeStyle = this.color;
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }

  private paintPin(context: CanvasRenderingContext2D, pin: Pin): void {
    const { x, y } = toScreen(this.view, pin.at);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x - 6, y - 12);
    context.arc(x, y - 18, 10, Math.PI * 0.75, Math.PI * 2.25);
    context.closePath();
    context.fillStyle = pin.open ? "#ad2f1c" : "#4d5652";
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = "#ffffff";
    context.stroke();
    context.font = "bold 11px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = "#ffffff";
    context.fillText(String(pin.number), x, y - 18);
    context.textAlign = "start";
  }

  // What the pointer does.

  private at(event: MouseEvent): Point {
    const { left, top } = this.stage.container().getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  private occasion(occasion: Occasion): void {
    this.mode = after(this.mode, occasion, this.mayLabel);
    this.cursor();
    this.told.mode(this.mode);
  }

  private down(event: PointerEvent): void {
    const at = (this.pointer = this.at(event));
    const container = this.stage.container();
    container.focus({ preventScroll: true });
    if (!this.image || event.button > 1) return;
    event.preventDefault();
    container.setPointerCapture(event.pointerId);
    if (event.button === 1 || this.space) {
      // A box that was begun with one corner stays begun.
      if (this.gesture === null) this.gesture = { kind: "pan", from: at, view: this.view };
      return;
    }
    const point = toImage(this.view, at);
    if (allows(this.mode, "pin")) {
      this.occasion("pinned");
      this.told.pin(point);
    } else if (allows(this.mode, "finish")) {
      this.finish(at);
    } else {
      this.gesture = this.grip(at, point) ?? this.begun(at, point) ?? this.picked(at, point);
    }
    this.redraw();
  }

  /** A handle of the selected box. */
  private grip(at: Point, _point: Point): Gesture | null {
    const box = this.selected === null ? undefined : this.boxes.get(this.selected);
    const found = this.front.getIntersection(at)?.name();
    if (!box || !allows(this.mode, "edit") || !isHandle(found)) return null;
    return { kind: "resize", id: box.id, rect: box.rect, handle: found, next: box.rect };
  }

  private begun(at: Point, point: Point): Gesture | null {
    if (!allows(this.mode, "begin")) return null;
    this.occasion("corner");
    return { kind: "corner", start: point, down: at, pressed: true };
  }

  private picked(at: Point, point: Point): Gesture {
    const found = this.grid.at(point.x, point.y, SLACK / this.view.scale).map(({ id }) => id);
    const held = this.selected !== null && found.includes(this.selected);
    const id = held ? this.selected : (found[0] ?? null);
    // Pressing and letting go on a chosen box chooses the next one below it.
    const others = held ? found.filter((one) => one !== id) : [];
    const box = id === null ? undefined : this.boxes.get(id);
    if (!held) this.told.select(id);
    if (!box || !allows(this.mode, "edit")) return { kind: "pan", from: at, view: this.view };
    return { kind: "move", id: box.id, rect: box.rect, from: point, next: box.rect, others };
  }

  private moves(event: PointerEvent): void {
    const at = (this.pointer = this.at(event));
    const { gesture, image } = this;
    if (!image) return;
    if (gesture?.kind === "pan") {
      const { view, from } = gesture;
      this.look({ scale: view.scale, x: view.x + at.x - from.x, y: view.y + at.y - from.y });
      return;
    }
    const point = toImage(this.view, at);
    if (gesture?.kind === "move") {
      const [dx, dy] = [Math.round(point.x - gesture.from.x), Math.round(point.y - gesture.from.y)];
      gesture.next = moved(gesture.rect, dx, dy, image.size);
    } else if (gesture?.kind === "resize") {
      gesture.next = resized(gesture.rect, gesture.handle, point, image.size);
    } else if (!gesture) {
      this.cursor();
    }
    if (gesture) this.place();
    if (gesture || this.mode === "draw" || this.mode === "drawing") this.front.batchDraw();
  }

  private up(event: PointerEvent): void {
    const { gesture } = this;
    const at = this.at(event);
    if (gesture?.kind === "corner") {
      if (!gesture.pressed) return;
      gesture.pressed = false;
      if (Math.hypot(at.x - gesture.down.x, at.y - gesture.down.y) > STILL) this.finish(at);
      return;
    }
    this.gesture = null;
    if (gesture?.kind === "move" || gesture?.kind === "resize") {
      const same = gesture.rect.every((edge, i) => edge === gesture.next[i]);
      if (!same) this.told.edit(gesture.id, gesture.next);
      else if (gesture.kind === "move" && gesture.others[0]) this.told.select(gesture.others[0]);
    }
    this.redraw();
  }

  private finish(at: Point): void {
    const { gesture, image } = this;
    if (gesture?.kind !== "corner" || !image) return;
    const rect = snapped(gesture.start, toImage(this.view, at), image.size);
    if (isEmpty(rect)) return;
    this.gesture = null;
    this.occasion("closed");
    this.told.create(rect);
  }

  private leaves(): void {
    this.pointer = null;
    this.front.batchDraw();
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const by = Math.max(-240, Math.min(240, event.deltaY * lines));
    const factor = Math.exp(-by * (event.ctrlKey ? 0.008 : 0.002));
    this.look(zoomAt(this.view, this.at(event), factor, this.least()));
  }

  private cursor(): void {
    const style = this.stage.container().style;
    if (this.space || this.gesture?.kind === "pan") style.cursor = "grab";
    else if (this.mode === "draw" || this.mode === "drawing") style.cursor = "crosshair";
    else if (this.mode === "pin") style.cursor = "cell";
    else style.cursor = this.hovered();
  }

  private hovered(): string {
    if (!this.pointer) return "default";
    const found = this.front.getIntersection(this.pointer)?.name();
    if (allows(this.mode, "edit") && isHandle(found)) return CURSOR[found];
    const point = toImage(this.view, this.pointer);
    const under = this.grid.at(point.x, point.y, SLACK / this.view.scale);
    if (under.some(({ id }) => id === this.selected) && this.mode === "select") return "move";
    return under.length > 0 ? "pointer" : "default";
  }
}

function isHandle(name: string | undefined): name is Handle {
  return HANDLES.some((handle) => handle === name);
}

function sizeOf(element: HTMLElement): Size {
  return { width: Math.max(1, element.clientWidth), height: Math.max(1, element.clientHeight) };
}
