// Whether the two sides have to agree anew, and the event that says so (W3C webrtc-pc, section 4.7).

import type { Section } from '../sdp/section';
import { intersection, reversed, sends } from '../sdp/section';
import { queueTask } from '../webidl/tasks';
import type { Peer } from './peer';
import type { Transceiver } from './transceiver';

export class Negotiation {
  #needed = false;
  #updateWhenIdle = false;
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** To be called whenever something changed that the descriptions speak of. */
  update(): void {
    const peer = this.#peer;
    if (!peer.operations.empty) {
      this.#updateWhenIdle = true;
      return;
    }
    queueTask(() => {
      if (peer.closed) return;
      if (!peer.operations.empty) {
        this.#updateWhenIdle = true;
        return;
      }
      if (peer.signalingState !== 'stable') return;
      if (!isNeeded(peer)) {
        this.#needed = false;
        return;
      }
      if (this.#needed) return;
      this.#needed = true;
      peer.fire('negotiationneeded');
    });
  }

  /** No operation is under way any more. */
  idle(): void {
    if (!this.#updateWhenIdle) return;
    this.#updateWhenIdle = false;
    this.update();
  }

  /** Both sides have just agreed. */
  settled(): void {
    this.#needed = false;
    this.update();
  }
}

function isNeeded(peer: Peer): boolean {
  const { currentLocal, currentRemote } = peer.descriptions;
  if (peer.credentialsToReplace.size > 0) return true;
  if (peer.channels.hadAny && !currentLocal?.sdp.sections.some(({ isData }) => isData)) return true;
  return peer.transceivers.some((transceiver) => {
    const local = transceiver.mid === null ? undefined : currentLocal?.sdp.section(transceiver.mid);
    const remote = transceiver.mid === null ? undefined : currentRemote?.sdp.section(transceiver.mid);
    if (transceiver.stopping) return transceiver.mid !== null && !transceiver.stopped;
    if (!local || !remote) return true;
    return differs(transceiver, local, remote, currentLocal?.type === 'offer');
  });
}

function differs(transceiver: Transceiver, local: Section, remote: Section, offered: boolean): boolean {
  const { direction, sender } = transceiver;
  if (sends(direction)) {
    const told = local.streams ?? [];
    const { streamIds } = sender;
    if (local.values('msid').length === 0) return true;
    if (told.length !== streamIds.length || !streamIds.every((id) => told.includes(id))) return true;
  }
  const theirs = reversed(remote.direction);
  if (offered) return local.direction !== direction && theirs !== direction;
  return local.direction !== intersection(direction, theirs);
}
