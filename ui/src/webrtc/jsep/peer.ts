// What an RTCPeerConnection is beneath its interface: the slots of the W3C text (section 4.4.1), and what ties the
// parts together.

import type { ConnectionEvent, Engine, EngineConnection, Kind } from '../engine';
import type { RTCSctpTransport } from '../interfaces/transports';
import type { RTCStatsReport } from '../interfaces/stats-report';
import type { Direction } from '../sdp/section';
import { closedError, invalidAccess, invalidModification } from '../webidl/errors';
import { queueTask } from '../webidl/tasks';
import { Channels } from './channels';
import { checkNotExpired } from './certificates';
import { Configuration, toSettings } from './configuration';
import type { CreatedAnswer, CreatedOffer } from './create-description';
import { Descriptions } from './descriptions';
import { initialEncodings } from './encodings';
import { Negotiation } from './negotiation';
import { Operations } from './operations';
import type { Receiver } from './receiver';
import type { Sender, SenderInit } from './sender';
import { Transceiver, type StableState } from './transceiver';
import { Transport } from './transport';
import { reportOf, sourceOf } from '../stats/report';

/** Streams of the other side that are remembered; a call has a few. */
const MAX_STREAMS = 1024;

export class Peer {
  readonly connection: EngineConnection;
  readonly descriptions = new Descriptions();
  readonly negotiation = new Negotiation(this);
  readonly operations: Operations;
  readonly transport = new Transport(this);
  readonly channels = new Channels(this);
  readonly created: { offer: CreatedOffer | null; answer: CreatedAnswer | null } = {
    offer: null,
    answer: null,
  };
  readonly credentialsToReplace = new Set<string>();
  readonly madeByRemote = new WeakSet<Transceiver>();
  configuration: Configuration;
  signalingState: RTCSignalingState = 'stable';
  transceivers: Transceiver[] = [];
  closed = false;
  /** How the transceivers were when both sides agreed last. */
  stable: Map<Transceiver, StableState> | null = null;
  readonly #streams = new Map<string, MediaStream>();

  constructor(
    readonly facade: EventTarget,
    readonly engine: Engine,
    configuration: unknown,
  ) {
    const settings = toSettings(configuration);
    checkNotExpired(settings.certificates);
    this.configuration = new Configuration(settings);
    this.operations = new Operations(
      () => this.closed,
      () => this.negotiation.idle(),
    );
    const handle = (event: ConnectionEvent) => {
      // The channel's listener must be there before anything arrives on it.
      if (event.type === 'channel') this.channels.arrived(event);
      else this.soon(() => this.#handle(event));
    };
    this.connection = engine.open(this.configuration.servers, handle, this.configuration.certificates[0]);
  }

  fire(type: string): void {
    this.dispatch(new Event(type));
  }

  /** Nothing is told of a connection that the page has closed, also in the middle of a task. */
  dispatch(event: Event): void {
    if (!this.closed) this.facade.dispatchEvent(event);
  }

  /** In a task of its own, unless the connection is closed by then. */
  soon(task: () => void): void {
    queueTask(() => {
      if (!this.closed) task();
    });
  }

  #handle(event: Exclude<ConnectionEvent, { type: 'channel' }>): void {
    switch (event.type) {
      case 'candidate':
        return this.transport.gathering.tell(event);
      case 'ice-state':
        return this.transport.iceState(event.state);
      case 'dtls-state':
        return this.transport.dtlsState(event.state, event.certificate);
      case 'ended':
        this.transport.failed(event);
        return this.channels.fail(event.message);
    }
  }

  setConfiguration(configuration: unknown): void {
    const settings = toSettings(configuration);
    if (this.closed) throw closedError();
    const changed = this.configuration.changed(settings);
    if (changed.poolSize !== this.configuration.poolSize && this.descriptions.local) {
      throw invalidModification('iceCandidatePoolSize can no longer be changed');
    }
    // Candidates that no longer may be used, or others that may, come with other credentials (RFC 8829, 4.1.18).
    if (changed.relayOnly !== this.configuration.relayOnly) this.#replaceCredentials();
    this.configuration = changed;
    this.connection.setIceServers(changed.servers);
  }

