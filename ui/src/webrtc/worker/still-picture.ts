/** What stands still is given again so often, in ms, as other browsers do: who has lost it sees it again. */
const REPEAT_MS = 1000;
/** How long a frame is waited for, in ms, by whom a key frame is wanted: longer than cameras take to the next. */
const WANTED_MS = 200;

/** Keeps the last frame of a source that may stand still, as a shared screen does, and gives it again. */
export class StillPicture {
  readonly #give: (frame: VideoFrame) => void;
  #frame: VideoFrame | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  /** When a frame was given or came last, in ms. */
  #at = 0;
  #wanted = false;

  /** Who is given a frame leaves it open. */
  constructor(give: (frame: VideoFrame) => void) {
    this.#give = give;
  }

  /** Takes over a frame that was just shown. */
  keep(frame: VideoFrame): void {
    this.#frame?.close();
    this.#frame = frame;
    this.#at = performance.now();
    this.#wanted = false;
    this.#timer ??= setInterval(() => this.#look(), WANTED_MS);
  }

  get isThere(): boolean {
    return this.#frame !== null;
  }

  /** Who takes it closes it. */
  copy(): VideoFrame | null {
    return this.#frame?.clone() ?? null;
  }

  /** The frame is needed soon, if no other comes. */
  want(): void {
    this.#wanted = true;
  }

  /** The source is another from now on, or none. */
  forget(): void {
    this.#frame?.close();
    this.#frame = null;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const waited = performance.now() - this.#at;
    if (!this.#frame || waited < (this.#wanted ? WANTED_MS : REPEAT_MS)) return;
    this.#at = performance.now();
    this.#wanted = false;
    this.#give(this.#frame);
  }
}
