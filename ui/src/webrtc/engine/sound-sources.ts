import type { Sound } from './sound';
import type { WorkerLink } from './worker-link';

/** What of a track the app is told: MediaTrackSettings has more. */
type Processing = Record<'echoCancellation' | 'noiseSuppression' | 'autoGainControl', boolean>;

interface Source {
  stream: number;
  users: number;
  processing: Processing;
  stop: () => void;
}

/** The tracks whose sound is sent, each once for all connections that send it. */
export class SoundSources {
  readonly #link: WorkerLink;
  readonly #sound: Sound;
  readonly #sources = new Map<MediaStreamTrack, Source>();

  constructor(link: WorkerLink, sound: Sound) {
    this.#link = link;
    this.#sound = sound;
  }

  /** The stream of this track's sound. `leave` when it is no longer sent. */
  use(track: MediaStreamTrack): number {
    let source = this.#sources.get(track);
    if (!source) {
      const stream = this.#link.newNumber();
      const { port, stop } = this.#sound.record(stream, track);
      this.#link.give({ type: 'sound', stream, port }, [port]);
      source = { stream, users: 0, stop, processing: processingOf(track) };
      this.#sources.set(track, source);
      this.#tell(source);
    }
    source.users += 1;
    return source.stream;
  }

  leave(track: MediaStreamTrack): void {
    const source = this.#sources.get(track);
    if (!source || --source.users > 0) return;
    this.#sources.delete(track);
    source.stop();
    this.#link.give({ type: 'end-sound', stream: source.stream });
    this.#link.say({ type: 'end-source', stream: source.stream });
  }

  /** To an app that knows of none. */
  tellAll(): void {
    for (const source of this.#sources.values()) this.#tell(source);
  }

  #tell({ stream, processing }: Source): void {
    this.#link.say({ type: 'source', stream, ...processing });
  }
}

/** A microphone's are what the page asked for; the sound of a shared screen has none, and is left as it is. */
function processingOf(track: MediaStreamTrack): Processing {
  const { echoCancellation, noiseSuppression, autoGainControl } = track.getSettings();
  // WebKit says nothing of what it does not do itself: what cancels echo is a microphone for speech.
  const speech = echoCancellation === true;
  return {
    echoCancellation: speech,
    noiseSuppression: noiseSuppression ?? speech,
    autoGainControl: autoGainControl ?? speech,
  };
}
