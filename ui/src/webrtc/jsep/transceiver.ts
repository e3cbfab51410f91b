// One media line, or one to be (W3C webrtc-pc, section 5.4).

import type { Kind } from '../engine';
import { RTCRtpTransceiver } from '../interfaces/rtp-transceiver';
import { receives, sends, type Direction } from '../sdp/section';
import { closedError, invalidState } from '../webidl/errors';
import { make } from '../webidl/interface';
import { queueTask } from '../webidl/tasks';
import { checkedPreferences, sendable, type Codec } from './codecs';
import type { NegotiatedCodec, ReceiveParameters } from './encodings';
import type { Peer } from './peer';
import { Receiver } from './receiver';
import { Sender, type SenderInit } from './sender';
import type { DtlsTransport } from './transports';

/** What a rollback brings back. */
export interface StableState {
  mid: string | null;
  committed: boolean;
  currentDirection: Direction | null;
  firedDirection: Direction | null;
  transport: DtlsTransport | null;
  streams: MediaStream[];
}

let made = 0;

export class Transceiver {
  readonly facade: RTCRtpTransceiver;
  readonly sender: Sender;
  readonly receiver: Receiver;
  /** Tells this one from the others of the page. */
  readonly number = ++made;
  mid: string | null = null;
  /** Its line is part of what both sides agreed on, or of the other side's offer. */
  committed = false;
  direction: Direction;
  currentDirection: Direction | null = null;
  /** What the page was last told by track events. */
  firedDirection: Direction | null = null;
  stopping = false;
  stopped = false;
  /** `addTrack` has used it: a rollback leaves it. */
  usedByTrack: boolean;
  /** Whether it has ever been agreed that this side sends. */
  everSent = false;
  preferences: Codec[] = [];
  readonly #peer: Peer;
  #sending = false;
  #receiving = false;

  constructor(
    peer: Peer,
    readonly kind: Kind,
    direction: Direction,
    /** Made by `addTrack`: an offer of the other side may take it over. */
    public fromTrack: boolean,
    init: SenderInit,
  ) {
    this.#peer = peer;
    this.direction = direction;
    this.usedByTrack = fromTrack;
    this.sender = new Sender(peer, this, init);
    this.receiver = new Receiver(peer, this);
    this.facade = make(RTCRtpTransceiver, this);
  }

  get shownDirection(): RTCRtpTransceiverDirection {
    return this.stopping ? 'stopped' : this.direction;
  }

  get shownCurrentDirection(): RTCRtpTransceiverDirection | null {
    return this.stopped ? 'stopped' : this.currentDirection;
  }

  setDirection(direction: RTCRtpTransceiverDirection): void {
    if (this.#peer.closed) throw closedError();
    if (this.stopping) throw invalidState('The transceiver is stopped');
    if (direction === this.direction) return;
    if (direction === 'stopped') throw new TypeError("The direction cannot be set to 'stopped': call stop()");
    this.direction = direction;
    this.#peer.negotiation.update();
  }

  setCodecPreferences(codecs: Codec[]): void {
    this.preferences = checkedPreferences(this.kind, codecs);
  }

  stop(): void {
    if (this.#peer.closed) throw closedError();
    if (this.stopping) return;
    this.stopSendingAndReceiving();
    this.#peer.negotiation.update();
  }

  stopSendingAndReceiving(): void {
    if (this.stopping) return;
    this.stopping = true;
    this.direction = 'inactive';
    this.connectMedia(false, false);
    this.sender.end();
    queueTask(() => this.receiver.end());
  }

  /** Stopped for good: both sides know. */
  stopNow(): void {
    this.stopSendingAndReceiving();
    this.stopped = true;
    this.currentDirection = null;
  }

  setTransport(transport: DtlsTransport | null): void {
    this.sender.transport = transport;
    this.receiver.transport = transport;
  }

  /** Lets media through as both sides have agreed. */
  agree(direction: Direction): void {
    this.currentDirection = direction;
    this.firedDirection = direction;
    this.everSent ||= sends(direction);
  }

  connectMedia(
    sending = !this.stopping && sends(this.currentDirection),
    receiving = !this.stopping && receives(this.currentDirection),
  ): void {
    const { connection, closed } = this.#peer;
    if (this.mid === null || closed) return;
    if (sending !== this.#sending) connection.send(this.mid, sending ? this.sender.outgoing : null);
    if (receiving !== this.#receiving)
      connection.receive(this.mid, receiving ? this.receiver.incoming : null);
    this.#sending = sending;
    this.#receiving = receiving;
  }

  /** The track is muted from now on, also while the two sides have not agreed on it yet. */
  stopReceiving(): void {
    this.connectMedia(undefined, false);
  }

  save(): StableState {
    const { mid, committed, currentDirection, firedDirection, receiver } = this;
    const { transport, streams } = receiver;
    return { mid, committed, currentDirection, firedDirection, transport, streams };
  }

  /** All but the streams, whose change is told by events. */
  restore({ mid, committed, currentDirection, firedDirection, transport }: StableState): void {
    this.mid = mid;
    this.committed = committed;
    this.currentDirection = currentDirection;
    this.firedDirection = firedDirection;
    this.setTransport(transport);
  }

  /** What this side can send. */
  get agreedCodecs(): NegotiatedCodec[] {
    return this.negotiatedParameters('send').codecs;
  }

  /** What both sides agreed on for this line. */
  negotiatedParameters(half: 'send' | 'receive'): ReceiveParameters {
    const { currentLocal, currentRemote } = this.#peer.descriptions;
    const [own, other] = [currentLocal, currentRemote].map((description) =>
      this.mid === null ? undefined : description?.sdp.section(this.mid),
    );
    const said = half === 'send' ? other : own;
    const codecs = said && !said.isRejected ? said.codecs : [];
    const cname = own?.lines.map((line) => /^a=ssrc:\d+ cname:(\S+)/u.exec(line)?.[1]).find(Boolean);
    return {
      headerExtensions: (said?.extensions ?? []).map((extension) => ({ ...extension, encrypted: false })),
      // The app sends under the name that descriptions have for the track.
      rtcp: {
        ...(half === 'send' ? { cname: cname ?? this.sender.trackId } : {}),
        reducedSize: said?.has('rtcp-rsize') ?? false,
      },
      codecs: half === 'send' ? sendable(this.kind, codecs) : codecs,
    };
  }
}
