// The sending half of a transceiver (W3C webrtc-pc, section 5.2).

import type { Encoding, OutgoingTrack } from '../engine';
import { RTCDTMFSender } from '../interfaces/dtmf';
import { RTCRtpSender } from '../interfaces/rtp-sender';
import type { RTCStatsReport } from '../interfaces/stats-report';
import { invalidModification, invalidState } from '../webidl/errors';
import { make } from '../webidl/interface';
import { nextTask, queueTask } from '../webidl/tasks';
import {
  agreedEncodings,
  changedEncodings,
  same,
  type EncodingParameters,
  type NegotiatedCodec,
  type SendParameters,
} from './encodings';
import { isSameCodec, type Codec } from './codecs';
import type { Peer } from './peer';
import type { Transceiver } from './transceiver';
import type { DtlsTransport } from './transports';

export interface SenderInit {
  track: MediaStreamTrack | null;
  streams: MediaStream[];
  encodings: EncodingParameters[];
}

export class Sender {
  readonly facade: RTCRtpSender;
  readonly dtmf: RTCDTMFSender | null;
  track: MediaStreamTrack | null;
  /** The streams that the other side shall put the track into. */
  streamIds: string[];
  transport: DtlsTransport | null = null;
  /** Told to the other side instead of the track's, which may be sent twice or be replaced. */
  readonly trackId: string = crypto.randomUUID();
  #encodings: EncodingParameters[];
  /** What `getParameters` gave in this task: only then may it come back. */
  #given: SendParameters | null = null;
  readonly #outgoing: OutgoingTrack;
  readonly #peer: Peer;
  readonly #transceiver: Transceiver;

  constructor(peer: Peer, transceiver: Transceiver, { track, streams, encodings }: SenderInit) {
    this.#peer = peer;
    this.#transceiver = transceiver;
    this.track = track;
    this.streamIds = ids(streams);
    this.#encodings = encodings;
    this.#outgoing = peer.engine.outgoing(transceiver.kind);
    this.facade = make(RTCRtpSender, this);
    this.dtmf = transceiver.kind === 'audio' ? make(RTCDTMFSender, this) : null;
    this.#configure();
    if (track) this.#outgoing.replace(track);
  }

  get outgoing(): OutgoingTrack {
    return this.#outgoing;
  }

  setTrack(track: MediaStreamTrack | null): void {
    this.track = track;
    this.#outgoing.replace(track);
  }

  /** Changes where the track belongs; what is new needs negotiation. */
  setStreams(streams: MediaStream[]): void {
    if (this.#peer.closed) throw invalidState('The connection is closed');
    this.streamIds = ids(streams);
    this.#peer.negotiation.update();
  }

  replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    if (track && track.kind !== this.#transceiver.kind) {
      return Promise.reject(new TypeError(`The track is not of the kind ${this.#transceiver.kind}`));
    }
    return this.#peer.operations.chain(async () => {
      if (this.#transceiver.stopping) throw invalidState('The sender is stopped');
      await nextTask();
      if (this.#peer.closed) return;
      this.setTrack(track);
    });
  }

  getParameters(): SendParameters {
    if (!this.#given) {
      const negotiated = this.#transceiver.negotiatedParameters('send');
      const given = { transactionId: crypto.randomUUID(), encodings: this.#encodings, ...negotiated };
      this.#given = given;
      queueTask(() => {
        if (this.#given === given) this.#given = null;
      });
    }
    return structuredClone(this.#given);
  }

  setParameters(parameters: SendParameters): Promise<void> {
    const given = this.#given;
    if (this.#transceiver.stopping) return Promise.reject(invalidState('The sender is stopped'));
    if (!given) return Promise.reject(invalidState('getParameters was not called before'));
    const unchangeable = ({ encodings, ...others }: SendParameters) => ({
      ...others,
      rids: encodings.map(({ rid }) => rid ?? null),
    });
    if (!same(unchangeable(parameters), unchangeable(given))) {
      return Promise.reject(invalidModification('Only the encodings may be changed'));
    }
    const { kind, preferences } = this.#transceiver;
    const choosable = given.codecs.length > 0 ? given.codecs : preferences;
    const encodings = changedEncodings(kind, parameters.encodings, choosable);
    return new Promise((resolve) =>
      queueTask(() => {
        this.#given = null;
        this.#encodings = encodings;
        this.#configure();
        resolve();
      }),
    );
  }

  /** Both sides have agreed on these codecs. */
  agree(codecs: Codec[]): void {
    this.#encodings = agreedEncodings(this.#encodings, codecs);
    this.#configure();
  }

  /** The one that is sent, as the engine chooses it: what the encoding says, or else VP8 where there is VP8. */
  codecAmong(codecs: NegotiatedCodec[]): NegotiatedCodec | undefined {
    const chosen = this.#encodings[0]?.codec;
    if (chosen) return codecs.find((codec) => isSameCodec(codec, chosen));
    return codecs.find(({ mimeType }) => mimeType.toLowerCase() === 'video/vp8') ?? codecs[0];
  }

  getStats(): Promise<RTCStatsReport> {
    return this.#peer.getStats({ sender: this });
  }

  get mid(): string | null {
    return this.#transceiver.mid;
  }

  get active(): boolean {
    return this.#encodings[0]?.active ?? false;
  }

  isOf(peer: Peer): boolean {
    return this.#peer === peer;
  }

  end(): void {
    this.#outgoing.end();
  }

  #configure(): void {
    const [encoding] = this.#encodings;
    if (!encoding) return;
    const { active, codec, maxBitrate, maxFramerate, scaleResolutionDownBy } = encoding;
    const how: Encoding = { active };
    const name = codec?.mimeType.toLowerCase();
    if (name === 'video/vp8') how.codec = 'vp8';
    if (name === 'video/h264') how.codec = 'h264';
    if (maxBitrate !== undefined) how.maxBitrate = maxBitrate;
    if (maxFramerate !== undefined) how.maxFramerate = maxFramerate;
    if (scaleResolutionDownBy !== undefined) how.scaleResolutionDownBy = scaleResolutionDownBy;
    this.#outgoing.configure(how);
  }
}

const ids = (streams: MediaStream[]): string[] => [...new Set(streams.map(({ id }) => id))];
