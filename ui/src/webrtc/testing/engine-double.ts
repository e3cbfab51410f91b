// An engine without a network, for tests: its connections find each other by their ICE credentials. Descriptions
// look and behave as str0m's do: lines are only added, stops and directions take effect with the offer.

import {
  EngineError,
  type AnswerLine,
  type ChannelEvent,
  type ChannelOptions,
  type ConnectionEvent,
  type Engine,
  type EngineCertificate,
  type EngineChannel,
  type EngineConnection,
  type EngineIceServer,
  type EngineStats,
  type IncomingTrack,
  type Kind,
  type OfferWish,
  type OutgoingTrack,
} from '../engine';
import { Sdp, SdpSyntaxError } from '../sdp/sdp';
import { receives, reversed, sends, type Direction, type Section } from '../sdp/section';
import { parseCandidate } from '../sdp/candidate';
import { describe, formatsOf, transportOf, type Identity, type Line } from './double-sdp';
import { DoubleChannel } from './double-channel';
import { doubleStats } from './double-stats';

/** Makes tracks, and brings what is sent to where it is received. Gives what ends that. */
export interface DoubleMedia {
  incoming(kind: Kind): IncomingTrack;
  outgoing(kind: Kind): OutgoingTrack;
  flow(from: OutgoingTrack, to: IncomingTrack): () => void;
}

export interface DoubleOptions {
  media: DoubleMedia;
  /** Resolves when the engine has done a step. */
  step: () => Promise<void>;
  random: () => number;
  /** Resolves when a candidate was found; a step if it is left out. */
  gather?: () => Promise<void>;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export class EngineDouble implements Engine {
  /** By their user name fragment: who can reach whom. */
  readonly reachable = new Map<string, DoubleConnection>();
  constructor(readonly options: DoubleOptions) {}

  open(
    _: EngineIceServer[],
    handle: (event: ConnectionEvent) => void,
    certificate = this.#newCertificate(),
  ): DoubleConnection {
    return new DoubleConnection(this, handle, certificate);
  }

  async certify(): Promise<EngineCertificate> {
    await this.options.step();
    return this.#newCertificate();
  }

  /** Its bytes are none, but no two are the same. */
  #newCertificate(): EngineCertificate {
    const bytes = Array.from({ length: 32 }, () => Math.floor(this.options.random() * 256));
    const digits = bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase());
    return { der: digits.join(''), key: '', fingerprint: digits.join(':') };
  }

  incoming(kind: Kind): IncomingTrack {
    return this.options.media.incoming(kind);
  }

  outgoing(kind: Kind): OutgoingTrack {
    return this.options.media.outgoing(kind);
  }

  word(length: number): string {
    return Array.from(
      { length },
      () => ALPHABET[Math.floor(this.options.random() * ALPHABET.length)] ?? 'A',
    ).join('');
  }
}

export class DoubleConnection implements EngineConnection {
  readonly #engine: EngineDouble;
  readonly #handle: (event: ConnectionEvent) => void;
  readonly #session: number;
  readonly certificate: EngineCertificate;
  #credentials: { ufrag: string; pwd: string };
  #candidates: string[] = [];
  /** With which credentials candidates were gathered. */
  readonly #gathered = new Set<string>();
  #lines: Line[] = [];
  #pending: { fresh: Line[]; credentials: { ufrag: string; pwd: string } | null } | null = null;
  #setup: Identity['setup'] = 'actpass';
  #remote: { ufrag: string; candidates: number } | null = null;
  #connectedTo: DoubleConnection | null = null;
  readonly #sending = new Map<string, OutgoingTrack>();
  readonly #receiving = new Map<string, IncomingTrack>();
  readonly #flows = new Map<string, () => void>();
  readonly channels: DoubleChannel[] = [];
  closed = false;

  constructor(
    engine: EngineDouble,
    handle: (event: ConnectionEvent) => void,
    certificate: EngineCertificate,
  ) {
    this.#engine = engine;
    this.certificate = certificate;
    this.#handle = handle;
    this.#session = Math.floor(engine.options.random() * 2 ** 48);
    this.#credentials = this.#fresh();
  }

  #fresh() {
    const credentials = { ufrag: this.#engine.word(8), pwd: this.#engine.word(24) };
    this.#engine.reachable.set(credentials.ufrag, this);
    return credentials;
  }

  tell(event: ConnectionEvent): void {
    if (!this.closed) this.#handle(event);
  }

  get remote(): { ufrag: string; candidates: number } | null {
    return this.#remote;
  }

  get peer(): DoubleConnection | null {
    return this.#connectedTo;
  }

  get isActive(): boolean {
    return this.#setup === 'active';
  }

