/** From how many times the average on a frame is huge (W3C webrtc-stats, `hugeFramesSent`). */
const HUGE = 2.5;

/** Counts frames that are much larger than the others. */
export class SizeMeter {
  huge = 0;
  #frames = 0;
  #bytes = 0;

  count(bytes: number): void {
    this.#frames += 1;
    this.#bytes += bytes;
    if (bytes >= (HUGE * this.#bytes) / this.#frames) this.huge += 1;
  }
}
