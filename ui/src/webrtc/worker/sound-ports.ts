import { FrameKind, readHeader, setValue } from '../frame';
import { nowInMicroseconds, SteadyClock } from './steady-clock';

/** Carries sound between the worklet, which makes and takes whole frames, and the app. */
export class SoundPorts {
  readonly #send: (frame: ArrayBuffer) => void;
  readonly #ports = new Map<number, { port: MessagePort; receives: boolean; silent: boolean }>();

  constructor(send: (frame: ArrayBuffer) => void) {
    this.#send = send;
  }

  open(stream: number, port: MessagePort): void {
    const clock = new SteadyClock();
    this.#ports.set(stream, { port, receives: false, silent: true });
    port.onmessage = ({ data: frame }: MessageEvent<ArrayBuffer>) => {
      const header = readHeader(frame);
      if (!header) return;
      if (header.kind === FrameKind.sound) setValue(frame, clock.ours(header.value, nowInMicroseconds()));
      else if (!this.#ports.get(stream)?.receives) return;
      this.#send(frame);
    };
  }

  /** Whether there is a line that this stream's sound comes on. */
  receive(stream: number, receives: boolean): void {
    const opened = this.#ports.get(stream);
    if (opened) Object.assign(opened, { receives, silent: true });
  }

  /** Plays this; true if it is the first for this stream since it has a line. */
  play(stream: number, frame: ArrayBuffer): boolean {
    const opened = this.#ports.get(stream);
    if (!opened) return false;
    // What was asked for before the line was gone may come after it.
    const first = opened.silent && opened.receives;
    opened.silent &&= !opened.receives;
    opened.port.postMessage(frame, [frame]);
    return first;
  }

  close(stream: number): void {
    this.#ports.get(stream)?.port.close();
    this.#ports.delete(stream);
  }
}
