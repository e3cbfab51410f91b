import type { Encoding } from '../engine';
import { Codec, FrameKind, newFrame, PictureFlag, type CodecName } from '../frame';
import { HEADER_BYTES } from '../wire';
import { toAnnexB } from './annex-b';
import { useful } from './bit-budget';
import { FrameSource } from './frame-source';
import type { PictureFigures, SendLine } from './orders';
import { PictureMeter } from './picture-meter';
import { SizeMeter } from './size-meter';
import { LOOKED_AT, nowInMicroseconds, SteadyClock } from './steady-clock';
import { StillPicture } from './still-picture';

/** Frames in the encoder at once: one at work and one waiting. What comes meanwhile would only be late. */
const MOST_QUEUED = 2;
/** What a dark picture is sent as: black, so often a second in ms. */
const DARK_INTERVAL_MS = 500;
/** Until a track has shown how large it is. */
const DARK_WIDTH = 640;
const DARK_HEIGHT = 480;
/** Baseline, which all decode; level 3.1 is up to 1280x720, 5.1 up to 4096x2160. */
const H264_SMALL = 'avc1.42E01F';
const H264_LARGE = 'avc1.42E033';
const SMALL_PIXELS = 1280 * 720;
/** Bits per second that a change must make out of what the encoder has to be worth telling it. */
const WORTH_TELLING = 0.1;
/** A frame may come so much before its time, as a part of the time between two, and is not left out. */
const EARLY = 0.5;
const SECOND = 1_000_000;
const DEFAULT_FRAMERATE = 30;
/** So often a page that gives frame by frame is asked for the next, in ms. */
const ASK_MS = 1000 / DEFAULT_FRAMERATE;

interface Way {
  congested(): boolean;
  send(frame: ArrayBuffer): void;
  /** Of a source that the page gives frame by frame. */
  askForFrame(): void;
  /** How much this picture could use has changed. */
  wishChanged(): void;
}

/** One picture on its way out: from a track through an encoder onto a media line. */
export class OutgoingPicture {
  readonly #stream: number;
  readonly #way: Way;
  readonly #meter = new PictureMeter();
  readonly #sizes = new SizeMeter();
  readonly #still = new StillPicture((frame) => this.#repeat(frame));
  #source: FrameSource | null = null;
  #sourceId: string | null = null;
  #clock = new SteadyClock(LOOKED_AT.picture);
  #line: SendLine | null = null;
  #encoding: Encoding = { active: true };
  #encoder: VideoEncoder | null = null;
  #codec: CodecName | null = null;
  #configured: VideoEncoderConfig | null = null;
  #size = { width: DARK_WIDTH, height: DARK_HEIGHT };
  #bitrate = 0;
  #keyWanted = true;
  #due = 0;
  /** When the last frame that was encoded was taken. */
  #latest = 0;
  #darkTimer: ReturnType<typeof setInterval> | null = null;
  #askTimer: ReturnType<typeof setInterval> | null = null;

  constructor(stream: number, way: Way) {
    this.#stream = stream;
    this.#way = way;
  }

  get line(): SendLine | null {
    return this.#line;
  }

  /** Bits per second that make a difference; 0 if nothing is sent. */
  get wish(): number {
    const { width, height } = this.#scaled(this.#size.width, this.#size.height);
    return this.#line && this.#encoding.active ? useful(width, height, this.#encoding.maxBitrate) : 0;
  }

