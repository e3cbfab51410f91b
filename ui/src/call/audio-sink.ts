import type { ParticipantId } from '../protocol/messages';
import { Scope } from './scope';
import { Store } from './store';

/** Whose sound it is: a participant's, or that of the screen that it shares. */
export type SoundKey = ParticipantId | `${ParticipantId}-screen`;

/**
 * Plays what the others say: the only place that does; the tiles are silent. A browser may refuse to play
 * before the person has done something in the page (after a reload): then `state` is `blocked` until `play`.
 */
export class AudioSink {
  readonly state = new Store<'playing' | 'blocked'>('playing');
  readonly #players = new Map<SoundKey, { stream: MediaStream; element: HTMLAudioElement }>();

  /** The ID of the chosen device; empty: the system's choice. */
  #speaker = '';

  constructor(scope: Scope) {
    scope.add(() => this.#players.forEach((_, id) => this.remove(id)));
    for (const gesture of ['pointerdown', 'keydown']) {
      scope.listen(window, gesture, () => this.state.get() === 'blocked' && this.play());
    }
  }

  /** Plays this stream's sound for the participant, instead of what it played for it before. */
  set(id: SoundKey, stream: MediaStream): void {
    if (this.#players.get(id)?.stream === stream) return;
    this.remove(id);
    const element = playerOf(new MediaStream(stream.getAudioTracks()));
    this.#players.set(id, { stream, element });
    if (this.#speaker !== '') this.#direct(element);
    this.#start(element);
  }

  remove(id: SoundKey): void {
    const player = this.#players.get(id);
    if (!player) return;
    this.#players.delete(id);
    silence(player.element);
    if (this.#players.size === 0) this.state.set('playing');
  }

  /** Plays on this device, where the browser can; null: where the system says. */
  setSpeaker(id: string | null): void {
    if (this.#speaker === (id ?? '')) return;
    this.#speaker = id ?? '';
    for (const { element } of this.#players.values()) this.#direct(element);
  }

  /** Tries again; from within a click it is allowed. */
  play(): void {
    this.state.set('playing');
    for (const { element } of this.#players.values()) this.#start(element);
  }

  /** A device that is not there leaves the sound where it was. */
  #direct(element: HTMLAudioElement): void {
    void directTo(element, this.#speaker);
  }

  #start(element: HTMLAudioElement): void {
    element.play().catch((error: unknown) => {
      if (error instanceof Error && error.name === 'NotAllowedError') this.state.set('blocked');
    });
  }
}

/** What plays this stream once it is told to. */
export function playerOf(stream: MediaStream): HTMLAudioElement {
  const element = new Audio();
  element.srcObject = stream;
  return element;
}

/** Plays it no more, and lets the stream go. */
export function silence(element: HTMLAudioElement): void {
  element.pause();
  element.srcObject = null;
}

/** Plays it on this device, where the browser can; without one, where the system says. */
export async function directTo(element: HTMLAudioElement, speaker: string | null): Promise<void> {
  if (choosesSpeaker()) await element.setSinkId(speaker ?? '').catch(() => {});
}

/** Whether this browser plays where the page says (Audio Output Devices API). */
export function choosesSpeaker(): boolean {
  return typeof HTMLMediaElement === 'function' && 'setSinkId' in HTMLMediaElement.prototype;
}
