import { parseCandidate, type CandidateFields } from '../sdp/candidate';
import {
  dictionary,
  member,
  nullable,
  toDomString,
  toEnum,
  toUnsignedShort,
  toUsvString,
  type Dictionary,
} from '../webidl/convert';

export interface CandidateInit {
  candidate: string;
  sdpMid: string | null;
  sdpMLineIndex: number | null;
  usernameFragment: string | null;
}

const toProtocol = toEnum(['udp', 'tcp', 'tls'] as const);

export function toCandidateInit(value: unknown): CandidateInit {
  const from: Dictionary = dictionary(value, 'The candidate');
  return {
    candidate: member(from, 'candidate', toDomString) ?? '',
    sdpMLineIndex: member(from, 'sdpMLineIndex', nullable(toUnsignedShort)) ?? null,
    sdpMid: member(from, 'sdpMid', nullable(toDomString)) ?? null,
    usernameFragment: member(from, 'usernameFragment', nullable(toDomString)) ?? null,
  };
}

/**
 * A candidate that only its checks have shown: the page is not told where it is (W3C webrtc-pc, section 4.8.1), for
 * the other side has not told it either.
 */
export let peerReflexive: (port: number, type: CandidateFields['type']) => RTCIceCandidate;

export class RTCIceCandidate {
  readonly #init: CandidateInit;
  #fields: Partial<CandidateFields> | null;
  readonly #relayProtocol: 'udp' | 'tcp' | 'tls' | null;
  readonly #url: string | null;

  constructor(candidateInitDict: unknown = {}) {
    const from = dictionary(candidateInitDict, 'The candidate');
    this.#init = toCandidateInit(from);
    this.#relayProtocol = member(from, 'relayProtocol', nullable(toProtocol)) ?? null;
    this.#url = member(from, 'url', nullable(toUsvString)) ?? null;
    if (this.#init.sdpMid === null && this.#init.sdpMLineIndex === null) {
      throw new TypeError('sdpMid and sdpMLineIndex are both null');
    }
    this.#fields = parseCandidate(this.#init.candidate);
  }

  get candidate(): string {
    return this.#init.candidate;
  }

  get sdpMid(): string | null {
    return this.#init.sdpMid;
  }

  get sdpMLineIndex(): number | null {
    return this.#init.sdpMLineIndex;
  }

  get foundation(): string | null {
    return this.#fields?.foundation ?? null;
  }

  get component(): 'rtp' | 'rtcp' | null {
    return this.#fields?.component ?? null;
  }

  get priority(): number | null {
    return this.#fields?.priority ?? null;
  }

  get address(): string | null {
    return this.#fields?.address ?? null;
  }

  get protocol(): 'udp' | 'tcp' | null {
    return this.#fields?.protocol ?? null;
  }

  get port(): number | null {
    return this.#fields?.port ?? null;
  }

  get type(): CandidateFields['type'] | null {
    return this.#fields?.type ?? null;
  }

  get tcpType(): CandidateFields['tcpType'] {
    return this.#fields?.tcpType ?? null;
  }

  get relatedAddress(): string | null {
    return this.#fields?.relatedAddress ?? null;
  }

  get relatedPort(): number | null {
    return this.#fields?.relatedPort ?? null;
  }

  get usernameFragment(): string | null {
    return this.#init.usernameFragment;
  }

  get relayProtocol(): 'udp' | 'tcp' | 'tls' | null {
    return this.#relayProtocol;
  }

  get url(): string | null {
    return this.#url;
  }

  toJSON(): CandidateInit {
    return { ...this.#init };
  }

  static {
    peerReflexive = (port, type) => {
      const made = new RTCIceCandidate({ sdpMLineIndex: 0 });
      made.#fields = { component: 'rtp', protocol: 'udp', port, type };
      return made;
    };
  }
}
