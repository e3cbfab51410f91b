// createOffer and createAnswer (W3C webrtc-pc, section 4.4.2). While the engine is at work the page may change
// something: then it is done again.

import { Sdp, withoutGivenNames } from '../sdp/sdp';
import { invalidState } from '../webidl/errors';
import { nextTask } from '../webidl/tasks';
import type { DescriptionInit } from '../interfaces/session-description';
import { errorOf } from './engine-errors';
import type { Peer } from './peer';
import type { Transceiver } from './transceiver';
import { completeAnswer, completeOffer, planAnswer, planOffer } from './wishes';

export interface CreatedOffer {
  text: string;
  key: string;
  /** Whose line is which; null for lines that are no longer anybody's. */
  lines: Map<string, Transceiver>;
}

export interface CreatedAnswer {
  text: string;
  key: string;
}

/** To be called in the operations chain. */
export async function createOffer(peer: Peer, iceRestart: boolean): Promise<DescriptionInit> {
  if (peer.signalingState !== 'stable' && peer.signalingState !== 'have-local-offer') {
    throw invalidState(`An offer cannot be made in the state '${peer.signalingState}'`);
  }
  const restart = iceRestart || peer.credentialsToReplace.size > 0;
  await nextTask();
  // What this side has offered already is not made anew, if it still says what is wished.
  while (restart || peer.created.offer?.key !== planOffer(peer, restart).key) {
    const plan = planOffer(peer, restart);
    const { sdp, mids } = await peer.connection.offer(plan.wish).catch(errorOf);
    if (peer.closed) break;
    if (plan.key !== planOffer(peer, restart).key) continue;
    const lines = new Map(plan.fresh.map((transceiver, index) => [mids[index] ?? '', transceiver]));
    for (const one of peer.transceivers) if (one.committed && one.mid !== null) lines.set(one.mid, one);
    peer.created.offer = { text: completeOffer(sdp, lines, peer), key: plan.key, lines };
    break;
  }
  return { type: 'offer', sdp: peer.created.offer?.text ?? '' };
}

/** To be called in the operations chain. */
export async function createAnswer(peer: Peer): Promise<DescriptionInit> {
  const offer = peer.descriptions.pendingRemote;
  if (
    !offer ||
    (peer.signalingState !== 'have-remote-offer' && peer.signalingState !== 'have-local-pranswer')
  ) {
    throw invalidState(`An answer cannot be made in the state '${peer.signalingState}'`);
  }
  await nextTask();
  while (peer.created.answer?.key !== planAnswer(peer, offer.sdp).key) {
    const plan = planAnswer(peer, offer.sdp);
    const text = await answerOf(peer, offer.forEngine, plan.lines);
    // The engine has dropped what it offered.
    peer.created.offer = null;
    if (peer.closed) break;
    if (plan.key !== planAnswer(peer, offer.sdp).key) continue;
    peer.created.answer = { text: withoutGivenNames(completeAnswer(text, offer.sdp, peer)), key: plan.key };
  }
  return { type: 'answer', sdp: peer.created.answer?.text ?? '' };
}

/** An offer without any line is nothing that an engine could use; its answer has no line either. */
async function answerOf(peer: Peer, offer: string, lines: Parameters<Peer['connection']['answer']>[1]) {
  if (Sdp.parse(offer).sections.length === 0) return EMPTY;
  return peer.connection.answer(offer, lines).catch(errorOf);
}

const EMPTY = 'v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE\r\n';
