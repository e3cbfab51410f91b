import type { Devices } from './devices';
import { LevelMeter } from './meter';
import { Scope } from './scope';
import type { AppState } from './state';
import { Store } from './store';

/** Louder than a quiet room, as loud as somebody who speaks to the microphone (`LevelMeter`, 0 to 1). */
const SPEECH_LEVEL = 0.5;
/** How often it is looked at, in ms. */
const LOOK_MS = 100;
/** So many looks are speech; a cough or a keyboard is shorter. */
const LOOKS_OF_SPEECH = 6;
/** How long it is said after one has stopped speaking, in ms: long enough to be read. */
const SAID_MS = 5000;

/** Speaking with the microphone off: held on by a key, or by mistake. */
export class Talk {
  /** Whether one speaks while nobody hears it. */
  readonly unheard = new Store(false);

  readonly #devices: Devices;
  readonly #meter = new LevelMeter();
  #watched: MediaStreamTrack | null = null;
  #scope = new Scope();
  #held = false;

  constructor(devices: Devices) {
    this.#devices = devices;
  }

  /** Turns the microphone on until `release`, if it is off. */
  hold(): void {
    const { on, status } = this.#devices.state.get().microphone;
    if (on || status !== 'ready' || this.#held) return;
    this.#held = true;
    void this.#devices.setMicrophone(true);
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    void this.#devices.setMicrophone(false);
  }

  /** Listens while the microphone is off in a call. Only this page does: nothing of it is sent. */
  watch({ stage, media }: AppState): void {
    const silenced = stage === 'call' && !media.microphone.on;
    const track = silenced ? this.#devices.tracks.get().audio : null;
    if (track === this.#watched) return;
    this.#watched = track;
    this.#scope.end();
    this.#scope = new Scope();
    this.unheard.set(false);
    if (track && typeof AudioContext === 'function') this.#listen(track, this.#scope);
  }

  #listen(track: MediaStreamTrack, scope: Scope): void {
    // The track itself is silent now, whoever listens to it.
    const open = track.clone();
    open.enabled = true;
    this.#meter.watch(open);
    scope.add(() => {
      this.#meter.watch(null);
      open.stop();
    });
    let loud = 0;
    let forget = () => {};
    scope.interval(() => {
      const speaks = this.#meter.level.get() >= SPEECH_LEVEL;
      loud = Math.min(LOOKS_OF_SPEECH, Math.max(0, loud + (speaks ? 1 : -1)));
      if (loud < LOOKS_OF_SPEECH) return;
      this.unheard.set(true);
      forget();
      forget = scope.timeout(() => this.unheard.set(false), SAID_MS);
    }, LOOK_MS);
  }
}