  transceiverOf(mid: string | null): Transceiver | undefined {
    return mid === null ? undefined : this.transceivers.find((transceiver) => transceiver.mid === mid);
  }

  addTransceiver(
    kind: Kind,
    direction: Direction,
    byTrack: boolean,
    init: SenderInit = { track: null, streams: [], encodings: initialEncodings(kind, []) },
  ): Transceiver {
    const transceiver = new Transceiver(this, kind, direction, byTrack, init);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  addTrack(track: MediaStreamTrack, streams: MediaStream[]): Sender {
    if (this.closed) throw closedError();
    if (this.transceivers.some(({ sender, stopping }) => sender.track === track && !stopping)) {
      throw invalidAccess('The track is sent already');
    }
    const kind = track.kind === 'audio' ? 'audio' : 'video';
    const free = this.transceivers.find(
      (one) => one.kind === kind && !one.sender.track && !one.stopping && !one.everSent,
    );
    if (free) {
      free.usedByTrack = true;
      free.fromTrack ||= this.madeByRemote.has(free);
      free.sender.setTrack(track);
      free.sender.setStreams(streams);
      free.direction =
        free.direction === 'recvonly' || free.direction === 'sendrecv' ? 'sendrecv' : 'sendonly';
    }
    const encodings = initialEncodings(kind, []);
    const used = free ?? this.addTransceiver(kind, 'sendrecv', true, { track, streams, encodings });
    this.negotiation.update();
    return used.sender;
  }

  removeTrack(sender: Sender): void {
    if (this.closed) throw closedError();
    const transceiver = this.transceivers.find((one) => one.sender === sender);
    if (!sender.isOf(this)) throw invalidAccess('The sender is not of this connection');
    if (!transceiver || transceiver.stopping || !sender.track) return;
    sender.setTrack(null);
    if (transceiver.direction === 'sendrecv') transceiver.direction = 'recvonly';
    else if (transceiver.direction === 'sendonly') transceiver.direction = 'inactive';
    this.negotiation.update();
  }

  restartIce(): void {
    if (this.closed) return;
    this.#replaceCredentials();
    this.negotiation.update();
  }

  #replaceCredentials(): void {
    const { currentLocal, pendingLocal } = this.descriptions;
    this.credentialsToReplace.clear();
    for (const description of [currentLocal, pendingLocal]) {
      description?.sdp.credentials.forEach((one) => this.credentialsToReplace.add(one));
    }
  }

  get hasDataLine(): boolean {
    const { currentLocal } = this.descriptions;
    return currentLocal?.sdp.sections.some(({ isData, isRejected }) => isData && !isRejected) ?? false;
  }

  get sctp(): RTCSctpTransport | null {
    return this.transport.sctp?.facade ?? null;
  }

  saveStable(): void {
    this.stable = new Map(this.transceivers.map((transceiver) => [transceiver, transceiver.save()]));
  }

  forgetStable(): void {
    this.stable = null;
  }

  /** The stream that the other side calls by this name: the same object for good. */
  remoteStream(id: string): MediaStream {
    const known = this.#streams.get(id);
    if (known) return known;
    const stream = new MediaStream();
    // The platform has no constructor that takes one.
    Object.defineProperty(stream, 'id', { value: id });
    if (this.#streams.size < MAX_STREAMS) this.#streams.set(id, stream);
    return stream;
  }

  async getStats(of: { sender?: Sender; receiver?: Receiver } = {}): Promise<RTCStatsReport> {
    // Figures that cannot be had are left out: the report tells what is known here.
    const transceivers = this.transceivers.filter(({ stopping }) => !stopping);
    const figures = this.closed ? null : await this.connection.stats().catch(() => null);
    return reportOf(this, transceivers, figures, of);
  }

  /** Where what arrives on the line of this transceiver comes from; null while nothing does. */
  async sourceOf(transceiver: Transceiver): Promise<RTCRtpSynchronizationSource | null> {
    const figures = this.closed ? null : await this.connection.stats().catch(() => null);
    return sourceOf(this, transceiver, figures);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.signalingState = 'closed';
    for (const transceiver of this.transceivers) transceiver.stopNow();
    this.channels.close();
    this.transport.close();
    this.connection.close();
  }
}
