// The states of the connection: what the engine tells of its one transport, and the events that follow, in the
// order of the W3C text (sections 4.4.3 and 5.6.1).

import { RTCErrorEvent } from '../interfaces/events';
import { RTCIceCandidate } from '../interfaces/ice-candidate';
import { RTCError } from '../interfaces/rtc-error';
import type { Sdp } from '../sdp/sdp';
import type { Description } from './descriptions';
import { Gathering } from './gathering';
import { nextTask, queueTask } from '../webidl/tasks';
import type { Peer } from './peer';
import { SelectedPair } from './selected-pair';
import { DtlsTransport, IceTransport, SctpTransport } from './transports';

interface Transports {
  dtls: DtlsTransport | null;
  sctp: SctpTransport | null;
}

export class Transport {
  iceConnectionState: RTCIceConnectionState = 'new';
  connectionState: RTCPeerConnectionState = 'new';
  readonly gathering: Gathering;
  #used: Transports = { dtls: null, sctp: null };
  /** What a rollback brings back. */
  #stable: Transports = { dtls: null, sctp: null };
  /** As the engine has told. */
  #iceState: RTCIceConnectionState = 'new';
  #dtlsState: RTCDtlsTransportState = 'new';
  #states: Promise<void> = Promise.resolve();
  readonly #peer: Peer;
  readonly #selected: SelectedPair;

  constructor(peer: Peer) {
    this.#peer = peer;
    this.gathering = new Gathering(peer);
    this.#selected = new SelectedPair(peer);
  }

  get ice(): IceTransport | null {
    return this.#used.dtls?.ice ?? null;
  }

  get sctp(): SctpTransport | null {
    return this.#used.sctp;
  }

  dtls(): DtlsTransport {
    this.#used.dtls ??= new DtlsTransport(new IceTransport(this.#peer));
    return this.#used.dtls;
  }

  /** This side's candidates, as a description has them. */
  candidatesOf(ufrag: string | undefined): string[] {
    return this.gathering.linesOf(ufrag);
  }

  /** A description was applied: what it says of transports. */
  applied(side: 'local' | 'remote', { type, sdp }: Description): void {
    const inUse = sdp.sections.some(({ isRejected }) => !isRejected);
    if (inUse && (side === 'local' || type !== 'offer')) this.#begin(type === 'offer', side);
    this.#useData(sdp, type === 'offer');
    if (type === 'answer') {
      if (!inUse) this.#used = { dtls: null, sctp: null };
      this.#stable = { ...this.#used };
    }
    const { remote } = this.#peer.descriptions;
    if (remote) this.#rememberCandidates(remote.sdp);
    if (side === 'local' || !this.ice) this.gathering.follow();
    this.#update();
  }

