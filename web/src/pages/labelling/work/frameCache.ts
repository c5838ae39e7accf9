// Frames of a video by number, as the server gives them. The next ones are asked for ahead.

/** So many frames are kept. */
const MOST = 48;
const AHEAD = 3;

export class FrameCache {
  private readonly found = new Map<number, Promise<Blob>>();
  private readonly load: (frame: number) => Promise<Blob>;
  private readonly count: number;

  constructor(load: (frame: number) => Promise<Blob>, count: number) {
    this.load = load;
    this.count = count;
  }

  get(frame: number): Promise<Blob> {
    const there = this.found.get(frame) ?? this.load(frame);
    // Deleted and inserted anew: the one that was not wanted for longest goes first.
    this.found.delete(frame);
    this.found.set(frame, there);
    there.catch(() => this.found.delete(frame));
    for (const oldest of this.found.keys()) {
      if (this.found.size <= MOST) break;
      this.found.delete(oldest);
    }
    return there;
  }

  /** Asks for what comes next in the direction of `by`. */
  ahead(frame: number, by: 1 | -1): void {
    for (let step = 1; step <= AHEAD; step += 1) {
      const next = frame + by * step;
      if (next >= 0 && next < this.count && !this.found.has(next)) {
        this.get(next).catch(() => undefined);
      }
    }
  }
}
