import { FrameKind, newFrame, PACKET_BYTES } from '../frame';
import { HEADER_BYTES, PACKET_SAMPLES, SAMPLE_RATE } from '../wire';
import { scope, type Processor, type ProcessorOptions } from './scope';

const MICROSECONDS = 1_000_000;
/** So many blocks of nothing at all, some 20 ms, are a pause: what is recorded has at least noise. */
const PAUSE = 8;
/** What the page is told of what is recorded. */
export type Heard = 'silence' | 'sound';

/** Full scale as 16 bits have it. */
const LOUDEST = 0x7fff;

/**
 * Makes frames of 20 ms from its first input, what is recorded, and its second, what the page plays in the same
 * moment: that is what comes back as echo.
 */
export class Microphone extends scope.AudioWorkletProcessor implements Processor {
  readonly #stream: number;
  #way: MessagePort | null = null;
  #frame = new ArrayBuffer();
  /** When the first sample of the frame was recorded, in samples since the context began. */
  #first = -1;
  #silent = 0;
  #ended = false;

  constructor({ processorOptions: { stream } }: { processorOptions: ProcessorOptions }) {
    super();
    this.#stream = stream;
    this.port.onmessage = ({ data }: MessageEvent<MessagePort | null>) => {
      if (data) this.#way = data;
      else this.#end();
    };
  }

  process([near = [], far = []]: Float32Array[][]): boolean {
    if (this.#ended) return false;
    const [recorded, played] = [near[0], far[0]];
    if (recorded) this.#watch(recorded);
    const quantum = recorded?.length ?? played?.length ?? 0;
    for (let at = 0; at < quantum;) {
      // At multiples of its length, as requests for sound are: the app wakes once for both.
      const filled = (scope.currentFrame + at) % PACKET_SAMPLES;
      const count = Math.min(quantum - at, PACKET_SAMPLES - filled);
      this.#begin(scope.currentFrame + at - filled);
      this.#write(filled, recorded, at, count);
      this.#write(PACKET_SAMPLES + filled, played, at, count);
      at += count;
      if (filled + count === PACKET_SAMPLES) this.#way?.postMessage(this.#frame, [this.#frame]);
    }
    return true;
  }

  /** Otherwise it would be kept, and run, for as long as the page has sound. */
  #end(): void {
    this.#ended = true;
    this.#way?.close();
    this.#way = null;
  }

  /** Tells the page when a pause begins and when sound comes again. */
  #watch(recorded: Float32Array): void {
    const tell = (heard: Heard) => this.port.postMessage(heard);
    const silent = recorded.every((sample) => sample === 0);
    if (silent && this.#silent === PAUSE - 1) tell('silence');
    if (!silent && this.#silent >= PAUSE) tell('sound');
    this.#silent = silent ? this.#silent + 1 : 0;
  }

  #begin(first: number): void {
    if (first === this.#first) return;
    this.#first = first;
    const value = (first / SAMPLE_RATE) * MICROSECONDS;
    this.#frame = newFrame({ kind: FrameKind.sound, stream: this.#stream, value }, 2 * PACKET_BYTES);
  }

  /** What is not there is silent, as the frame is. */
  #write(place: number, samples: Float32Array | undefined, from: number, count: number): void {
    if (!samples) return;
    const packet = new Int16Array(this.#frame, HEADER_BYTES, 2 * PACKET_SAMPLES);
    for (let index = 0; index < count; index++) {
      const sample = Math.max(-1, Math.min(1, samples[from + index] ?? 0));
      packet[place + index] = Math.round(sample * LOUDEST);
    }
  }
}