  async offer(wish: OfferWish): Promise<{ sdp: string; mids: string[] }> {
    await this.#engine.options.step();
    for (const { mid, direction } of wish.directions) this.#line(mid).direction = direction as Direction;
    for (const mid of wish.stopped) this.#line(mid).stopped = true;
    const fresh = wish.media.map(({ kind, direction, stream, track }) =>
      this.#newLine(kind, direction as Direction, stream, track),
    );
    const media = [...fresh];
    const hasData = this.#lines.some(({ kind }) => kind === 'application');
    if (wish.dataChannels && !hasData) fresh.push(this.#newLine('application', 'sendrecv'));
    this.#pending = { fresh, credentials: wish.iceRestart ? this.#fresh() : null };
    const identity = { ...this.#identity('actpass'), ...this.#pending.credentials };
    return { sdp: describe(identity, [...this.#lines, ...fresh]), mids: media.map(({ mid }) => mid) };
  }

  #identity(setup: Identity['setup']): Identity {
    const { ufrag, pwd } = this.#credentials;
    return { session: this.#session, ufrag, pwd, setup, fingerprint: this.certificate.fingerprint };
  }

  #line(mid: string): Line {
    const line = this.#lines.find((one) => one.mid === mid);
    if (!line) throw new EngineError('unknown-mid', `There is no line ${mid}`);
    return line;
  }

  #newLine(kind: Line['kind'], direction: Direction, stream?: string, track?: string): Line {
    const mid = this.#engine.word(3);
    const ssrc = Math.floor(this.#engine.options.random() * 2 ** 32);
    const names = { stream: stream ?? this.#engine.word(20), track: track ?? this.#engine.word(20) };
    return { mid, kind, direction, stopped: false, ssrc, formats: null, ...names };
  }

  rollback(): void {}

  async check(_: 'offer' | 'answer', sdp: string): Promise<void> {
    await this.#engine.options.step();
    this.#usable(sdp);
  }

  #usable(text: string): Sdp {
    const sdp = parsed(text);
    if (sdp.sections.length === 0) throw new EngineError('not-usable', 'No m-lines in offer');
    if (!transportOf(sdp)) throw new EngineError('not-usable', 'No transport');
    if (!sdp.hasBundle) throw new EngineError('not-usable', 'Not bundled');
    if (!sdp.sections.every(isPlain)) throw new EngineError('sdp-syntax', 'A line is of no known form');
    sdp.sections.forEach(({ mid, kind }, index) => {
      const known = this.#lines[index];
      if (known && !known.stopped && (known.mid !== mid || known.kind !== kind)) {
        throw new EngineError('not-usable', `Changed order for m-line with mid: ${mid ?? ''}`);
      }
    });
    return sdp;
  }

  async answer(text: string, lines: AnswerLine[]): Promise<string> {
    await this.#engine.options.step();
    const sdp = this.#usable(text);
    this.#pending = null;
    sdp.sections.forEach((section, index) => this.#takeLine(section, index));
    for (const { mid, direction } of lines) this.#line(mid).direction = direction as Direction;
    const transport = transportOf(sdp);
    if (this.#setup === 'actpass') this.#setup = transport?.setup === 'passive' ? 'active' : 'passive';
    this.#takeTransport(sdp, null);
    return describe(this.#identity(this.#setup), this.#lines);
  }

  #takeLine(section: Section, index: number): void {
    let line = this.#lines[index];
    if (!line || line.mid !== section.mid) {
      const kind = section.isData ? 'application' : (section.kind as Kind);
      line = { ...this.#newLine(kind, 'inactive'), mid: section.mid ?? `${index}` };
      [line.stream = line.stream, line.track = line.track] = section.value('msid')?.split(' ') ?? [];
      this.#lines[index] = line;
    }
    line.stopped ||= section.isRejected;
    if (line.kind === 'application') return;
    line.direction = reversed(section.direction);
    const own = formatsOf(line.kind);
    const names = section.codecs;
    line.formats = own.filter((format) => names.some(({ payloadType }) => `${payloadType}` === format));
    if (line.formats.length === 0) line.formats = own;
  }

  async accept(text: string): Promise<void> {
    await this.#engine.options.step();
    if (!this.#pending) throw new EngineError('wrong-state', 'There is no offer');
    const sdp = this.#usable(text);
    const { fresh, credentials } = this.#pending;
    this.#pending = null;
    this.#lines.push(...fresh);
    sdp.sections.forEach((section, index) => this.#takeLine(section, index));
    if (this.#setup === 'actpass') {
      this.#setup = transportOf(sdp)?.setup === 'active' ? 'passive' : 'active';
    }
    this.#takeTransport(sdp, credentials);
  }

  #takeTransport(sdp: Sdp, credentials: { ufrag: string; pwd: string } | null): void {
    const ufrag = transportOf(sdp)?.ufrag ?? '';
    const restarted = this.#remote !== null && this.#remote.ufrag !== ufrag;
    if (restarted) {
      this.#credentials = credentials ?? this.#fresh();
    }
    const candidates = sdp.sections.reduce((sum, section) => sum + section.candidates.length, 0);
    if (!this.#remote || restarted) this.tell({ type: 'ice-state', state: 'checking' });
    this.#remote = { ufrag, candidates: (restarted ? 0 : (this.#remote?.candidates ?? 0)) + candidates };
    this.#connect();
    this.refresh();
  }

  gather(relayOnly: boolean): void {
    if (relayOnly) return;
    const { ufrag } = this.#pending?.credentials ?? this.#credentials;
    if (this.#gathered.has(ufrag)) return;
    this.#gathered.add(ufrag);
    const host = `candidate:1 1 udp 2130706175 192.0.2.${1 + (this.#session % 250)} 5${this.#session % 10_000} typ host`;
    void (this.#engine.options.gather ?? this.#engine.options.step)().then(async () => {
      this.#tellCandidate(host, ufrag);
      await this.#engine.options.step();
      this.#tellCandidate(null, ufrag);
    });
  }

  #tellCandidate(host: string | null, ufrag: string): void {
    const line = [...this.#lines, ...(this.#pending?.fresh ?? [])][0];
    const candidate = host === null ? null : `${host} ufrag ${ufrag}`;
    if (candidate) this.#candidates.push(candidate);
    this.tell({ type: 'candidate', candidate, mid: line?.mid ?? '0', line: 0, usernameFragment: ufrag });
  }

  async addCandidate(candidate: string): Promise<void> {
    await this.#engine.options.step();
    if (!parseCandidate(candidate)) throw new EngineError('candidate', 'The candidate is malformed');
    if (this.#remote) this.#remote.candidates += 1;
    this.#connect();
  }

  setIceServers(): void {}

  /** Both sides know each other, and one knows where the other is. */
  #connect(): void {
    const other = this.#engine.reachable.get(this.#remote?.ufrag ?? '');
    if (!other || other.closed || this.closed || other.remote?.ufrag !== this.#credentials.ufrag) return;
    if ((this.#remote?.candidates ?? 0) + other.remote.candidates === 0) return;
    this.connectedTo(other);
    other.connectedTo(this);
    this.refresh();
    other.refresh();
  }

  connectedTo(other: DoubleConnection): void {
    const first = this.#connectedTo === null;
    this.#connectedTo = other;
    this.tell({ type: 'ice-state', state: 'connected' });
    if (!first) return;
    this.tell({ type: 'dtls-state', state: 'connecting' });
    void this.#engine.options.step().then(() => {
      this.tell({ type: 'dtls-state', state: 'connected', certificate: other.certificate.der });
      this.channels.forEach((channel) => channel.open());
    });
  }

  send(mid: string, outgoing: OutgoingTrack | null): void {
    if (outgoing) this.#sending.set(mid, outgoing);
    else this.#sending.delete(mid);
    this.#connectedTo?.refresh();
  }

  receive(mid: string, incoming: IncomingTrack | null): void {
    if (incoming) this.#receiving.set(mid, incoming);
    else this.#receiving.delete(mid);
    this.refresh();
  }

  /** Lets flow what is sent there and wanted here. */
  refresh(): void {
    for (const { mid, direction } of this.#lines) {
      const from = this.#connectedTo?.sentOn(mid);
      const to = this.#receiving.get(mid);
      const flows = from && to && receives(direction) && this.#connectedTo?.sendsOn(mid);
      if (!flows) {
        this.#flows.get(mid)?.();
        this.#flows.delete(mid);
      } else if (!this.#flows.has(mid)) {
        this.#flows.set(mid, this.#engine.options.media.flow(from, to));
      }
    }
  }

  sentOn(mid: string): OutgoingTrack | undefined {
    return this.#sending.get(mid);
  }

  sendsOn(mid: string): boolean {
    const line = this.#lines.find((one) => one.mid === mid);
    return line !== undefined && !line.stopped && sends(line.direction);
  }

  openChannel(options: ChannelOptions, handle: (event: ChannelEvent) => void): EngineChannel {
    const channel = new DoubleChannel(this, this.#engine.options.step, options, handle);
    this.channels.push(channel);
    if (this.#connectedTo) void this.#engine.options.step().then(() => channel.open());
    return channel;
  }

  async stats(): Promise<EngineStats> {
    await this.#engine.options.step();
    return doubleStats({ lines: this.#lines, ufrag: this.#credentials.ufrag, pair: this.#pair() });
  }

  #pair(): [string, string] | null {
    const [local] = this.#candidates;
    const [remote] = this.#connectedTo?.known ?? [];
    return local && remote ? [local, remote] : null;
  }

  get known(): string[] {
    return this.#candidates;
  }

  /** As when the network between the two is gone. */
  cut(): void {
    this.tell({ type: 'ice-state', state: 'disconnected' });
  }

  close(): void {
    if (this.closed) return;
    const other = this.#connectedTo;
    this.closed = true;
    for (const [, stop] of this.#flows) stop();
    void this.#engine.options.step().then(() => {
      other?.tell({ type: 'dtls-state', state: 'closed' });
    });
  }
}

/** str0m knows no other protocols, and no line that does not say which way it goes. */
function isPlain({ isMedia, isData, protocol, lines }: Section): boolean {
  if (!isMedia) return isData;
  return protocol === 'UDP/TLS/RTP/SAVPF' && lines.some((line) => /^a=(?:send|recv|inactive)/u.test(line));
}

function parsed(text: string): Sdp {
  try {
    return Sdp.parse(text);
  } catch (error) {
    const reason = error instanceof SdpSyntaxError ? error.message : 'unknown';
    throw new EngineError('sdp-syntax', reason);
  }
}
