// The states of the connection: what the engine tells of its one transport, and the events that follow, in the
// order of the W3C text (section 4.4.3 and 5.6.1).

import { RTCPeerConnectionIceErrorEvent, RTCPeerConnectionIceEvent } from '../interfaces/events';
import { RTCIceCandidate } from '../interfaces/ice-candidate';
import type { ConnectionEvent } from '../engine';
import type { Description } from './descriptions';
import type { Peer } from './peer';
import { DtlsTransport, IceTransport, SctpTransport } from './transports';

/** The code for a server that cannot be used (W3C webrtc-pc, section 4.8.3). */
const SERVER_UNUSABLE = 701;

type LocalCandidate = Extract<ConnectionEvent, { type: 'candidate' }>;

export class Transport {
  #dtls: DtlsTransport | null = null;
  sctp: SctpTransport | null = null;
  iceConnectionState: RTCIceConnectionState = 'new';
  connectionState: RTCPeerConnectionState = 'new';
  iceGatheringState: RTCIceGatheringState = 'new';
  #stableDtls: DtlsTransport | null = null;
  #iceState: RTCIceConnectionState = 'new';
  #dtlsState: RTCDtlsTransportState = 'new';
  /** Whose candidates are being gathered, or were. */
  #gathered: string | null = null;
  #gathering: RTCIceGatheringState = 'new';
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  get ice(): IceTransport | null {
    return this.#dtls?.ice ?? null;
  }

  dtls(): DtlsTransport {
    this.#dtls ??= new DtlsTransport(new IceTransport(this.#peer));
    return this.#dtls;
  }

  /** A description was applied: what it says of transports. */
  applied(side: 'local' | 'remote', { type, sdp }: Description): void {
    const used = sdp.sections.filter(({ isRejected }) => !isRejected);
    if (used.length === 0) return;
    const { ice } = this.dtls();
    if (ice.role === 'unknown') {
      ice.role = (type === 'offer') === (side === 'local') ? 'controlling' : 'controlled';
    }
    if (type === 'answer')
      this.#settled(used.find(({ isData }) => isData)?.value('max-message-size'), sdp, side);
    if (side === 'remote') this.#rememberCandidates(sdp.sections);
    if (side === 'local') this.#gather(used.find(({ ufrag }) => ufrag)?.ufrag ?? null);
  }

