// What does the work beneath RTCPeerConnection: the seam between the W3C interfaces and the app's own peer
// (docs/native-peer.md). Descriptions here are what the app makes and takes; the W3C layer completes them.

export type Kind = 'audio' | 'video';

/** One engine for the page. */
export interface Engine {
  /**
   * Opens a connection; nothing is sent before descriptions are exchanged. Without a certificate it gets one of its
   * own. Never throws.
   */
  open(
    iceServers: EngineIceServer[],
    handle: (event: ConnectionEvent) => void,
    certificate?: EngineCertificate,
  ): EngineConnection;
  /** Makes a certificate that connections can be opened with: ECDSA over P-256. */
  certify(): Promise<EngineCertificate>;
  /** A track for what will be received, muted until something arrives. At once: `receiver.track` cannot wait. */
  incoming(kind: Kind): IncomingTrack;
  /** A way out for what is sent, switched between tracks without negotiation. */
  outgoing(kind: Kind): OutgoingTrack;
}

/** Kept by whoever asked for it. */
export interface EngineCertificate {
  /** DER, in hexadecimal digits. */
  der: string;
  key: string;
  /** SHA-256 of it, as descriptions have it. */
  fingerprint: string;
}

export interface EngineIceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

export interface IncomingTrack {
  /** A real MediaStreamTrack; the same for good. */
  readonly track: MediaStreamTrack;
  end(): void;
}

export interface OutgoingTrack {
  /** Sends this from now on; null sends nothing. */
  replace(track: MediaStreamTrack | null): void;
  /** How the picture is encoded. Nothing for sound but `active`. */
  configure(encoding: Encoding): void;
  end(): void;
}

export interface Encoding {
  active: boolean;
  /** One that both sides agreed on; of several, the engine chooses. */
  codec?: 'vp8' | 'h264';
  /** Bits per second at most. */
  maxBitrate?: number;
  /** Frames per second at most. */
  maxFramerate?: number;
  /** Both sides divided by it, at least 1. */
  scaleResolutionDownBy?: number;
}

/** A media line that is new in an offer. */
export interface NewLine {
  kind: Kind;
  direction: RTCRtpTransceiverDirection;
  stream?: string;
  track?: string;
}

export interface LineDirection {
  mid: string;
  direction: RTCRtpTransceiverDirection;
}

export interface OfferWish {
  /** Lines that are new, in the order in which they follow those negotiated before. */
  media: NewLine[];
  /** Lines negotiated before. */
  directions: LineDirection[];
  /** Lines that are stopped from now on. */
  stopped: string[];
  /** Whether there is a line for data channels. */
  dataChannels: boolean;
  iceRestart: boolean;
}

export interface AnswerLine extends LineDirection {
  stream?: string;
  track?: string;
}

/**
 * Rejections are `EngineError`s. Once a connection is closed or has ended, what is asked of it is rejected, and what
 * was asked before and is not answered.
 */
export interface EngineConnection {
  /** Makes an offer and commits nothing. `mids`: of each new line. */
  offer(wish: OfferWish): Promise<{ sdp: string; mids: string[] }>;
  /** Forgets an offer of the other side that was only checked. The one made last can still be answered. */
  rollback(): void;
  /** Resolves if the other side's description can be used. Commits nothing. */
  check(kind: 'offer' | 'answer', sdp: string): Promise<void>;
  /** Accepts the other side's offer. */
  answer(sdp: string, lines: AnswerLine[]): Promise<string>;
  /** Accepts the other side's answer to the offer made last. */
  accept(sdp: string): Promise<void>;
  /**
   * Tells candidates from now on, and after an ICE restart again. `relayOnly`: tells none, for there are no relays,
   * and after an ICE restart uses none.
   */
  gather(relayOnly: boolean): void;
  addCandidate(candidate: string, mid: string | null): Promise<void>;
  setIceServers(servers: EngineIceServer[]): void;
  /** Sends on this line from now on; null: no more. */
  send(mid: string, outgoing: OutgoingTrack | null): void;
  /** Gives what comes on this line to the track; null: no more. */
  receive(mid: string, incoming: IncomingTrack | null): void;
  openChannel(options: ChannelOptions, handle: (event: ChannelEvent) => void): EngineChannel;
  stats(): Promise<EngineStats>;
  close(): void;
}

export interface ChannelOptions {
  label: string;
  protocol: string;
  ordered: boolean;
  maxRetransmits?: number;
  maxPacketLifeTime?: number;
  /** The id that both sides agreed on elsewhere. */
  negotiated?: number;
}

export interface EngineChannel {
  /** Bytes: binary; a string: text. */
  send(message: string | Uint8Array): void;
  /** Tells `low` when no more than so many bytes wait to be sent. */
  setLowThreshold(bytes: number): void;
  close(): void;
}

export type ChannelEvent =
  | { type: 'opened'; id: number }
  | { type: 'message'; data: string | ArrayBuffer }
  /** So many bytes of what was given to `send` have gone out since the last such event. */
  | { type: 'sent'; bytes: number }
  | { type: 'low' }
  | { type: 'closed' };

export type ConnectionEvent =
  /** `candidate` is null once all are told. */
  | { type: 'candidate'; candidate: string | null; mid: string; line: number; usernameFragment: string }
  | { type: 'ice-state'; state: RTCIceConnectionState }
  /** With `connected`, the other side's certificate: DER, in hexadecimal digits. */
  | { type: 'dtls-state'; state: RTCDtlsTransportState; certificate?: string }
  | {
      type: 'channel';
      channel: EngineChannel;
      options: ChannelOptions;
      id: number;
      /** To be called at once, before anything arrives. */
      listen: (handle: (event: ChannelEvent) => void) => void;
    }
  /** The connection was dropped, for a reason that a person can read. */
  | { type: 'ended'; code: string; message: string };

/** Raw figures; `stats.ts` gives them their W3C shape. */
export interface EngineStats {
  /** Unix time in ms. */
  timestamp: number;
  [figure: string]: unknown;
}

export type EngineErrorCode =
  | 'sdp-syntax'
  | 'not-usable'
  | 'wrong-state'
  | 'unknown-connection'
  | 'unknown-mid'
  | 'candidate'
  | 'too-many'
  | 'not-supported'
  | 'fault';

export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorCode,
    message: string,
  ) {
    super(message);
  }
}
