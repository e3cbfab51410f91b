/**
 * Of so many that came last, the one that was handed over soonest tells how late the others were. Of sound as many as come
 * in 5 s: its clock is a device's, 100 ppm wrong at most. Of pictures few: a camera may tell the times of its nominal rate
 * and give fewer, and would be taken to be later and later.
 */
export const LOOKED_AT = { sound: 250, picture: 10 };

/**
 * Tells times of a source's own clock in the clock of this worker, so that sound and pictures are in step however
 * late each of them was handed over.
 */
export class SteadyClock {
  readonly #most: number;
  /** How much later each was handed over than its time tells, oldest first. */
  readonly #offsets: number[] = [];
  #last = -1;
  #theirs = -Infinity;
  /** A canvas in WebKitGTK tells times that go backwards. */
  #isClock = true;

  /** Looks at so many. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Both in µs. What it returns always grows. */
  ours(theirs: number, now: number): number {
    this.#offsets.push(now - theirs);
    if (this.#offsets.length > this.#most) this.#offsets.shift();
    if (theirs <= this.#theirs) this.#isClock = false;
    this.#theirs = theirs;
    const told = this.#isClock ? theirs + Math.min(...this.#offsets) : now;
    this.#last = Math.max(this.#last + 1, Math.round(told));
    return this.#last;
  }
}

/** The clock of this worker in µs. */
export function nowInMicroseconds(): number {
  return performance.now() * 1000;
}
