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
