import type { Member } from './members';

/**
 * Begins anew in one's seat when no media link works any more, though the others are there and the room is reached: then
 * what fails may be this page's own end of all of them, which no restart mends. Links that have not worked since are left
 * to their restarts: where the network lets nothing through, another beginning would not either.
 */
export class Renewal {
  readonly #begin: () => void;
  /** Some link has worked since the last beginning. */
  #worked = false;

  constructor(begin: () => void) {
    this.#begin = begin;
  }

  /** Whenever a link has changed, with those who are in a room that is reached. */
  look(members: Iterable<Member>): void {
    const links = [...members].flatMap(({ participant, link }) =>
      link && participant.presence === 'here' ? [link.media.get()] : [],
    );
    if (links.includes('connected')) this.#worked = true;
    if (!this.#worked || links.length === 0 || links.some((media) => media !== 'failed')) return;
    this.#worked = false;
    this.#begin();
  }
}
