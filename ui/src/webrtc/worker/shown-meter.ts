import type { ShownFigures } from './orders';

/** What W3C webrtc-stats says of `freezeCount`: so many times the average of so many frames, and so much more, in s. */
const FREEZE_TIMES = 3;
const FREEZE_FRAMES = 30;
const FREEZE_MORE = 0.15;

/** Measures the time from one frame to the next. */
export class ShownMeter {
  readonly #figures: ShownFigures = { frames: 0, between: 0, betweenSquared: 0, freezes: 0, frozen: 0 };
  #last: number | null = null;
  /** Of the last frames. */
  #intervals: number[] = [];

  /** `now`: in ms. */
  count(now: number): void {
    const figures = this.#figures;
    figures.frames += 1;
    const interval = this.#last === null ? null : (now - this.#last) / 1000;
    this.#last = now;
    if (interval === null) return;
    figures.between += interval;
    figures.betweenSquared += interval * interval;
    if (this.#isFreeze(interval)) {
      figures.freezes += 1;
      figures.frozen += interval;
    }
    this.#intervals = [...this.#intervals, interval].slice(-FREEZE_FRAMES);
  }

  /** The next frame belongs to another stream, or to this one after it rested: it is no freeze. */
  pause(): void {
    this.#last = null;
    this.#intervals = [];
  }

  figures(): ShownFigures {
    return { ...this.#figures };
  }

  #isFreeze(interval: number): boolean {
    if (this.#intervals.length < FREEZE_FRAMES) return false;
    const average = this.#intervals.reduce((sum, one) => sum + one, 0) / this.#intervals.length;
    return interval >= Math.max(FREEZE_TIMES * average, average + FREEZE_MORE);
  }
}
