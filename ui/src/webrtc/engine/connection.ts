import {
  EngineError,
  type AnswerLine,
  type ChannelEvent,
  type ChannelOptions,
  type ConnectionEvent,
  type EngineChannel,
  type EngineConnection,
  type EngineIceServer,
  type EngineStats,
  type IncomingTrack,
  type OfferWish,
  type OutgoingTrack,
} from '../engine';
import type { CodecName } from '../frame';
import type { AppMessage, PageMessage } from '../wire';
import { Channel } from './channel';
import { codecsOf } from './codecs';
import { Incoming } from './incoming';
import type { Outgoing } from './outgoing';
import type { WorkerLink } from './worker-link';

/** The app's answers to a request. */
type Answer = Extract<AppMessage, { request: number }>;
/** What the app says of a connection. */
export type ConnectionMessage = Extract<AppMessage, { connection: number }>;
/** A message that is answered, but for its numbers. */
type Asking = Omit<Extract<PageMessage, { request: number }>, 'connection' | 'request'> & { type: string };

interface Pending {
  resolve(answer: Answer): void;
  reject(error: EngineError): void;
}

/** One connection of the app's peer. */
export class Connection implements EngineConnection {
  readonly #link: WorkerLink;
  readonly #number: number;
  readonly #handle: (event: ConnectionEvent) => void;
  readonly #requests: Map<number, Pending>;
  readonly #ownRequests = new Set<number>();
  readonly #channels = new Map<number, Channel>();
  readonly #sent = new Map<string, Outgoing>();
  readonly #received = new Map<string, Incoming>();
  #codecs = new Map<string, CodecName>();
  #open = true;
  readonly #closed: () => void;

  /** `requests`: of all connections, for the answers to come to. `closed`: there is nothing more to hear. */
  constructor(
    link: WorkerLink,
    number: number,
    requests: Map<number, Pending>,
    handle: (event: ConnectionEvent) => void,
    closed: () => void,
  ) {
    this.#link = link;
    this.#number = number;
    this.#requests = requests;
    this.#handle = handle;
    this.#closed = closed;
  }
