// The receiving half of a transceiver (W3C webrtc-pc, section 5.3).

import type { IncomingTrack } from '../engine';
import { RTCRtpReceiver } from '../interfaces/rtp-receiver';
import type { RTCStatsReport } from '../interfaces/stats-report';
import { make } from '../webidl/interface';
import type { Peer } from './peer';
import { SynchronizationSources } from './synchronization-sources';
import type { Transceiver } from './transceiver';
import type { DtlsTransport } from './transports';
import type { ReceiveParameters } from './encodings';

/** As the W3C text has it, in ms. */
const MAX_JITTER_BUFFER = 4000;

export class Receiver {
  readonly facade: RTCRtpReceiver;
  transport: DtlsTransport | null = null;
  /** Streams of the connection that the track is in. */
  streams: MediaStream[] = [];
  jitterBufferTarget: number | null = null;
  readonly incoming: IncomingTrack;
  readonly #peer: Peer;
  readonly #transceiver: Transceiver;
  readonly #sources = new SynchronizationSources(() => this.#peer.sourceOf(this.#transceiver));

  constructor(peer: Peer, transceiver: Transceiver) {
    this.#peer = peer;
    this.#transceiver = transceiver;
    this.incoming = peer.engine.incoming(transceiver.kind);
    this.facade = make(RTCRtpReceiver, this);
  }

  get track(): MediaStreamTrack {
    return this.incoming.track;
  }

  get mid(): string | null {
    return this.#transceiver.mid;
  }

  /** A wish only, and the app's jitter buffer grants none: it adapts by itself. */
  setJitterBufferTarget(target: number | null): void {
    if (target !== null && (target < 0 || target > MAX_JITTER_BUFFER)) {
      throw new RangeError(`jitterBufferTarget must be from 0 to ${MAX_JITTER_BUFFER}`);
    }
    this.jitterBufferTarget = target;
  }

  getParameters(): ReceiveParameters {
    return this.#transceiver.negotiatedParameters('receive');
  }

  get synchronizationSources(): RTCRtpSynchronizationSource[] {
    return this.#sources.get();
  }

  getStats(): Promise<RTCStatsReport> {
    return this.#peer.getStats({ receiver: this });
  }

  end(): void {
    this.incoming.end();
  }
}
