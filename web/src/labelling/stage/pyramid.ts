// A picture in several sizes, each half of the one before, so that a screen is drawn from few pixels
// at every zoom and 50 megapixels never hold the page up: decoding and scaling run beside it.
import type { Size } from "../geometry";

/** The smallest size is at most so wide and high. */
const SMALL = 2048;

interface Level {
  /** Pixels of this size for one of the image. */
  scale: number;
  bitmap: ImageBitmap;
}

export class Pyramid {
  readonly size: Size;
  private readonly levels: Level[];

  private constructor(full: ImageBitmap) {
    this.size = { width: full.width, height: full.height };
    this.levels = [{ scale: 1, bitmap: full }];
  }

  /** `more` is called when a smaller size is ready. */
  static async load(source: Blob | ImageBitmapSource, more: () => void): Promise<Pyramid> {
    const pyramid = new Pyramid(await createImageBitmap(source));
    void pyramid.shrink(more);
    return pyramid;
  }

  private async shrink(more: () => void): Promise<void> {
    for (let last = this.levels.at(-1); last; last = this.levels.at(-1)) {
      const { bitmap, scale } = last;
      if (Math.max(bitmap.width, bitmap.height) <= SMALL || bitmap.width === 0) return;
      const half = await createImageBitmap(bitmap, {
        resizeWidth: Math.max(1, bitmap.width >> 1),
        resizeHeight: Math.max(1, bitmap.height >> 1),
        resizeQuality: "medium",
      }).catch(() => null);
      // Closed meanwhile.
      if (!half || this.levels.length === 0) return half?.close();
      this.levels.push({ scale: scale / 2, bitmap: half });
      more();
    }
  }

  /** Draws the part of the image from `from` to `to` (image pixels) at `scale` screen pixels each. */
  draw(
    context: CanvasRenderingContext2D,
    [x0, y0, x1, y1]: readonly [number, number, number, number],
    onto: { x: number; y: number; scale: number },
    density: number,
  ): void {
    const [left, top] = [Math.max(0, Math.floor(x0)), Math.max(0, Math.floor(y0))];
    const right = Math.min(this.size.width, Math.ceil(x1));
    const bottom = Math.min(this.size.height, Math.ceil(y1));
    const level = this.levels.findLast(({ scale }) => scale >= onto.scale * density);
    const from = level ?? this.levels[0];
    if (!from || right <= left || bottom <= top) return;
    const [sx, sy] = [from.bitmap.width / this.size.width, from.bitmap.height / this.size.height];
    context.imageSmoothingEnabled = onto.scale < 3;
    context.drawImage(
      from.bitmap,
      left * sx,
      top * sy,
      (right - left) * sx,
      (bottom - top) * sy,
      onto.x + left * onto.scale,
      onto.y + top * onto.scale,
      (right - left) * onto.scale,
      (bottom - top) * onto.scale,
    );
  }

  close(): void {
    for (const { bitmap } of this.levels.splice(0)) bitmap.close();
  }
}