  sendOn(line: SendLine | null): void {
    if (line?.connection !== this.#line?.connection) this.#endEncoder();
    this.#line = line;
    this.#wantKey();
    this.#way.wishChanged();
  }

  /** Which track of the page this is the picture of; null: none. */
  get source(): string | null {
    return this.#sourceId;
  }

  /** Whether it has shown anything. */
  get showed(): boolean {
    return this.#still.isThere;
  }

  /** What it showed last. Who takes it closes it. */
  frame(): VideoFrame | null {
    return this.#still.copy();
  }

  /** `still`: what the source showed last, for a source that stands still gives no frame. */
  setTrack(track: MediaStreamTrack | null, source: string | null, still: VideoFrame | null = null): void {
    this.#letGo();
    this.#sourceId = source;
    // WebKitGTK's goes on with the picture of the camera before.
    this.#endEncoder();
    this.#clock = new SteadyClock(LOOKED_AT.picture);
    this.#due = 0;
    if (track) this.#source = new FrameSource(track, (frame) => this.take(frame));
    else if (source !== null) this.#askTimer = setInterval(() => this.#ask(), ASK_MS);
    if (!still) return;
    this.#still.keep(still);
    this.#still.want();
  }

  setEncoding(encoding: Encoding): void {
    if (encoding.active && !this.#encoding.active) this.#wantKey();
    this.#encoding = encoding;
    this.#way.wishChanged();
  }

  /** Black from now on, or no more. */
  setDark(dark: boolean): void {
    if (dark === (this.#darkTimer !== null)) return;
    if (this.#darkTimer !== null) clearInterval(this.#darkTimer);
    this.#darkTimer = dark ? setInterval(() => this.#sendBlack(), DARK_INTERVAL_MS) : null;
    if (dark) this.#sendBlack();
  }

  setBitrate(bits: number): void {
    const changed = Math.abs(bits - this.#bitrate) > this.#bitrate * WORTH_TELLING;
    if (changed) this.#bitrate = bits;
  }

  wantKeyFrame(): void {
    this.#wantKey();
  }

  #wantKey(): void {
    this.#keyWanted = true;
    this.#still.want();
  }

  figures(): PictureFigures {
    return { ...this.#meter.figures(), huge: this.#sizes.huge, bitrate: this.#bitrate };
  }

  end(): void {
    this.#letGo();
    this.setDark(false);
    this.#endEncoder();
    this.#line = null;
  }

  #letGo(): void {
    this.#source?.stop();
    this.#source = null;
    this.#sourceId = null;
    this.#still.forget();
    if (this.#askTimer !== null) clearInterval(this.#askTimer);
    this.#askTimer = null;
  }

  #ask(): void {
    if (this.#line && this.#encoding.active && this.#darkTimer === null) this.#way.askForFrame();
  }

  /** Sends this frame, and closes it. */
  take(frame: VideoFrame): void {
    this.#measure(frame);
    const time = this.#clock.ours(frame.timestamp, nowInMicroseconds());
    if (this.#darkTimer === null && this.#encoding.active && this.#isDue(time)) this.#encode(frame, time);
    this.#still.keep(frame);
  }

  #measure({ displayWidth: width, displayHeight: height }: VideoFrame): void {
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    this.#way.wishChanged();
  }

  #repeat(frame: VideoFrame): void {
    this.#measure(frame);
    if (this.#darkTimer === null && this.#encoding.active) this.#encode(frame, nowInMicroseconds());
  }

  #isDue(time: number): boolean {
    const { maxFramerate } = this.#encoding;
    if (maxFramerate === undefined) return true;
    const interval = SECOND / maxFramerate;
    if (time < this.#due - interval * EARLY) return false;
    this.#due = Math.max(this.#due, time) + interval;
    return true;
  }

  #sendBlack(): void {
    const { width, height } = this.#size;
    const [columns, rows] = [even(width), even(height)];
    const pixels = new Uint8Array((columns * rows * 3) / 2).fill(BLACK_CHROMA);
    pixels.fill(BLACK_LUMA, 0, columns * rows);
    const timestamp = Math.round(nowInMicroseconds());
    const frame = new VideoFrame(pixels, {
      format: 'I420',
      codedWidth: columns,
      codedHeight: rows,
      timestamp,
    });
    if (this.#line && this.#encoding.active) this.#encode(frame, timestamp);
    frame.close();
  }

  #encode(frame: VideoFrame, at: number): void {
    const line = this.#line;
    if (!line) return;
    // What is repeated is of now, and the next frame may have been taken before.
    const timestamp = Math.max(Math.round(at), this.#latest + 1);
    if (this.#way.congested() || (this.#encoder?.encodeQueueSize ?? 0) >= MOST_QUEUED)
      return this.#meter.drop();
    const codec = this.#encoding.codec ?? line.codec;
    // What one encoder has made is no beginning for another.
    if (codec !== this.#codec) this.#endEncoder();
    this.#codec = codec;
    const encoder = (this.#encoder ??= this.#newEncoder(codec));
    const config = this.#config(codec, frame);
    if (!isSame(config, this.#configured)) {
      const resized = config.width !== this.#configured?.width || config.height !== this.#configured.height;
      if (resized) this.#keyWanted = true;
      this.#configured = config;
      encoder.configure(config);
    }
    this.#latest = timestamp;
    const timed = new VideoFrame(frame, { timestamp });
    this.#meter.begin(timestamp);
    try {
      encoder.encode(timed, { keyFrame: this.#keyWanted });
      this.#keyWanted = false;
    } catch {
      this.#failed(encoder);
    }
    timed.close();
  }

  #config(codec: CodecName, frame: VideoFrame): VideoEncoderConfig {
    const { width, height } = this.#scaled(frame.displayWidth, frame.displayHeight);
    const h264 = width * height <= SMALL_PIXELS ? H264_SMALL : H264_LARGE;
    return {
      codec: codec === 'h264' ? h264 : 'vp8',
      width,
      height,
      bitrate: this.#bitrate,
      framerate: this.#encoding.maxFramerate ?? DEFAULT_FRAMERATE,
      latencyMode: 'realtime',
    };
  }

  #scaled(width: number, height: number): { width: number; height: number } {
    const by = Math.max(1, this.#encoding.scaleResolutionDownBy ?? 1);
    return { width: even(width / by), height: even(height / by) };
  }

  #newEncoder(codec: CodecName): VideoEncoder {
    const encoder: VideoEncoder = new VideoEncoder({
      output: (chunk) => this.#encoded(chunk, codec),
      error: () => this.#failed(encoder),
    });
    this.#keyWanted = true;
    return encoder;
  }

  #encoded(chunk: EncodedVideoChunk, codec: CodecName): void {
    const key = chunk.type === 'key';
    const header = {
      kind: FrameKind.picture,
      flags: key ? PictureFlag.key : 0,
      codec: Codec[codec],
      stream: this.#stream,
      value: chunk.timestamp,
    };
    const frame = newFrame(header, chunk.byteLength);
    const payload = new Uint8Array(frame, HEADER_BYTES);
    chunk.copyTo(payload);
    if (codec === 'h264') toAnnexB(payload);
    this.#meter.end(chunk.timestamp, key, this.#configured?.width ?? 0, this.#configured?.height ?? 0);
    this.#sizes.count(chunk.byteLength);
    this.#way.send(frame);
  }

  /** The next frame gets an encoder of its own, and begins anew. */
  #failed(encoder: VideoEncoder): void {
    if (this.#encoder === encoder) this.#endEncoder();
  }

  #endEncoder(): void {
    const encoder = this.#encoder;
    this.#encoder = null;
    this.#configured = null;
    this.#keyWanted = true;
    if (encoder && encoder.state !== 'closed') encoder.close();
  }
}

/** Black as video has it (ITU-R BT.601). */
const BLACK_LUMA = 16;
const BLACK_CHROMA = 128;

/** Encoders take half the colours: two pixels share one. */
function even(pixels: number): number {
  return Math.max(2, Math.floor(pixels / 2) * 2);
}

function isSame(config: VideoEncoderConfig, before: VideoEncoderConfig | null): boolean {
  return before !== null && JSON.stringify(config) === JSON.stringify(before);
}
