import type { Encoding, OutgoingTrack } from '../engine';
import type { CodecName } from '../frame';
import type { Line, Order } from '../worker/orders';
import { FramePump } from './frame-pump';
import type { SoundSources } from './sound-sources';
import { TrackWatch } from './track-watch';
import type { WorkerLink } from './worker-link';

/** What is sent, as the engine's parts see it. */
export interface Outgoing extends OutgoingTrack {
  /** Which line it goes out on; null: none. Pictures are encoded for it. */
  sendOn(line: Line | null, codec: CodecName): void;
}

export class OutgoingPicture implements Outgoing {
  readonly #link: WorkerLink;
  readonly #stream: number;
  #watch: TrackWatch | null = null;
  #pump: FramePump | null = null;
  #track: MediaStreamTrack | null = null;
  /** Whose picture the worker has. */
  #given: MediaStreamTrack | null = null;
  #line: Line | null = null;
  #ended = false;

  constructor(link: WorkerLink) {
    this.#link = link;
    this.#stream = link.newNumber();
    link.listen(this.#stream, { frameWanted: () => this.#pump?.next() });
  }

  replace(track: MediaStreamTrack | null): void {
    if (this.#ended || track === this.#track) return;
    this.#track = track;
    this.#watch?.end();
    this.#watch = track && new TrackWatch(track, () => this.#follow(track));
    this.#follow(track);
    void this.#link.takesTracks.then((takes) => {
      if (this.#track !== track) return;
      this.#give(track, takes);
      this.#follow(track);
    });
  }

  configure(encoding: Encoding): void {
    this.#order({ type: 'encoding', stream: this.#stream, encoding });
  }

  sendOn(line: Line | null, codec: CodecName): void {
    if (this.#line) this.#link.say({ type: 'stop-send', ...this.#line });
    this.#line = line;
    if (line) this.#link.say({ type: 'send', ...line, stream: this.#stream });
    this.#order({ type: 'send-on', stream: this.#stream, line: line && { ...line, codec } });
  }

  end(): void {
    this.replace(null);
    this.#order({ type: 'end-picture', stream: this.#stream });
    this.#ended = true;
    this.#link.forget(this.#stream);
  }

  /** What is disabled, muted or over is black (W3C WebRTC, section 5.2), and what is over is let go of. */
  #follow(track: MediaStreamTrack | null): void {
    const ended = track?.readyState === 'ended';
    const dark = track !== null && (ended || !track.enabled || track.muted);
    // The picture of the track before may be of one that is disabled: it is black until it is taken away.
    if (dark || this.#given === track) this.#order({ type: 'dark', stream: this.#stream, dark });
    if (ended) this.#giveNone();
  }

  #giveNone(): void {
    this.#pump?.end();
    this.#pump = null;
    this.#order({ type: 'picture', stream: this.#stream, track: null, source: null });
  }

  #give(track: MediaStreamTrack | null, takesTracks: boolean): void {
    this.#given = track;
    if (!track || track.readyState === 'ended') return this.#giveNone();
    this.#pump?.end();
    this.#pump = null;
    const stream = this.#stream;
    const source = track.id;
    if (!takesTracks || isScreen(track)) {
      this.#order({ type: 'picture', stream, track: null, source });
      this.#pump = new FramePump(track, (frame) => this.#order({ type: 'frame', stream, frame }, [frame]));
      return;
    }
    // The page keeps its own, which it may switch off: then the worker sends black.
    const copy = track.clone();
    copy.enabled = true;
    this.#order({ type: 'picture', stream, track: copy, source }, [copy as unknown as Transferable]);
  }

  /** Nothing once it has ended: the worker would begin the stream again, and keep it for good. */
  #order(order: Order, transfer: Transferable[] = []): void {
    if (!this.#ended) this.#link.give(order, transfer);
  }
}

export class OutgoingSound implements Outgoing {
  readonly #link: WorkerLink;
  readonly #sources: SoundSources;
  #track: MediaStreamTrack | null = null;
  #stream: number | null = null;
  #line: Line | null = null;
  #active = true;
  #ended = false;

  constructor(link: WorkerLink, sources: SoundSources) {
    this.#link = link;
    this.#sources = sources;
  }

  replace(track: MediaStreamTrack | null): void {
    if (this.#ended || track === this.#track) return;
    const before = this.#track;
    this.#track = track;
    this.#stream = track && this.#sources.use(track);
    this.#connect();
    if (before) this.#sources.leave(before);
  }

  configure({ active }: Encoding): void {
    if (active === this.#active) return;
    this.#active = active;
    this.#connect();
  }

  sendOn(line: Line | null): void {
    if (this.#line) this.#say(this.#line, null);
    this.#line = line;
    this.#connect();
  }

  end(): void {
    this.replace(null);
    this.#line = null;
    this.#ended = true;
  }

  #connect(): void {
    if (this.#line) this.#say(this.#line, this.#active ? this.#stream : null);
  }

  #say(line: Line, stream: number | null): void {
    const message =
      stream === null ? { type: 'stop-send' as const, ...line } : { type: 'send' as const, ...line, stream };
    this.#link.say(message);
  }
}

export function isOutgoing(track: OutgoingTrack | null): track is Outgoing {
  return track instanceof OutgoingPicture || track instanceof OutgoingSound;
}

/** In a worker, WebKitGTK's shared screens have no frames, and none in the page from then on. */
function isScreen(track: MediaStreamTrack): boolean {
  return track.getSettings().displaySurface !== undefined;
}
