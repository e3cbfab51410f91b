import type { IncomingTrack } from '../engine';
import type { Line } from '../worker/orders';
import { ReceivedTrack } from './received-track';
import type { Sound } from './sound';
import type { WorkerLink } from './worker-link';

/** What is received, as the engine's parts see it. */
export abstract class Incoming implements IncomingTrack {
  protected readonly link: WorkerLink;
  protected readonly received: ReceivedTrack;
  readonly stream: number;
  #receives = false;

  constructor(link: WorkerLink, stream: number, track: MediaStreamTrack) {
    this.link = link;
    this.stream = stream;
    this.received = new ReceivedTrack(track);
  }

  get track(): MediaStreamTrack {
    return this.received.track;
  }

  /** Which line it comes on; null: none. */
  receiveOn(line: Line | null): void {
    this.#receives = line !== null;
    if (!line) this.received.mute(true);
    this.link.give({ type: 'receive-on', stream: this.stream, line });
  }

  /** Told of a line that is gone meanwhile, it would unmute the track for good. */
  protected arrived(): void {
    if (this.#receives) this.received.mute(false);
  }

  end(): void {
    this.link.forget(this.stream);
    this.received.end();
  }
}

export class IncomingPicture extends Incoming {
  /** With a spare track of the worker's, or else drawn by the page. */
  static make(link: WorkerLink): IncomingPicture {
    const stream = link.newNumber();
    const spare = link.spareTrack();
    link.give({ type: 'incoming', stream, spare: spare?.spare ?? null });
    if (spare) return new IncomingPicture(link, stream, spare.track);
    const canvas = document.createElement('canvas');
    // Drawn without the graphics card: WebKitGTK may end the web process while it captures what that has drawn.
    const context = canvas.getContext('2d', { willReadFrequently: true });
    // At no rate of its own: WebKitGTK shows two frames of such a track and then no more.
    const [track] = canvas.captureStream(0).getVideoTracks() as CanvasCaptureMediaStreamTrack[];
    if (!track) throw new Error('a canvas gives no track');
    return new IncomingPicture(link, stream, track, (frame) => {
      const { displayWidth: width, displayHeight: height } = frame;
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      context?.drawImage(frame, 0, 0);
      frame.close();
      track.requestFrame();
    });
  }

  private constructor(
    link: WorkerLink,
    stream: number,
    track: MediaStreamTrack,
    shown?: (frame: VideoFrame) => void,
  ) {
    super(link, stream, track);
    link.listen(stream, { arrived: () => this.arrived(), ...(shown ? { shown } : {}) });
  }

  override end(): void {
    super.end();
    this.link.give({ type: 'end-incoming', stream: this.stream });
  }
}

export class IncomingSound extends Incoming {
  readonly #stop: () => void;

  static make(link: WorkerLink, sound: Sound): IncomingSound {
    const stream = link.newNumber();
    const { track, port, stop } = sound.play(stream);
    link.give({ type: 'sound', stream, port }, [port]);
    return new IncomingSound(link, stream, track, stop);
  }

  private constructor(link: WorkerLink, stream: number, track: MediaStreamTrack, stop: () => void) {
    super(link, stream, track);
    this.#stop = stop;
    link.listen(stream, { arrived: () => this.arrived() });
  }

  override end(): void {
    super.end();
    this.#stop();
    this.link.give({ type: 'end-sound', stream: this.stream });
  }
}
