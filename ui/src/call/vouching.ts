import type { ParticipantId } from '../protocol/messages';
import type { Scope } from './scope';

/** How often it is said again, in ms: the server keeps a seat for 30 s, so two may get lost. */
export const VOUCH_EVERY_MS = 10_000;

/** Keeps saying that media with those whom the host cannot reach still flows. */
export class Vouching {
  readonly #scope: Scope;
  readonly #say: (participant: ParticipantId) => void;
  readonly #ends = new Map<ParticipantId, () => void>();

  constructor(scope: Scope, say: (participant: ParticipantId) => void) {
    this.#scope = scope;
    this.#say = say;
  }

  /** For these from now on, and for nobody else. */
  setFor(participants: ParticipantId[]): void {
    for (const [participant, end] of this.#ends) {
      if (participants.includes(participant)) continue;
      end();
      this.#ends.delete(participant);
    }
    for (const participant of participants) {
      if (this.#ends.has(participant)) continue;
      this.#ends.set(
        participant,
        this.#scope.interval(() => this.#say(participant), VOUCH_EVERY_MS),
      );
      this.#say(participant);
    }
  }
}
