/**
 * Tells when a track is disabled or enabled, muted or unmuted, or ends. Of `enabled` and of `stop` there is no event, so
 * this track tells when the page uses them.
 */
export class TrackWatch {
  readonly #track: MediaStreamTrack;
  readonly #tell: () => void;

  constructor(track: MediaStreamTrack, tell: () => void) {
    this.#track = track;
    this.#tell = tell;
    watchersOf(track).add(tell);
    for (const type of TOLD) track.addEventListener(type, tell);
  }

  end(): void {
    watchersOf(this.#track).delete(this.#tell);
    for (const type of TOLD) this.#track.removeEventListener(type, this.#tell);
  }
}

const TOLD = ['mute', 'unmute', 'ended'];

const watched = new WeakMap<MediaStreamTrack, Set<() => void>>();

function watchersOf(track: MediaStreamTrack): Set<() => void> {
  let watchers = watched.get(track);
  if (!watchers) {
    watchers = new Set();
    watched.set(track, watchers);
    tellOfUse(track, watchers);
  }
  return watchers;
}

function tellOfUse(track: MediaStreamTrack, watchers: Set<() => void>): void {
  const own = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'enabled');
  if (!own?.get || !own.set) return;
  const { get, set } = own;
  const tell = () => watchers.forEach((watcher) => watcher());
  Object.defineProperty(track, 'enabled', {
    configurable: true,
    get: () => get.call(track) as boolean,
    set: (enabled: boolean) => {
      set.call(track, enabled);
      tell();
    },
  });
  Object.defineProperty(track, 'stop', {
    configurable: true,
    writable: true,
    value: () => {
      MediaStreamTrack.prototype.stop.call(track);
      tell();
    },
  });
}