  #settled(limit: string | undefined, sdp: Description['sdp'], side: 'local' | 'remote'): void {
    const { currentRemote } = this.#peer.descriptions;
    this.#stableDtls = this.#dtls;
    const data = sdp.sections.find(({ isData }) => isData);
    if (!data || data.isRejected) {
      this.sctp?.become('closed');
      this.sctp = null;
      return;
    }
    this.sctp ??= new SctpTransport(this.dtls());
    const theirs = currentRemote?.sdp.sections.find(({ isData }) => isData)?.value('max-message-size');
    this.sctp.setRemoteLimit(side === 'remote' ? limit : theirs);
  }

  #rememberCandidates(sections: Description['sdp']['sections']): void {
    sections.forEach(({ candidates, mid }, index) => {
      for (const candidate of candidates) {
        this.ice?.remember(new RTCIceCandidate({ candidate, sdpMid: mid, sdpMLineIndex: index }));
      }
    });
  }

  rolledBack(): void {
    this.#dtls = this.#stableDtls;
    if (!this.#dtls) this.#setGathering('new');
    this.#update();
  }

  /** New credentials: candidates are gathered again. */
  #gather(ufrag: string | null): void {
    if (ufrag === null) return;
    if (this.#gathered === ufrag) return this.#setGathering(this.#gathering);
    this.#gathered = ufrag;
    this.#peer.soon(() => this.#begin(ufrag));
  }

  #begin(ufrag: string): void {
    if (this.#gathered !== ufrag) return;
    this.#gathering = 'gathering';
    if (this.ice) this.#setGathering('gathering');
    for (const url of this.#peer.configuration.relays) {
      const errorText = 'TURN is not implemented';
      this.#peer.dispatch(
        new RTCPeerConnectionIceErrorEvent('icecandidateerror', {
          url,
          errorCode: SERVER_UNUSABLE,
          errorText,
        }),
      );
    }
    // Of what there is, nothing may be used: relays are not implemented.
    if (this.#peer.configuration.relayOnly) this.#gatheredAll(null);
    else this.#peer.connection.gather();
  }

  /** From the engine, in a task. */
  candidate(event: LocalCandidate): void {
    if (event.candidate === null) return this.#gatheredAll(event);
    const local = this.#peer.descriptions.local;
    const index = local?.indexOf(event.mid) ?? -1;
    const candidate = new RTCIceCandidate({
      candidate: event.candidate,
      sdpMid: event.mid,
      sdpMLineIndex: index < 0 ? event.line : index,
      usernameFragment: event.usernameFragment,
    });
    this.#describe(event.candidate, event);
    this.ice?.localCandidates.push(candidate);
    this.#peer.dispatch(new RTCPeerConnectionIceEvent('icecandidate', { candidate }));
  }

  #describe(candidate: string | null, { mid, line, usernameFragment }: Omit<LocalCandidate, 'type'>): void {
    const { pendingLocal, currentLocal } = this.#peer.descriptions;
    for (const description of [pendingLocal, currentLocal]) {
      if (!description?.sdp.sections.some(({ ufrag }) => ufrag === usernameFragment)) continue;
      description.addCandidate(candidate, { mid, index: line });
    }
  }

  #gatheredAll(event: LocalCandidate | null): void {
    this.#gathering = 'complete';
    if (event) {
      this.#describe(null, event);
      const { mid: sdpMid, line: sdpMLineIndex, usernameFragment } = event;
      const candidate = new RTCIceCandidate({ candidate: '', sdpMid, sdpMLineIndex, usernameFragment });
      this.#peer.dispatch(new RTCPeerConnectionIceEvent('icecandidate', { candidate }));
    }
    if (!this.ice || this.#peer.closed) return;
    this.#setGathering('complete');
    this.#peer.dispatch(new RTCPeerConnectionIceEvent('icecandidate', { candidate: null }));
  }

  #setGathering(state: RTCIceGatheringState): void {
    const { ice } = this;
    const changed = ice && ice.gatheringState !== state;
    if (ice) ice.gatheringState = state;
    if (changed) ice.facade.dispatchEvent(new Event('gatheringstatechange'));
    if (this.iceGatheringState === state || this.#peer.closed) return;
    this.iceGatheringState = state;
    this.#peer.fire('icegatheringstatechange');
  }

  /** From the engine, in a task. */
  iceState(state: RTCIceConnectionState): void {
    this.#iceState = state;
    this.#update();
  }

  dtlsState(state: RTCDtlsTransportState): void {
    this.#dtlsState = state;
    this.#update();
  }

  /** The engine has dropped the connection. */
  failed(): void {
    this.#dtlsState = 'failed';
    this.iceState('failed');
  }

  /** Brings all states up to date, then tells. */
  #update(): void {
    const dtls = this.#dtls;
    const iceState = dtls ? this.#iceState : 'new';
    const state = dtls ? combined(iceState, this.#dtlsState) : 'new';
    const iceChanged = dtls && dtls.ice.state !== iceState;
    const dtlsChanged = dtls && dtls.state !== this.#dtlsState;
    if (iceChanged) dtls.ice.state = iceState;
    if (dtlsChanged) dtls.state = this.#dtlsState;
    const connectionIceChanged = this.iceConnectionState !== iceState;
    const connectionChanged = this.connectionState !== state;
    this.iceConnectionState = iceState;
    this.connectionState = state;
    if (iceChanged) dtls.ice.facade.dispatchEvent(new Event('statechange'));
    if (dtlsChanged) dtls.facade.dispatchEvent(new Event('statechange'));
    if (connectionIceChanged) this.#peer.fire('iceconnectionstatechange');
    if (connectionChanged) this.#peer.fire('connectionstatechange');
    if (this.#dtlsState === 'closed' || this.#dtlsState === 'failed') this.sctp?.become('closed');
  }

  /** Without events: the page has closed the connection and knows. */
  close(): void {
    this.iceConnectionState = 'closed';
    this.connectionState = 'closed';
    if (this.sctp) this.sctp.state = 'closed';
    if (!this.#dtls) return;
    this.#dtls.state = 'closed';
    this.#dtls.ice.state = 'closed';
  }
}

function combined(ice: RTCIceConnectionState, dtls: RTCDtlsTransportState): RTCPeerConnectionState {
  if (ice === 'failed' || dtls === 'failed') return 'failed';
  if (ice === 'disconnected') return 'disconnected';
  if (ice === 'new' && (dtls === 'new' || dtls === 'closed')) return 'new';
  const through = ice === 'connected' || ice === 'completed';
  return through && (dtls === 'connected' || dtls === 'closed') ? 'connected' : 'connecting';
}
