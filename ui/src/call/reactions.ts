import { REACTION_BURST, type ParticipantId, type Reaction } from '../protocol/messages';
import type { Scope } from './scope';

/** How long a reaction is shown, in ms: noticed, and gone before it is in the way. */
export const REACTION_SHOWN_MS = 5000;

/**
 * Most reactions shown at once: more would cover the pictures. The latest are shown, with less than the eye misses.
 */
const MOST_SHOWN = 24;

export interface ShownReaction {
  /** Its own, in the order in which they came. */
  number: number;
  id: ParticipantId;
  name: string;
  self: boolean;
  reaction: Reaction;
}

/** The reactions of a room, each for a moment. */
export class Reactions {
  readonly #scope: Scope;
  readonly #changed: () => void;
  #shown: readonly ShownReaction[] = [];
  #last = 0;

  constructor(scope: Scope, changed: () => void) {
    this.#scope = scope;
    this.#changed = changed;
  }

  get shown(): readonly ShownReaction[] {
    return this.#shown;
  }

  /** Whether one's own would be passed on: the server takes as many at once, and one more each second. */
  get maySend(): boolean {
    return this.#shown.filter(({ self }) => self).length < REACTION_BURST;
  }

  show(reaction: Omit<ShownReaction, 'number'>): void {
    const shown = { ...reaction, number: ++this.#last };
    this.#shown = [...this.#shown, shown].slice(-MOST_SHOWN);
    this.#scope.timeout(() => {
      this.#shown = this.#shown.filter((other) => other !== shown);
      this.#changed();
    }, REACTION_SHOWN_MS);
    this.#changed();
  }
}
