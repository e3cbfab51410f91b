import { Codec, PictureFlag, type Header } from '../frame';
import { HEADER_BYTES } from '../wire';
import type { Line, PictureFigures } from './orders';
import { PictureMeter } from './picture-meter';
import { ShownMeter } from './shown-meter';

/** Frames that wait for the decoder. More is more than a second behind: then only a key frame helps. */
const MOST_QUEUED = 30;
/** Frames that wait to be shown. */
const MOST_UNSHOWN = 3;
/** How often a key frame is asked for while none comes, in ms. */
const KEY_FRAME_EVERY_MS = 250;

const CODECS: Record<number, VideoDecoderConfig> = {
  [Codec.vp8]: { codec: 'vp8', optimizeForLatency: true },
  // Annex B: the sizes are in the stream.
  [Codec.h264]: { codec: 'avc1.42E01F', optimizeForLatency: true },
};

interface Way {
  /** Shows this frame and closes it. */
  show(frame: VideoFrame): Promise<void>;
  arrived(): void;
  askForKeyFrame(line: Line): void;
}

/** One picture on its way in: from a media line through a decoder to whoever shows it. */
export class IncomingPicture {
  readonly #way: Way;
  readonly #meter = new PictureMeter();
  #shown = new ShownMeter();
  #line: Line | null = null;
  #decoder: VideoDecoder | null = null;
  #codec = 0;
  #keyNeeded = true;
  #asked = -Infinity;
  #arrived = false;
  #unshown = 0;
  #keys = new Set<number>();

  constructor(way: Way) {
    this.#way = way;
  }

  get line(): Line | null {
    return this.#line;
  }

  receiveOn(line: Line | null): void {
    this.#line = line;
    this.#arrived = false;
    this.#keyNeeded = true;
    this.#shown.pause();
  }

  figures(): PictureFigures {
    return { ...this.#meter.figures(), shown: this.#shown.figures() };
  }

  end(): void {
    this.#line = null;
    this.#endDecoder();
  }

  take({ flags, codec, value }: Header, frame: ArrayBuffer): void {
    const key = (flags & PictureFlag.key) !== 0;
    const contiguous = (flags & PictureFlag.contiguous) !== 0;
    if (!this.#line) return;
    if (codec !== this.#codec) this.#endDecoder();
    const behind = (this.#decoder?.decodeQueueSize ?? 0) > MOST_QUEUED;
    if (behind || (!key && !contiguous)) this.#keyNeeded = true;
    if (behind || (this.#keyNeeded && !key)) {
      this.#meter.drop();
      return this.#askForKeyFrame();
    }
    const decoder = (this.#decoder ??= this.#newDecoder(codec));
    if (!decoder) return;
    this.#keyNeeded = false;
    this.#meter.begin(value);
    if (key) this.#keys.add(value);
    const data = new Uint8Array(frame, HEADER_BYTES);
    try {
      decoder.decode(new EncodedVideoChunk({ type: key ? 'key' : 'delta', timestamp: value, data }));
    } catch {
      this.#failed(decoder);
    }
  }

  #newDecoder(codec: number): VideoDecoder | null {
    const config = CODECS[codec];
    if (!config) return null;
    const decoder: VideoDecoder = new VideoDecoder({
      output: (frame) => void this.#decoded(frame),
      error: () => this.#failed(decoder),
    });
    decoder.configure(config);
    this.#codec = codec;
    return decoder;
  }

  async #decoded(frame: VideoFrame): Promise<void> {
    const { timestamp, displayWidth, displayHeight } = frame;
    this.#meter.end(timestamp, this.#keys.delete(timestamp), displayWidth, displayHeight);
    if (this.#unshown >= MOST_UNSHOWN || !this.#line) {
      this.#meter.drop();
      return frame.close();
    }
    if (!this.#arrived) {
      this.#arrived = true;
      this.#way.arrived();
    }
    this.#unshown += 1;
    await this.#way.show(frame).then(
      () => this.#shown.count(performance.now()),
      () => this.#meter.drop(),
    );
    this.#unshown -= 1;
  }

  #failed(decoder: VideoDecoder): void {
    if (this.#decoder !== decoder) return;
    this.#endDecoder();
    this.#askForKeyFrame();
  }

  #askForKeyFrame(): void {
    const now = performance.now();
    if (!this.#line || now - this.#asked < KEY_FRAME_EVERY_MS) return;
    this.#asked = now;
    this.#way.askForKeyFrame(this.#line);
  }

  #endDecoder(): void {
    const decoder = this.#decoder;
    this.#decoder = null;
    this.#codec = 0;
    this.#keyNeeded = true;
    this.#keys.clear();
    if (decoder && decoder.state !== 'closed') decoder.close();
  }
}
