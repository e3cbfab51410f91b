import { FrameKind, newFrame, PACKET_BYTES } from '../frame';
import { HEADER_BYTES, PACKET_SAMPLES, SAMPLE_RATE } from '../wire';
import { scope, type Processor, type ProcessorOptions } from './scope';

const MICROSECONDS = 1_000_000;
/** So many blocks of nothing at all, some 20 ms, are a pause: what is recorded has at least noise. */
const PAUSE = 8;
/** Full scale as 16 bits have it. */
const LOUDEST = 0x7fff;

/**
 * Makes frames of 20 ms from its first input, what is recorded, and its second, what the page plays in the same
 * moment: that is what comes back as echo.
 */
export class Microphone extends scope.AudioWorkletProcessor implements Processor {
  readonly #stream: number;
  #way: MessagePort | null = null;
  #frame: ArrayBuffer;
  #filled = 0;
  #silent = 0;

  constructor({ processorOptions: { stream } }: { processorOptions: ProcessorOptions }) {
    super();
    this.#stream = stream;
    this.#frame = this.#next();
    this.port.onmessage = ({ data }: MessageEvent<MessagePort>) => (this.#way = data);
  }

  process([near = [], far = []]: Float32Array[][]): boolean {
    const [recorded, played] = [near[0], far[0]];
    if (recorded) this.#watch(recorded);
    const quantum = recorded?.length ?? played?.length ?? 0;
    for (let at = 0; at < quantum;) {
      const count = Math.min(quantum - at, PACKET_SAMPLES - this.#filled);
      this.#write(0, recorded, at, count);
      this.#write(PACKET_BYTES, played, at, count);
      at += count;
      this.#filled += count;
      if (this.#filled === PACKET_SAMPLES) this.#send();
    }
    return true;
  }

  /** Tells the page when sound comes again after a pause. */
  #watch(recorded: Float32Array): void {
    const silent = recorded.every((sample) => sample === 0);
    if (!silent && this.#silent >= PAUSE) this.port.postMessage(null);
    this.#silent = silent ? this.#silent + 1 : 0;
  }

  /** What is not there is silent, as the frame is. */
  #write(place: number, samples: Float32Array | undefined, from: number, count: number): void {
    if (!samples) return;
    const packet = new Int16Array(this.#frame, HEADER_BYTES + place, PACKET_SAMPLES);
    for (let index = 0; index < count; index++) {
      const sample = Math.max(-1, Math.min(1, samples[from + index] ?? 0));
      packet[this.#filled + index] = Math.round(sample * LOUDEST);
    }
  }

  #send(): void {
    this.#way?.postMessage(this.#frame, [this.#frame]);
    this.#frame = this.#next();
    this.#filled = 0;
  }

  #next(): ArrayBuffer {
    const value = (scope.currentFrame / SAMPLE_RATE) * MICROSECONDS;
    return newFrame({ kind: FrameKind.sound, stream: this.#stream, value }, 2 * PACKET_BYTES);
  }
}
