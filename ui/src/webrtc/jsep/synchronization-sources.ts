// Where what a receiver gives comes from (W3C webrtc-pc, section 5.3). The text has pages ask without waiting; the app
// is asked meanwhile, as long as somebody looks.

/** How often the app is asked, in ms: as often as a level that is shown should change. */
const ASK_MS = 100;
/** How long after somebody has looked it is asked, in ms: who shows a level looks more often. */
const WATCHED_MS = 5000;
/** How old a source may be, in ms, as the W3C text has it. */
const OLDEST_MS = 10_000;

export class SynchronizationSources {
  readonly #ask: () => Promise<RTCRtpSynchronizationSource | null>;
  #known: RTCRtpSynchronizationSource | null = null;
  #lookedAt = 0;
  #asking = false;

  /** `ask`: what is known now; null: nothing. It never rejects. */
  constructor(ask: () => Promise<RTCRtpSynchronizationSource | null>) {
    this.#ask = ask;
  }

  /** What was known lately. Who looks for the first time sees nothing yet. */
  get(): RTCRtpSynchronizationSource[] {
    const now = performance.timeOrigin + performance.now();
    this.#lookedAt = now;
    if (!this.#asking) void this.#follow();
    return this.#known && this.#known.timestamp >= now - OLDEST_MS ? [{ ...this.#known }] : [];
  }

  async #follow(): Promise<void> {
    this.#asking = true;
    while (performance.timeOrigin + performance.now() < this.#lookedAt + WATCHED_MS) {
      this.#known = await this.#ask();
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
    this.#asking = false;
  }
}
