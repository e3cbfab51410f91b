import type { PictureFigures } from './orders';
import { Rate } from './rate';

/** Frames at work at once that are remembered: several times what an encoder or decoder holds. */
const MOST_AT_WORK = 64;

/** Counts the frames that an encoder or decoder has dealt with. */
export class PictureMeter {
  readonly #rate = new Rate();
  readonly #began = new Map<number, number>();
  #figures = { frames: 0, keyFrames: 0, width: 0, height: 0, dropped: 0, codingTime: 0 };

  begin(timestamp: number): void {
    if (this.#began.size >= MOST_AT_WORK) this.#began.clear();
    this.#began.set(timestamp, performance.now());
  }

  end(timestamp: number, key: boolean, width: number, height: number): void {
    const figures = this.#figures;
    const began = this.#began.get(timestamp);
    this.#began.delete(timestamp);
    if (began !== undefined) figures.codingTime += (performance.now() - began) / 1000;
    figures.frames += 1;
    figures.keyFrames += key ? 1 : 0;
    [figures.width, figures.height] = [width, height];
    this.#rate.count();
  }

  drop(): void {
    this.#figures.dropped += 1;
  }

  figures(): PictureFigures {
    return { ...this.#figures, framesPerSecond: this.#rate.perSecond() };
  }
}
