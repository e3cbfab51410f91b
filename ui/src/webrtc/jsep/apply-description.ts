// What a description changes once it can be used: the steps of "set a description" that are done in one task
// (W3C webrtc-pc, section 4.4.1.5).

import type { Section } from '../sdp/section';
import { receives, reversed, sends } from '../sdp/section';
import type { Description } from './descriptions';
import type { Peer } from './peer';
import { RemoteTracks } from './remote-tracks';
import { Transceiver } from './transceiver';

type Side = 'local' | 'remote';

/** For tracks of which the other side does not say that they belong to none. */
const DEFAULT_STREAM = 'default';

export function applyDescription(peer: Peer, side: Side, description: Description): void {
  const before = peer.signalingState;
  const tracks = new RemoteTracks(peer);
  if (before === 'stable') peer.saveStable();
  place(peer, side, description);
  description.sdp.sections.forEach((section, index) => {
    if (!section.isMedia) return;
    if (side === 'local') applyLocal(peer, section, description.type, tracks);
    else applyRemote(peer, section, index, description.type, tracks);
  });
  peer.transport.applied(side, description);
  if (peer.signalingState === 'stable') settle(peer);
  if (peer.signalingState !== before) peer.fire('signalingstatechange');
  peer.channels.applied();
  tracks.tell();
  if (peer.signalingState === 'stable')
    peer.transceivers.forEach((transceiver) => transceiver.connectMedia());
}

/** Puts the description where it belongs, and the state with it. */
function place(peer: Peer, side: Side, description: Description): void {
  const { descriptions } = peer;
  if (description.type === 'answer') {
    descriptions.settle(side, description);
    peer.created.offer = null;
    peer.created.answer = null;
    peer.signalingState = 'stable';
    const local = descriptions.currentLocal?.sdp.credentials ?? new Set<string>();
    if (![...peer.credentialsToReplace].some((one) => local.has(one))) peer.credentialsToReplace.clear();
    return;
  }
  if (side === 'local') descriptions.pendingLocal = description;
  else descriptions.pendingRemote = description;
  peer.signalingState = `have-${side}-${description.type as 'offer' | 'pranswer'}`;
}

function applyLocal(peer: Peer, section: Section, type: RTCSdpType, tracks: RemoteTracks): void {
  const offered = type === 'offer' ? peer.created.offer?.lines.get(section.mid ?? '') : undefined;
  const transceiver = offered ?? peer.transceiverOf(section.mid);
  if (!transceiver) return;
  if (offered) offered.mid = section.mid;
  if (section.isRejected) {
    if (type === 'answer') transceiver.stopNow();
    return;
  }
  if (transceiver.stopped) return;
  transceiver.setTransport(peer.transport.dtls());
  if (type === 'offer') return;
  const { direction } = section;
  if (!receives(direction) && receives(transceiver.firedDirection)) tracks.end(transceiver);
  transceiver.agree(direction);
}

function applyRemote(
  peer: Peer,
  section: Section,
  index: number,
  type: RTCSdpType,
  tracks: RemoteTracks,
): void {
  const offer = type === 'offer';
  const known = peer.transceiverOf(section.mid) ?? (offer ? undefined : byIndex(peer, index));
  if (section.isRejected) {
    if (!known) return;
    if (receives(known.firedDirection)) tracks.end(known);
    known.stopNow();
    return;
  }
  const transceiver = known ?? taken(peer, section) ?? made(peer, section);
  transceiver.mid ??= section.mid;
  transceiver.committed ||= offer;
  if (transceiver.stopped) return;
  if (!offer) transceiver.setTransport(peer.transport.dtls());
  const direction = reversed(section.direction);
  if (receives(direction)) {
    const streams = section.streams ?? [DEFAULT_STREAM];
    tracks.begin(transceiver, streams, receives(transceiver.firedDirection));
  } else if (receives(transceiver.firedDirection)) {
    tracks.end(transceiver);
  }
  transceiver.firedDirection = direction;
  if (!offer) transceiver.agree(direction);
}

/** An answer may leave out the name of a line: its place tells. */
function byIndex(peer: Peer, index: number): Transceiver | undefined {
  return peer.transceiverOf(peer.descriptions.pendingLocal?.sdp.sections[index]?.mid ?? null);
}

/** What this side wanted to send and has not offered yet goes out on the other side's line (RFC 8829, 5.10). */
function taken(peer: Peer, section: Section): Transceiver | undefined {
  if (!sends(reversed(section.direction))) return undefined;
  return peer.transceivers.find(
    ({ mid, kind, fromTrack, stopping }) => mid === null && kind === section.kind && fromTrack && !stopping,
  );
}

function made(peer: Peer, section: Section): Transceiver {
  const kind = section.kind === 'audio' ? 'audio' : 'video';
  const transceiver = peer.addTransceiver(kind, 'recvonly', false);
  peer.madeByRemote.add(transceiver);
  return transceiver;
}

/** Both sides agree: what is stopped on both is forgotten. */
function settle(peer: Peer): void {
  const lines = new Set(peer.descriptions.currentLocal?.sdp.sections.map(({ mid }) => mid));
  for (const transceiver of peer.transceivers) {
    if (transceiver.stopping && transceiver.mid === null) transceiver.stopNow();
    if (transceiver.mid === null || !lines.has(transceiver.mid)) continue;
    transceiver.committed = true;
    transceiver.sender.agree(transceiver.agreedCodecs);
  }
  for (const transceiver of peer.transceivers) if (transceiver.stopped) transceiver.mid = null;
  peer.transceivers = peer.transceivers.filter(({ stopped }) => !stopped);
  peer.forgetStable();
  peer.negotiation.settled();
}

/** Back to what both sides agreed on last. */
export function rollBack(peer: Peer): void {
  const tracks = new RemoteTracks(peer);
  const stable = peer.stable;
  // One's own offer can still be set, again or for the first time.
  if (peer.descriptions.pendingRemote) peer.connection.rollback();
  peer.descriptions.forgetPending();
  peer.signalingState = 'stable';
  for (const transceiver of [...peer.transceivers]) {
    const saved = stable?.get(transceiver);
    // What the offer has stopped stays so: its track has ended, and belongs to no stream any more.
    if (!transceiver.stopped)
      tracks.restore(transceiver, saved?.streams ?? [], receives(saved?.firedDirection ?? null));
    if (saved) transceiver.restore(saved);
    else if (peer.madeByRemote.has(transceiver) && !transceiver.usedByTrack) {
      transceiver.stopNow();
      transceiver.mid = null;
      peer.transceivers = peer.transceivers.filter((other) => other !== transceiver);
    } else transceiver.restore(NOTHING_AGREED);
  }
  peer.forgetStable();
  peer.transport.rolledBack();
  peer.negotiation.settled();
  peer.fire('signalingstatechange');
  tracks.tell();
  peer.transceivers.forEach((transceiver) => transceiver.connectMedia());
}

const NOTHING_AGREED = {
  mid: null,
  committed: false,
  currentDirection: null,
  firedDirection: null,
  transport: null,
  streams: [],
};
