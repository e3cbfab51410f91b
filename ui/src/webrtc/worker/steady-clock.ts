/** How much later the smallest delay is taken to be for each µs that passes: clocks drift up to 100 ppm apart. */
const DRIFT = 1e-4;

/**
 * Tells times of a source's own clock in the clock of this worker, so that sound and pictures are in step however
 * late each of them was handed over: by the smallest delay seen.
 */
export class SteadyClock {
  #offset: number | null = null;
  #seen = 0;
  #last = -1;
  #theirs = -Infinity;
  /** A canvas in WebKitGTK tells times that go backwards. */
  #isClock = true;

  /** Both in µs. What it returns always grows. */
  ours(theirs: number, now: number): number {
    const offset = now - theirs;
    const drifted = this.#offset === null ? offset : this.#offset + (now - this.#seen) * DRIFT;
    this.#offset = Math.min(offset, drifted);
    this.#seen = now;
    if (theirs <= this.#theirs) this.#isClock = false;
    this.#theirs = theirs;
    this.#last = Math.max(this.#last + 1, Math.round(this.#isClock ? theirs + this.#offset : now));
    return this.#last;
  }
}

/** The clock of this worker in µs. */
export function nowInMicroseconds(): number {
  return performance.now() * 1000;
}
