// The gathering of this side's candidates (W3C webrtc-pc, section 5.6.1): once for each pair of ICE credentials.

import type { ConnectionEvent } from '../engine';
import { RTCPeerConnectionIceErrorEvent, RTCPeerConnectionIceEvent } from '../interfaces/events';
import { RTCIceCandidate } from '../interfaces/ice-candidate';
import { isGivenName } from '../sdp/sdp';
import type { Peer } from './peer';

/** The code for a server that cannot be used (W3C webrtc-pc, section 4.8.3). */
const SERVER_UNUSABLE = 701;

/** Candidates of offers that came to nothing; machines with many interfaces have a few dozen. */
const MAX_WAITING = 256;

type LocalCandidate = Extract<ConnectionEvent, { type: 'candidate' }>;

/** What was found with one user name fragment. */
interface Generation {
  complete: boolean;
  candidates: string[];
}

export class Gathering {
  state: RTCIceGatheringState = 'new';
  readonly #generations = new Map<string, Generation>();
  /** Of descriptions that are not set, or were taken back, or that a restart has replaced: nobody could use them. */
  #waiting: LocalCandidate[] = [];
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** A description of this side was applied, or taken back. */
  follow(): void {
    const waiting = this.#waiting.splice(0);
    if (waiting.length > 0) this.#peer.soon(() => waiting.forEach((event) => this.tell(event)));
    const ufrag = this.#peer.transport.ice && this.#ufrag();
    if (!ufrag) return this.#become('new');
    const known = this.#generations.get(ufrag);
    if (known) return this.#become(known.complete ? 'complete' : 'gathering');
    this.#generations.set(ufrag, { complete: false, candidates: [] });
    this.#peer.soon(() => this.#begin(ufrag));
  }

  #ufrag(): string | undefined {
    return this.#peer.descriptions.local?.sdp.sections.find(({ ufrag }) => ufrag)?.ufrag;
  }

  #begin(ufrag: string): void {
    if (this.#ufrag() === ufrag) this.#become('gathering');
    const { relays, relayOnly } = this.#peer.configuration;
    for (const url of relays) {
      const init = { url, errorCode: SERVER_UNUSABLE, errorText: 'TURN is not implemented' };
      this.#peer.dispatch(new RTCPeerConnectionIceErrorEvent('icecandidateerror', init));
    }
    this.#peer.connection.gather(relayOnly);
    if (!relayOnly) return;
    // Relays are not implemented: there is nothing that may be used.
    const mid = this.#peer.descriptions.local?.sdp.sections[0]?.mid ?? '';
    this.tell({ type: 'candidate', candidate: null, mid, line: 0, usernameFragment: ufrag });
  }

  /** As they stand in a description with this fragment. */
  linesOf(ufrag: string | undefined): string[] {
    const generation = this.#generations.get(ufrag ?? '');
    if (!generation) return [];
    const lines = generation.candidates.map((candidate) => `a=${candidate}`);
    return generation.complete ? [...lines, 'a=end-of-candidates'] : lines;
  }

  /** From the engine, in a task. */
  tell(event: LocalCandidate): void {
    const { candidate, usernameFragment } = event;
    if (usernameFragment !== this.#ufrag()) {
      if (this.#waiting.length < MAX_WAITING) this.#waiting.push(event);
      return;
    }
    const generation = this.#generations.get(usernameFragment) ?? { complete: false, candidates: [] };
    this.#generations.set(usernameFragment, generation);
    if (candidate === null) generation.complete = true;
    else generation.candidates.push(candidate);
    const { sdpMid, sdpMLineIndex } = this.#describe(event);
    const told = new RTCIceCandidate({
      candidate: candidate ?? '',
      sdpMid: isGivenName(sdpMid) ? null : sdpMid,
      sdpMLineIndex,
      usernameFragment,
    });
    const ice = this.#peer.transport.ice;
    if (candidate !== null) ice?.localCandidates.push(told);
    this.#peer.dispatch(new RTCPeerConnectionIceEvent('icecandidate', { candidate: told }));
    if (candidate !== null || !ice) return;
    this.#peer.soon(() => {
      if (usernameFragment !== this.#ufrag()) return;
      this.#become('complete');
      this.#peer.dispatch(new RTCPeerConnectionIceEvent('icecandidate', { candidate: null }));
    });
  }

  /** Writes it into the descriptions that it belongs to; gives the line, which may be another than it was told for. */
  #describe({ candidate, mid, line, usernameFragment }: LocalCandidate) {
    const { pendingLocal, currentLocal } = this.#peer.descriptions;
    let place = { sdpMid: mid, sdpMLineIndex: line };
    for (const description of [currentLocal, pendingLocal]) {
      const { sections = [] } = description?.sdp ?? {};
      if (!sections.some(({ ufrag }) => ufrag === usernameFragment)) continue;
      const named = sections.findIndex((section) => section.mid === mid);
      const index = named < 0 ? sections.findIndex(({ isRejected }) => !isRejected) : named;
      place = { sdpMid: sections[index]?.mid ?? mid, sdpMLineIndex: index };
      description?.addCandidate(candidate, index);
    }
    return place;
  }

  #become(state: RTCIceGatheringState): void {
    const ice = this.#peer.transport.ice;
    const changed = ice && ice.gatheringState !== state;
    if (ice) ice.gatheringState = state;
    const connectionChanged = this.state !== state;
    this.state = state;
    if (changed) ice.facade.dispatchEvent(new Event('gatheringstatechange'));
    if (connectionChanged) this.#peer.fire('icegatheringstatechange');
  }
}
