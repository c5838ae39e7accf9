// How long a person works on an item: the time between signs of life, none of them longer than a
// pause. Whoever leaves for lunch has not worked through it.

/** A longer silence is no work. */
export const PAUSE_SECONDS = 30;

export class Activity {
  private last: number | null = null;
  private counted = 0;

  /** A sign of life at `now` (milliseconds). */
  sign(now: number): void {
    if (this.last !== null) {
      this.counted += Math.min(Math.max(0, (now - this.last) / 1000), PAUSE_SECONDS);
    }
    this.last = now;
  }

  /** Whole seconds counted since the last call; the rest stays for the next. */
  take(): number {
    const whole = Math.floor(this.counted);
    this.counted -= whole;
    return whole;
  }
}
