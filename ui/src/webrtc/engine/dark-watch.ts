/**
 * Tells whether a track is disabled or muted: what is sent of it is black then. There is no event for `enabled`, so
 * this track tells of its writing.
 */
export class DarkWatch {
  readonly #track: MediaStreamTrack;
  readonly #tell: () => void;

  constructor(track: MediaStreamTrack, tell: (dark: boolean) => void) {
    this.#track = track;
    this.#tell = () => tell(!track.enabled || track.muted);
    watchersOf(track).add(this.#tell);
    track.addEventListener('mute', this.#tell);
    track.addEventListener('unmute', this.#tell);
    this.#tell();
  }

  end(): void {
    watchersOf(this.#track).delete(this.#tell);
    this.#track.removeEventListener('mute', this.#tell);
    this.#track.removeEventListener('unmute', this.#tell);
  }
}

const watched = new WeakMap<MediaStreamTrack, Set<() => void>>();

function watchersOf(track: MediaStreamTrack): Set<() => void> {
  let watchers = watched.get(track);
  if (!watchers) {
    watchers = new Set();
    watched.set(track, watchers);
    tellOfEnabled(track, watchers);
  }
  return watchers;
}

function tellOfEnabled(track: MediaStreamTrack, watchers: Set<() => void>): void {
  const own = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'enabled');
  if (!own?.get || !own.set) return;
  const { get, set } = own;
  Object.defineProperty(track, 'enabled', {
    configurable: true,
    get: () => get.call(track) as boolean,
    set: (enabled: boolean) => {
      set.call(track, enabled);
      for (const tell of watchers) tell();
    },
  });
}
