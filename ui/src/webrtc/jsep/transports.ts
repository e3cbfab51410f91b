// The one transport of a connection: all lines are bundled.

import type { RTCIceCandidate } from '../interfaces/ice-candidate';
import {
  RTCDtlsTransport,
  RTCIceTransport,
  RTCSctpTransport,
  type RTCIceCandidatePair,
} from '../interfaces/transports';
import { make } from '../webidl/interface';
import type { Peer } from './peer';

/** Candidates of the other side that are remembered for `getRemoteCandidates`. */
const MAX_REMEMBERED = 1024;
/** Streams of an SCTP association, as WebRTC data channels use it (RFC 8831, section 6.2). */
const MAX_CHANNELS = 65_535;
/** What the other side takes if it does not say (RFC 8841, section 6.1). */
const DEFAULT_MESSAGE_SIZE = 65_536;
/** Larger messages are not sent, however large the other side would take them. */
export const MAX_MESSAGE_SIZE = 262_144;

export interface IceParameters {
  usernameFragment: string;
  password: string;
}

export class IceTransport {
  readonly facade: RTCIceTransport;
  readonly localCandidates: RTCIceCandidate[] = [];
  readonly remoteCandidates: RTCIceCandidate[] = [];
  selectedPair: RTCIceCandidatePair | null = null;
  role: 'unknown' | 'controlling' | 'controlled' = 'unknown';
  state: RTCIceTransportState = 'new';
  gatheringState: RTCIceGathererState = 'new';
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
    this.facade = make(RTCIceTransport, this);
  }

  parameters(side: 'local' | 'remote'): IceParameters | null {
    const section = this.#peer.descriptions.get(side)?.sdp.sections.find(({ ufrag, pwd }) => ufrag && pwd);
    if (this.#peer.closed || !section?.ufrag || !section.pwd) return null;
    return { usernameFragment: section.ufrag, password: section.pwd };
  }

  remember(candidate: RTCIceCandidate): void {
    const known = this.remoteCandidates.some((one) => one.candidate === candidate.candidate);
    if (!known && this.remoteCandidates.length < MAX_REMEMBERED) this.remoteCandidates.push(candidate);
  }
}

export class DtlsTransport {
  readonly facade: RTCDtlsTransport;
  state: RTCDtlsTransportState = 'new';
  /** DER. */
  #remoteCertificate: Uint8Array<ArrayBuffer> | null = null;

  constructor(readonly ice: IceTransport) {
    this.facade = make(RTCDtlsTransport, this);
  }

  /** In hexadecimal digits. */
  setRemoteCertificate(der: string): void {
    this.#remoteCertificate = Uint8Array.from(der.match(/../gu) ?? [], (byte) => Number.parseInt(byte, 16));
  }

  /** The other side's certificate alone: those of calls are signed by themselves. */
  get remoteCertificates(): ArrayBuffer[] {
    return this.#remoteCertificate ? [this.#remoteCertificate.slice().buffer] : [];
  }
}

export class SctpTransport {
  readonly facade: RTCSctpTransport;
  state: RTCSctpTransportState = 'connecting';
  maxMessageSize = DEFAULT_MESSAGE_SIZE;

  constructor(readonly dtls: DtlsTransport) {
    this.facade = make(RTCSctpTransport, this);
  }

  get maxChannels(): number | null {
    return this.state === 'connected' ? MAX_CHANNELS : null;
  }

  /** As the other side's `a=max-message-size` says; 0 means any size. */
  setRemoteLimit(value: string | undefined): void {
    const limit = value !== undefined && /^\d{1,15}$/u.test(value) ? Number(value) : DEFAULT_MESSAGE_SIZE;
    this.maxMessageSize = limit === 0 ? MAX_MESSAGE_SIZE : Math.min(limit, MAX_MESSAGE_SIZE);
  }

  become(state: RTCSctpTransportState): void {
    if (this.state === state || this.state === 'closed') return;
    this.state = state;
    this.facade.dispatchEvent(new Event('statechange'));
  }
}
