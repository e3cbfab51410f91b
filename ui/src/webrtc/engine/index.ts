import {
  EngineError,
  type ConnectionEvent,
  type Engine,
  type EngineCertificate,
  type EngineConnection,
  type EngineIceServer,
  type IncomingTrack,
  type Kind,
  type OutgoingTrack,
} from '../engine';
import type { AppMessage } from '../wire';
import { Connection, type ConnectionMessage } from './connection';
import { IncomingPicture, IncomingSound } from './incoming';
import { OutgoingPicture, OutgoingSound } from './outgoing';
import { Requests, type Answer } from './requests';
import { Sound } from './sound';
import { SoundSources } from './sound-sources';
import { WorkerLink, type NativePeer } from './worker-link';

export type { NativePeer } from './worker-link';

/** What a person reads where the app's peer is gone. */
const LOST = 'The app no longer answers this window.';

/** Whose requests are about no connection: the numbers of connections begin with 1. */
const NO_CONNECTION = 0;

/** The engine over the app's own peer: codecs and the way to the app are in a worker. */
export class NativeEngine implements Engine {
  readonly #connections = new Map<number, Connection>();
  readonly #link: WorkerLink;
  readonly #requests: Requests;
  readonly #sound = new Sound();
  readonly #sources: SoundSources;

  constructor(nativePeer: () => Promise<NativePeer>) {
    this.#link = new WorkerLink(nativePeer, {
      said: (message) => this.#hear(message),
      message: (connection, channel, data) => this.#connections.get(connection)?.message(channel, data),
      lost: () => this.#lost(),
    });
    this.#requests = new Requests(() => this.#link.newNumber());
    this.#sources = new SoundSources(this.#link, this.#sound);
  }

  /** Makes ready what a first connection would have to wait for. */
  prepare(): void {
    this.#link.start();
  }

  open(
    iceServers: EngineIceServer[],
    handle: (event: ConnectionEvent) => void,
    certificate?: EngineCertificate,
  ): EngineConnection {
    this.#connect();
    const number = this.#link.newNumber();
    const closed = () => this.#connections.delete(number);
    const connection = new Connection(this.#link, number, this.#requests, handle, closed);
    this.#connections.set(number, connection);
    const own = certificate && { certificate: { der: certificate.der, key: certificate.key } };
    this.#link.say({ type: 'open', connection: number, iceServers, ...own });
    return connection;
  }

  async certify(): Promise<EngineCertificate> {
    this.#connect();
    const { request, answered } = this.#requests.make(NO_CONNECTION, 'certified');
    this.#link.say({ type: 'certify', request });
    const { certificate, fingerprint } = await answered;
    return { ...certificate, fingerprint };
  }

  #connect(): void {
    if (this.#link.connect()) this.#sources.tellAll();
  }

  incoming(kind: Kind): IncomingTrack {
    return kind === 'video' ? IncomingPicture.make(this.#link) : IncomingSound.make(this.#link, this.#sound);
  }

  outgoing(kind: Kind): OutgoingTrack {
    return kind === 'video' ? new OutgoingPicture(this.#link) : new OutgoingSound(this.#link, this.#sources);
  }

  #hear(message: AppMessage): void {
    if ('request' in message) this.#requests.hear(message satisfies Answer);
    else if ('connection' in message) {
      this.#connections.get(message.connection)?.hear(message satisfies ConnectionMessage);
    }
  }

  #lost(): void {
    this.#requests.fail(NO_CONNECTION, new EngineError('fault', LOST));
    for (const connection of [...this.#connections.values()]) connection.drop('lost', LOST);
  }
}
