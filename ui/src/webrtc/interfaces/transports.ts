// RTCIceTransport, RTCDtlsTransport, RTCSctpTransport: views of what `jsep/transports.ts` keeps.

import type { DtlsTransport, IceParameters, IceTransport, SctpTransport } from '../jsep/transports';
import { addHandlers, granted } from '../webidl/interface';
import type { RTCIceCandidate } from './ice-candidate';

export class RTCIceCandidatePair {
  readonly #pair: { local: RTCIceCandidate; remote: RTCIceCandidate };

  constructor(...args: unknown[]) {
    this.#pair = granted(args);
  }

  get local(): RTCIceCandidate {
    return this.#pair.local;
  }

  get remote(): RTCIceCandidate {
    return this.#pair.remote;
  }
}

export class RTCIceTransport extends EventTarget {
  readonly #core: IceTransport;

  constructor(...args: unknown[]) {
    super();
    this.#core = granted(args);
  }

  get role(): 'unknown' | 'controlling' | 'controlled' {
    return this.#core.role;
  }

  get component(): 'rtp' {
    void this.#core;
    return 'rtp';
  }

  get state(): RTCIceTransportState {
    return this.#core.state;
  }

  get gatheringState(): RTCIceGathererState {
    return this.#core.gatheringState;
  }

  getLocalCandidates(): RTCIceCandidate[] {
    return [...this.#core.localCandidates];
  }

  getRemoteCandidates(): RTCIceCandidate[] {
    return [...this.#core.remoteCandidates];
  }

  getSelectedCandidatePair(): RTCIceCandidatePair | null {
    return this.#core.selectedPair;
  }

  getLocalParameters(): IceParameters | null {
    return this.#core.parameters('local');
  }

  getRemoteParameters(): IceParameters | null {
    return this.#core.parameters('remote');
  }

  static {
    const check = (self: RTCIceTransport) => self.#core;
    addHandlers(this, check, ['statechange', 'gatheringstatechange', 'selectedcandidatepairchange']);
  }
}

export class RTCDtlsTransport extends EventTarget {
  readonly #core: DtlsTransport;

  constructor(...args: unknown[]) {
    super();
    this.#core = granted(args);
  }

  get iceTransport(): RTCIceTransport {
    return this.#core.ice.facade;
  }

  get state(): RTCDtlsTransportState {
    return this.#core.state;
  }

  getRemoteCertificates(): ArrayBuffer[] {
    return this.#core.remoteCertificates;
  }

  static {
    addHandlers(this, (self: RTCDtlsTransport) => self.#core, ['statechange', 'error']);
  }
}

export class RTCSctpTransport extends EventTarget {
  readonly #core: SctpTransport;

  constructor(...args: unknown[]) {
    super();
    this.#core = granted(args);
  }

  get transport(): RTCDtlsTransport {
    return this.#core.dtls.facade;
  }

  get state(): RTCSctpTransportState {
    return this.#core.state;
  }

  get maxMessageSize(): number {
    return this.#core.maxMessageSize;
  }

  get maxChannels(): number | null {
    return this.#core.maxChannels;
  }

  static {
    addHandlers(this, (self: RTCSctpTransport) => self.#core, ['statechange']);
  }
}
