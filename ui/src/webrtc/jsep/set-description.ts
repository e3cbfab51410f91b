// setLocalDescription and setRemoteDescription up to where a description is known to be usable (W3C webrtc-pc,
// sections 4.4.1.4 and 4.4.1.5). All of it is called in the operations chain.

import type { DescriptionInit } from '../interfaces/session-description';
import { invalidModification, invalidState, notSupported } from '../webidl/errors';
import { nextTask } from '../webidl/tasks';
import { applyDescription, rollBack } from './apply-description';
import { createAnswer, createOffer } from './create-description';
import { Description } from './descriptions';
import { checkAnswer, checkUsable } from './usable';
import { errorOf } from './engine-errors';
import { Sdp } from '../sdp/sdp';
import type { Peer } from './peer';
import { planAnswer, planOffer } from './wishes';

const STATES = {
  local: {
    offer: ['stable', 'have-local-offer'],
    answer: ['have-remote-offer', 'have-local-pranswer'],
  },
  remote: {
    offer: ['stable', 'have-remote-offer'],
    answer: ['have-local-offer', 'have-remote-pranswer'],
  },
};

function checkState(peer: Peer, side: 'local' | 'remote', type: RTCSdpType): void {
  const states = STATES[side][type === 'offer' ? 'offer' : 'answer'];
  if (states.includes(peer.signalingState)) return;
  throw invalidState(`A ${side} ${type} cannot be set in the state '${peer.signalingState}'`);
}

export async function setLocalDescription(
  peer: Peer,
  { type: wished, sdp }: { type: RTCSdpType | undefined; sdp: string },
): Promise<void> {
  const answers =
    peer.signalingState === 'have-remote-offer' || peer.signalingState === 'have-local-pranswer';
  const type = wished ?? (answers ? 'answer' : 'offer');
  if (type === 'rollback') return rollBackOn(peer, 'local');
  checkState(peer, 'local', type);
  const isOffer = type === 'offer';
  const created = () => (isOffer ? peer.created.offer?.text : peer.created.answer?.text);
  if (sdp !== '' && sdp !== created()) throw invalidModification('This is not the description created last');
  if (sdp === '' && isStale(peer, isOffer)) await (isOffer ? createOffer(peer, false) : createAnswer(peer));
  await nextTask();
  if (peer.closed) return;
  const text = created() ?? '';
  const answered = Sdp.parse(text).named(peer.descriptions.pendingRemote?.sdp);
  applyDescription(peer, 'local', new Description(type, text, answered));
}

/** Whether what was created last no longer says what is wished. */
function isStale(peer: Peer, isOffer: boolean): boolean {
  const { offer, answer } = peer.created;
  const remote = peer.descriptions.pendingRemote;
  if (!isOffer) return !remote || answer?.key !== planAnswer(peer, remote.sdp).key;
  const keys = [false, true].map((restart) => planOffer(peer, restart).key);
  return !offer || (peer.credentialsToReplace.size > 0 ? offer.key !== keys[1] : !keys.includes(offer.key));
}

export async function setRemoteDescription(peer: Peer, { type, sdp: text }: DescriptionInit): Promise<void> {
  if (type === 'rollback') return rollBackOn(peer, 'remote');
  if (type === 'offer' && peer.signalingState === 'have-local-offer') await rollBackOn(peer, 'local');
  checkState(peer, 'remote', type);
  const description = usable(peer, type, text);
  checkUsable(description.sdp);
  if (type !== 'offer') checkAnswer(description.sdp, peer.descriptions.pendingLocal?.sdp.sections ?? []);
  await take(peer, description);
  await nextTask();
  if (peer.closed) return;
  if (type === 'offer') peer.created.answer = null;
  applyDescription(peer, 'remote', description);
}

function usable(peer: Peer, type: RTCSdpType, text: string): Description {
  const { currentRemote, pendingLocal } = peer.descriptions;
  try {
    const about = type === 'offer' ? currentRemote : pendingLocal;
    return new Description(type, text, Sdp.parse(text).named(about?.sdp));
  } catch (error) {
    return errorOf(error);
  }
}

/** Provisional answers are only looked at: media start with the final one. */
async function take(peer: Peer, { type, forEngine, sdp }: Description): Promise<void> {
  if (sdp.sections.length === 0) return;
  if (type === 'answer') await peer.connection.accept(forEngine).catch(errorOf);
  else await peer.connection.check(type === 'offer' ? 'offer' : 'answer', forEngine).catch(errorOf);
}

async function rollBackOn(peer: Peer, side: 'local' | 'remote'): Promise<void> {
  if (peer.signalingState !== `have-${side}-offer`) {
    throw invalidState(`There is nothing to roll back in the state '${peer.signalingState}'`);
  }
  // The engine has taken the offer by then and cannot go back.
  if (peer.created.answer) throw notSupported('An offer that was answered cannot be rolled back');
  await nextTask();
  if (!peer.closed) rollBack(peer);
}
