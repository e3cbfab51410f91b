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
import type { Line } from '../worker/orders';
import type { AppMessage, PageMessage } from '../wire';
import { Channel } from './channel';
import { codecsOf } from './codecs';
import { Incoming } from './incoming';
import { isOutgoing, type Outgoing } from './outgoing';
import { Requests } from './requests';
import type { WorkerLink } from './worker-link';

/** What is asked of a connection that the page has closed is answered so. */
const CLOSED = 'The connection is closed.';

/** What the app says of a connection. */
export type ConnectionMessage = Extract<AppMessage, { connection: number }>;

/** One connection of the app's peer. */
export class Connection implements EngineConnection {
  readonly #link: WorkerLink;
  readonly #number: number;
  readonly #handle: (event: ConnectionEvent) => void;
  readonly #closed: () => void;
  readonly #requests: Requests;
  readonly #channels = new Map<number, Channel>();
  readonly #sent = new Map<string, Outgoing>();
  readonly #received = new Map<string, Incoming>();
  #codecs = new Map<string, CodecName>();
  /** Why nothing is asked of it any more; null: it is open. */
  #over: EngineError | null = null;

  /** `closed`: there is nothing more to hear of it. */
  constructor(
    link: WorkerLink,
    number: number,
    requests: Requests,
    handle: (event: ConnectionEvent) => void,
    closed: () => void,
  ) {
    this.#link = link;
    this.#number = number;
    this.#requests = requests;
    this.#handle = handle;
    this.#closed = closed;
  }

  async offer(wish: OfferWish): Promise<{ sdp: string; mids: string[] }> {
    const { sdp, mids } = await this.#ask('described', (numbers) => ({ type: 'offer', ...numbers, ...wish }));
    return { sdp, mids };
  }

  rollback(): void {
    this.#say({ type: 'rollback', connection: this.#number });
  }

  async check(kind: 'offer' | 'answer', sdp: string): Promise<void> {
    await this.#ask('done', (numbers) => ({ type: 'check', ...numbers, kind, sdp }));
  }

  async answer(sdp: string, media: AnswerLine[]): Promise<string> {
    const answer = await this.#ask('described', (numbers) => ({ type: 'answer', ...numbers, sdp, media }));
    this.#learnCodecs(sdp);
    return answer.sdp;
  }

  async accept(sdp: string): Promise<void> {
    await this.#ask('done', (numbers) => ({ type: 'accept', ...numbers, sdp }));
    this.#learnCodecs(sdp);
  }

  gather(relayOnly: boolean): void {
    this.#say({ type: 'gather', connection: this.#number, relayOnly });
  }

  async addCandidate(candidate: string, mid: string | null): Promise<void> {
    const of = mid === null ? {} : { mid };
    await this.#ask('done', (numbers) => ({ type: 'candidate', ...numbers, candidate, ...of }));
  }

  setIceServers(iceServers: EngineIceServer[]): void {
    this.#say({ type: 'set-ice-servers', connection: this.#number, iceServers });
  }

