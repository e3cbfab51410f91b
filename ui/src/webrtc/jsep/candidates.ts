// addIceCandidate (W3C webrtc-pc, section 4.4.1.6). To be called in the operations chain.

import { RTCIceCandidate, type CandidateInit } from '../interfaces/ice-candidate';
import { parseCandidate } from '../sdp/candidate';
import type { Section } from '../sdp/section';
import { invalidState, operationError } from '../webidl/errors';
import { nextTask } from '../webidl/tasks';
import type { Description } from './descriptions';
import { errorOf } from './engine-errors';
import type { Peer } from './peer';

export async function addIceCandidate(peer: Peer, init: CandidateInit): Promise<void> {
  const { descriptions } = peer;
  const remote = descriptions.remote;
  if (!remote) throw invalidState('There is no remote description yet');
  const index = lineOf(remote, init);
  const section = remote.sdp.sections[index ?? 0];
  if (index !== null && (!section || isUnused(peer, section))) return;
  const applied = [descriptions.pendingRemote, descriptions.currentRemote].filter((one) => one !== null);
  const fragment = init.usernameFragment ?? parseCandidate(init.candidate)?.usernameFragment ?? null;
  const concerned = applied.filter((one) => fragment === null || hasFragment(one, index, fragment));
  if (concerned.length === 0) throw operationError('No description has this usernameFragment');
  if (init.candidate !== '') {
    if (!parseCandidate(init.candidate)) throw operationError('The candidate is malformed');
    await peer.connection.addCandidate(init.candidate, section?.mid ?? null).catch(errorOf);
  }
  await nextTask();
  if (peer.closed) return;
  concerned.forEach((one) => {
    const indexes = index === null ? [...one.sdp.sections.keys()] : [index];
    indexes.forEach((at) => one.addCandidate(init.candidate || null, at));
  });
  if (init.candidate !== '') peer.transport.remember(new RTCIceCandidate(init));
}

/** Which line is meant; null: all of them. */
function lineOf({ sdp }: Description, { sdpMid, sdpMLineIndex }: CandidateInit): number | null {
  if (sdpMid !== null) {
    const index = sdp.sections.findIndex(({ mid }) => mid === sdpMid);
    if (index < 0) throw operationError('No line has this sdpMid');
    return index;
  }
  if (sdpMLineIndex === null) return null;
  if (sdpMLineIndex >= sdp.sections.length) throw operationError('There is no line at this sdpMLineIndex');
  return sdpMLineIndex;
}

function isUnused(peer: Peer, section: Section): boolean {
  return section.isRejected || (peer.transceiverOf(section.mid)?.stopped ?? false);
}

function hasFragment({ sdp }: Description, index: number | null, fragment: string): boolean {
  if (index !== null) return sdp.sections[index]?.ufrag === fragment;
  return sdp.sections.some(({ ufrag }) => ufrag === fragment);
}