  #begin(offered: boolean, side: 'local' | 'remote'): void {
    const { ice } = this.dtls();
    if (ice.role === 'unknown') ice.role = offered === (side === 'local') ? 'controlling' : 'controlled';
  }

  #useData({ sections }: Sdp, offered: boolean): void {
    const data = sections.find(({ isData }) => isData);
    if (data && !data.isRejected) this.#used.sctp ??= new SctpTransport(this.dtls());
    else if (!offered) {
      this.sctp?.become('closed');
      this.#used.sctp = null;
    }
    const theirs = this.#peer.descriptions.remote?.sdp.sections.find(({ isData }) => isData);
    if (theirs) this.sctp?.setRemoteLimit(theirs.value('max-message-size'));
  }

  /** From what both sides agreed on: the active side is the client. */
  get dtlsRole(): 'client' | 'server' | 'unknown' {
    const { currentLocal, currentRemote } = this.#peer.descriptions;
    const answer = [currentLocal, currentRemote].find((one) => one?.type === 'answer');
    const setup = answer?.sdp.sections.find(({ isRejected }) => !isRejected)?.setup;
    if (!setup) return 'unknown';
    return (setup === 'active') === (answer === currentLocal) ? 'client' : 'server';
  }

  #rememberCandidates({ sections }: Sdp): void {
    sections.forEach(({ candidates, mid }, index) => {
      for (const candidate of candidates) {
        this.remember(new RTCIceCandidate({ candidate, sdpMid: mid ?? '', sdpMLineIndex: index }));
      }
    });
  }

  /** A candidate of the other side is known. */
  remember(candidate: RTCIceCandidate): void {
    this.ice?.remember(candidate);
    this.#update();
    // It may be the one in use, of which only the checks were known.
    if (this.ice?.selectedPair?.remote.candidate === '') void this.#selected.look();
  }

  rolledBack(): void {
    this.#used = { ...this.#stable };
    this.gathering.follow();
    this.#update();
  }

  /** From the engine, in a task. All states are told in their order, also those that are soon over. */
  iceState(told: RTCIceConnectionState): void {
    // Pages wait for this one; whether a better way may still be found is not known here.
    const state = told === 'completed' ? 'connected' : told;
    this.#states = this.#states.then(() => this.#take(state));
  }

  async #take(state: RTCIceConnectionState): Promise<void> {
    const connected = isFound(this.#iceState);
    // After a restart the way of before is used until another is found.
    if (connected && (state === 'checking' || state === 'new' || state === 'connected')) return;
    // Which way was found is known before it is told that there is one.
    if (isFound(state)) await this.#selected.look();
    await this.#tell(state);
  }

  async #tell(state: RTCIceConnectionState): Promise<void> {
    await nextTask();
    if (this.#peer.closed) return;
    this.#iceState = state;
    this.#update();
  }

  /** `certificate`: the other side's, with `connected`. */
  dtlsState(state: RTCDtlsTransportState, certificate?: string): void {
    this.#dtlsState = state;
    if (certificate !== undefined) this.#used.dtls?.setRemoteCertificate(certificate);
    this.#update();
    if (state === 'connected') void this.#selected.look();
    if (state !== 'closed' && state !== 'failed') return;
    for (const transceiver of this.#peer.transceivers) transceiver.stopReceiving();
    this.#peer.channels.fail('The connection has ended');
  }

  /** The engine has dropped the connection. Only the other side's faults are the transport's (W3C webrtc-pc, 5.5). */
  failed({ code, message }: { code: string; message: string }): void {
    this.#dtlsState = 'failed';
    this.iceState('failed');
    const errorDetail = FAULTS.get(code);
    const { dtls } = this.#used;
    if (!errorDetail || !dtls) return;
    const error = new RTCError({ errorDetail }, message);
    dtls.facade.dispatchEvent(new RTCErrorEvent('error', { error }));
  }

  /** Brings all states up to date, then tells. */
  #update(): void {
    const { dtls } = this.#used;
    // Only UDP is used: other candidates lead nowhere.
    const usable = dtls?.ice.remoteCandidates.some(({ protocol }) => protocol !== 'tcp') ?? false;
    const waits = this.#iceState === 'checking' && !usable;
    const iceState = dtls && !waits ? this.#next(this.#iceState) : 'new';
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

  /** A way is never there before it was looked for, however fast it was found. */
  #next(state: RTCIceConnectionState): RTCIceConnectionState {
    if (!isFound(state) || this.iceConnectionState !== 'new') return state;
    this.#peer.soon(() => this.#update());
    return 'checking';
  }

  /** Without events of the connection: the page has closed it and knows. */
  close(): void {
    this.iceConnectionState = 'closed';
    this.connectionState = 'closed';
    const { dtls, sctp } = this.#used;
    if (sctp) queueTask(() => sctp.become('closed'));
    if (!dtls) return;
    dtls.state = 'closed';
    dtls.ice.state = 'closed';
  }
}

/** What the engine says of the other side, in W3C's terms. */
const FAULTS = new Map([
  ['untrusted', 'fingerprint-failure'],
  ['no-keys', 'dtls-failure'],
  ['hostile', 'dtls-failure'],
]);

/** There is a way to the other side. */
const isFound = (state: RTCIceConnectionState): boolean => state === 'connected';

function combined(ice: RTCIceConnectionState, dtls: RTCDtlsTransportState): RTCPeerConnectionState {
  if (ice === 'failed' || dtls === 'failed') return 'failed';
  if (ice === 'disconnected') return 'disconnected';
  if (ice === 'new' && (dtls === 'new' || dtls === 'closed')) return 'new';
  return isFound(ice) && (dtls === 'connected' || dtls === 'closed') ? 'connected' : 'connecting';
}
