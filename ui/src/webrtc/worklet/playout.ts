import { BLOCK_BYTES, FrameKind, newFrame, readHeader } from '../frame';
import { BLOCK_SAMPLES, HEADER_BYTES, PACKET_SAMPLES, SAMPLE_RATE, SOUND_BLOCKS } from '../wire';
import { SampleRing } from './sample-ring';
import { scope, type Processor, type ProcessorOptions } from './scope';

/** At most so much is kept ready, in samples: 40 ms. */
const READY = 4 * BLOCK_SAMPLES;
/**
 * So often it is asked for what is missing, in samples: each 20 ms. The half that is left then is what a busy machine may
 * need to fetch it; smaller steps wake the app more often.
 */
const STEP = PACKET_SAMPLES;
/** Room for what was asked for twice. */
const MOST = 3 * SOUND_BLOCKS * BLOCK_SAMPLES;
/** After so many samples (100 ms) without an answer it is asked for again: the app may have had none to give. */
const PATIENCE = 10 * BLOCK_SAMPLES;
const MICROSECONDS = 1_000_000;
const LOUDEST = 0x8000;

/** Plays a stream: asks the app for its sound as what is kept here runs out. Silent where none comes. */
export class Playout extends scope.AudioWorkletProcessor implements Processor {
  readonly #stream: number;
  readonly #ring = new SampleRing(MOST);
  #way: MessagePort | null = null;
  /** Samples that were asked for and have not come. */
  #awaited = 0;
  #waited = 0;
  #ended = false;

  constructor({ processorOptions: { stream } }: { processorOptions: ProcessorOptions }) {
    super();
    this.#stream = stream;
    this.port.onmessage = ({ data }: MessageEvent<MessagePort | null>) => {
      if (!data) return this.#end();
      this.#way = data;
      data.onmessage = ({ data: frame }: MessageEvent<ArrayBuffer>) => this.#take(frame);
    };
  }

  process(_: Float32Array[][], [speakers]: Float32Array[][]): boolean {
    if (this.#ended) return false;
    const speaker = speakers?.[0];
    if (!speaker) return true;
    this.#ring.read(speaker);
    this.#waited += speaker.length;
    if (this.#waited > PATIENCE) this.#awaited = 0;
    // All streams at the same moment, and the microphone hands over its frame: the app wakes once for all.
    if ((scope.currentFrame + speaker.length) % STEP < speaker.length) this.#ask();
    return true;
  }

  /** Otherwise it would be kept, and run, for as long as the page has sound. */
  #end(): void {
    this.#ended = true;
    this.#way?.close();
    this.#way = null;
  }

  #ask(): void {
    const missing = READY - this.#ring.length - this.#awaited;
    if (missing < BLOCK_SAMPLES) return;
    const blocks = Math.min(SOUND_BLOCKS, Math.floor(missing / BLOCK_SAMPLES));
    const frame = newFrame({ kind: FrameKind.soundWanted, stream: this.#stream, value: blocks }, 4);
    const buffered = Math.round((this.#ring.length / SAMPLE_RATE) * MICROSECONDS);
    new DataView(frame).setUint32(HEADER_BYTES, buffered, true);
    if (this.#awaited === 0) this.#waited = 0;
    this.#awaited += blocks * BLOCK_SAMPLES;
    this.#way?.postMessage(frame, [frame]);
  }

  #take(frame: ArrayBuffer): void {
    if (!readHeader(frame)) return;
    const bytes = frame.byteLength - HEADER_BYTES;
    const samples = new Int16Array(frame, HEADER_BYTES, Math.floor(bytes / BLOCK_BYTES) * BLOCK_SAMPLES);
    this.#awaited = Math.max(0, this.#awaited - samples.length);
    this.#waited = 0;
    this.#ring.write(Float32Array.from(samples, (sample) => sample / LOUDEST));
  }
}