  send(mid: string, outgoing: OutgoingTrack | null): void {
    const before = this.#sent.get(mid);
    if (this.#over || before === outgoing) return;
    before?.sendOn(null, 'vp8');
    this.#sent.delete(mid);
    if (!isOutgoing(outgoing)) return;
    this.#sent.set(mid, outgoing);
    outgoing.sendOn(this.#line(mid), this.#codecs.get(mid) ?? 'vp8');
  }

  receive(mid: string, incoming: IncomingTrack | null): void {
    const before = this.#received.get(mid);
    if (this.#over || before === incoming) return;
    before?.receiveOn(null);
    this.#received.delete(mid);
    if (!(incoming instanceof Incoming)) return this.#say({ type: 'stop-receive', ...this.#line(mid) });
    this.#received.set(mid, incoming);
    incoming.receiveOn(this.#line(mid));
    this.#say({ type: 'receive', ...this.#line(mid), stream: incoming.stream });
  }

  openChannel(options: ChannelOptions, handle: (event: ChannelEvent) => void): EngineChannel {
    const number = this.#link.newNumber();
    const channel = this.#newChannel(number, handle);
    this.#say({ type: 'channel', connection: this.#number, channel: number, ...options });
    return channel;
  }

  async stats(): Promise<EngineStats> {
    const [{ report }, figures] = await Promise.all([
      this.#ask('stats', (numbers) => ({ type: 'stats', ...numbers })),
      this.#link.figures(),
    ]);
    const own = ({ connection }: Line) => connection === this.#number;
    const pictures = { sent: figures.sent.filter(own), received: figures.received.filter(own) };
    return { ...report, pictures };
  }

  close(): void {
    if (this.#over) return;
    this.#end(CLOSED);
    this.#link.say({ type: 'close', connection: this.#number });
  }

  /** What the app says of this connection. */
  hear(message: ConnectionMessage): void {
    switch (message.type) {
      case 'candidate':
      case 'ice-state':
      case 'dtls-state': {
        const { connection: _, ...event } = message;
        return this.#handle(event);
      }
      case 'channel-opened':
        if (message.remote) return this.#announce(message);
        return this.#channels.get(message.channel)?.handle({ type: 'opened', id: message.id });
      case 'channel-low':
        return this.#channels.get(message.channel)?.handle({ type: 'low' });
      case 'channel-sent':
        return this.#channels.get(message.channel)?.handle({ type: 'sent', bytes: message.bytes });
      case 'channel-closed':
        this.#channels.get(message.channel)?.handle({ type: 'closed' });
        return void this.#channels.delete(message.channel);
      case 'ended':
        return this.drop(message.code, message.message);
    }
  }

  /** What came on one of its data channels. */
  message(channel: number, data: string | ArrayBuffer): void {
    this.#channels.get(channel)?.handle({ type: 'message', data });
  }

  /** The connection is gone, without a word of the page's. */
  drop(code: string, message: string): void {
    if (this.#over) return;
    this.#end(message);
    this.#handle({ type: 'ended', code, message });
  }

  #announce(message: Extract<ConnectionMessage, { type: 'channel-opened' }>): void {
    const { connection: _, channel: number, id, remote: _remote, type, ...options } = message;
    const channel = this.#newChannel(number, () => {});
    const listen = (handle: (event: ChannelEvent) => void) => (channel.handle = handle);
    this.#handle({ type: 'channel', channel, options, id, listen });
  }

  #newChannel(number: number, handle: (event: ChannelEvent) => void): Channel {
    const channel = new Channel(this.#link, this.#number, number, handle);
    this.#channels.set(number, channel);
    return channel;
  }

  #learnCodecs(sdp: string): void {
    const before = this.#codecs;
    this.#codecs = codecsOf(sdp);
    for (const [mid, codec] of this.#codecs) {
      if (before.get(mid) !== codec) this.#sent.get(mid)?.sendOn(this.#line(mid), codec);
    }
  }

  #end(message: string): void {
    this.#over = new EngineError('unknown-connection', message);
    this.#requests.fail(this.#number, this.#over);
    for (const outgoing of this.#sent.values()) outgoing.sendOn(null, 'vp8');
    for (const incoming of this.#received.values()) incoming.receiveOn(null);
    for (const channels of [this.#sent, this.#received, this.#channels]) channels.clear();
    this.#closed();
  }

  #line(mid: string): Line {
    return { connection: this.#number, mid };
  }

  #say(message: PageMessage): void {
    if (!this.#over) this.#link.say(message);
  }

  #ask<Type extends 'described' | 'done' | 'stats'>(
    answer: Type,
    question: (numbers: { connection: number; request: number }) => PageMessage,
  ): Promise<Extract<AppMessage, { type: Type }>> {
    if (this.#over) return Promise.reject(this.#over);
    const { request, answered } = this.#requests.make(this.#number, answer);
    this.#say(question({ connection: this.#number, request }));
    return answered;
  }
}
