// MediaStream and MediaStreamTrack as far as the W3C layer uses them, where there is no browser.

import type { IncomingTrack, Kind, OutgoingTrack } from '../engine';
import type { DoubleMedia } from './engine-double';

export class TrackDouble extends EventTarget {
  readonly id = crypto.randomUUID();
  readyState: MediaStreamTrackState = 'live';
  muted = false;
  #enabled = true;

  constructor(readonly kind: Kind = 'audio') {
    super();
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  set enabled(enabled: boolean) {
    this.#enabled = enabled;
  }

  clone(): TrackDouble {
    return new TrackDouble(this.kind);
  }

  getSettings(): MediaTrackSettings {
    return {};
  }

  setMuted(muted: boolean): void {
    if (this.muted === muted) return;
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }

  stop(): void {
    this.readyState = 'ended';
  }
}

export class StreamDouble extends EventTarget {
  readonly id = crypto.randomUUID();
  readonly #tracks: TrackDouble[];

  constructor(tracks: TrackDouble[] = []) {
    super();
    this.#tracks = [...tracks];
  }

  getTracks(): TrackDouble[] {
    return [...this.#tracks];
  }

  addTrack(track: TrackDouble): void {
    if (!this.#tracks.includes(track)) this.#tracks.push(track);
  }

  removeTrack(track: TrackDouble): void {
    const at = this.#tracks.indexOf(track);
    if (at >= 0) this.#tracks.splice(at, 1);
  }
}

export class OutgoingDouble implements OutgoingTrack {
  track: MediaStreamTrack | null = null;
  ended = false;
  readonly encodings: unknown[] = [];

  replace(track: MediaStreamTrack | null): void {
    this.track = track;
  }

  configure(encoding: unknown): void {
    this.encodings.push(encoding);
  }

  end(): void {
    this.ended = true;
  }
}

export const mediaDouble: DoubleMedia = {
  incoming: (kind): IncomingTrack => {
    const track = new TrackDouble(kind);
    track.muted = true;
    const end = () => {
      track.readyState = 'ended';
      track.dispatchEvent(new Event('ended'));
    };
    return { track: track as unknown as MediaStreamTrack, end };
  },
  outgoing: () => new OutgoingDouble(),
  flow: (_, to) => {
    const track = to.track as unknown as TrackDouble;
    track.setMuted(false);
    return () => track.setMuted(true);
  },
};

/** Makes the two known to the layer, as a browser does. */
export function installMediaDouble(): void {
  Object.assign(globalThis, { MediaStream: StreamDouble, MediaStreamTrack: TrackDouble });
}
