import type { Participant, ParticipantId } from '../protocol/messages';
import type { PeerLink } from './peer-link';

/** Another participant and the media link to it; an observer has none. */
export interface Member {
  participant: Participant;
  link: PeerLink | null;
}

export function isConnected(link: PeerLink | null): link is PeerLink {
  return link?.media.get() === 'connected';
}

/** Those whose connection can be measured. */
export function connectedOf(members: ReadonlyMap<ParticipantId, Member>) {
  return [...members].flatMap(([id, { link }]) =>
    isConnected(link) ? [{ id, statistics: () => link.statistics() }] : [],
  );
}

/** Whom the host has lost, and this page has not. */
export function outOfReach(members: Iterable<Member>): ParticipantId[] {
  return [...members]
    .filter(({ participant, link }) => participant.presence === 'reconnecting' && isConnected(link))
    .map(({ participant }) => participant.id);
}

/**
 * Whether no link works any more, though those whom it leads to are in reach, and some of these links did work. Then what
 * fails may be this page's own end of all of them, which no restart mends.
 */
export function haveAllFailed(members: Iterable<Member>): boolean {
  const all = [...members];
  if (all.some(({ link }) => isConnected(link))) return false;
  const links = all.flatMap(({ participant, link }) =>
    link && participant.presence === 'here' ? [link] : [],
  );
  return links.some((link) => link.hasWorked) && links.every((link) => link.media.get() === 'failed');
}
