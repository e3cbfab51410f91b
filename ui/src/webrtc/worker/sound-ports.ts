import { FrameKind, readHeader, setValue, type Header } from '../frame';
import { PACKET_SAMPLES, SAMPLE_RATE } from '../wire';
import { LOOKED_AT, nowInMicroseconds, SteadyClock } from './steady-clock';

/** How long a frame of the microphone is, in µs: it is handed over when its last sample is there. */
const PACKET_TIME = (PACKET_SAMPLES / SAMPLE_RATE) * 1_000_000;
/**
 * How long ago a sample was recorded when the worklet is given it, in µs. The page is not told: of tones that a page makes
 * itself it was 27 to 65 ms, for they are handed over 10 ms at a time and wait in WebKit's queue.
 */
const WAY_TIME = 35_000;

/** Carries sound between the worklet, which makes and takes whole frames, and the app. */
export class SoundPorts {
  readonly #send: (frame: ArrayBuffer) => void;
  readonly #ports = new Map<number, { port: MessagePort; receives: boolean; silent: boolean }>();

  constructor(send: (frame: ArrayBuffer) => void) {
    this.#send = send;
  }

  open(stream: number, port: MessagePort): void {
    const clock = new SteadyClock(LOOKED_AT.sound);
    this.#ports.set(stream, { port, receives: false, silent: true });
    port.onmessage = ({ data: frame }: MessageEvent<ArrayBuffer>) => {
      const header = readHeader(frame);
      if (!header) return;
      if (header.kind === FrameKind.sound) setValue(frame, begun(clock, header.value));
      else if (!this.#ports.get(stream)?.receives) return;
      this.#send(frame);
    };
  }

  /** Whether there is a line that this stream's sound comes on. */
  receive(stream: number, receives: boolean): void {
    const opened = this.#ports.get(stream);
    if (opened) Object.assign(opened, { receives, silent: true });
  }

  /** Plays this; true if it is the first for this stream that the other side recorded since it has a line. */
  play({ stream, value: recorded }: Pick<Header, 'stream' | 'value'>, frame: ArrayBuffer): boolean {
    const opened = this.#ports.get(stream);
    if (!opened) return false;
    // What was asked for before the line was gone may come after it. What nobody recorded has no time.
    const first = opened.silent && opened.receives && recorded > 0;
    opened.silent &&= !first;
    opened.port.postMessage(frame, [frame]);
    return first;
  }

  close(stream: number): void {
    this.#ports.get(stream)?.port.close();
    this.#ports.delete(stream);
  }
}

/** When the first sample of a frame that is handed over now was recorded. */
function begun(clock: SteadyClock, first: number): number {
  const given = clock.ours(first + PACKET_TIME, nowInMicroseconds()) - PACKET_TIME;
  return Math.max(0, given - WAY_TIME);
}
