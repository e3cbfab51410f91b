// A room as docs/protocol.md describes it, over links that lose what is on its way. With fake timers only.

import type { ClientFrame, ServerMessage } from '../../protocol/messages';
import type { OpenTransport, TransportEvents } from '../transport';
import { welcomeTo } from './scripted-server';

interface Seat {
  id: number;
  token: string;
  session: number;
  lastSent: number;
  received: number;
  kept: { seq: number; message: ServerMessage }[];
  link: Link | null;
}

/** One connection; frames keep their order and are lost with it. */
class Link {
  alive = true;
  seat: Seat | null = null;
  #arrivals = { up: 0, down: 0 };

  constructor(
    readonly room: SimulatedRoom,
    readonly page: TransportEvents,
    readonly random: () => number,
  ) {
    this.carry('down', () => this.page.opened());
  }

  /** Runs after the latency of this link, never before what was sent earlier. */
  carry(direction: 'up' | 'down', arrive: () => void): void {
    const at = Math.max(this.#arrivals[direction], Date.now() + 1 + this.random() * 80);
    this.#arrivals[direction] = at;
    setTimeout(() => this.alive && arrive(), at - Date.now());
  }

  /** What is on its way is lost. A page that is not told has to notice the silence itself. */
  cut(tell: boolean): void {
    if (!this.alive) return;
    this.alive = false;
    if (this.seat?.link === this) this.seat.link = null;
    if (tell) setTimeout(() => this.page.closed(1006), 1 + this.random() * 30);
  }

  say(message: ServerMessage, seq?: number): void {
    const ack = this.seat?.received ?? 0;
    const text = JSON.stringify({ ...(seq === undefined ? {} : { seq }), ack, message });
    this.carry('down', () => this.page.received(text));
  }
}

export class SimulatedRoom {
  readonly seats: Seat[] = [];
  readonly links: Link[] = [];
  /** What broke the rules of numbering; empty after a good run. */
  readonly faults: string[] = [];
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
    setInterval(() => this.links.forEach((link) => link.alive && link.say({ type: 'ping' })), 2000);
  }

  readonly open: OpenTransport = (_url, events) => {
    const link = new Link(this, events, this.#random);
    this.links.push(link);
    return {
      send: (text) => link.carry('up', () => this.#received(link, JSON.parse(text) as ClientFrame)),
      close: () => link.cut(false),
    };
  };

  cutOne(): void {
    const alive = this.links.filter((link) => link.alive);
    alive[Math.floor(this.#random() * alive.length)]?.cut(this.#random() < 0.7);
  }

  #received(link: Link, { seq, ack, message }: ClientFrame): void {
    const { seat } = link;
    if (seat) seat.kept = seat.kept.filter((said) => said.seq > ack);
    if (message.type === 'hello') return link.say({ type: 'hello', version: 1, mayCreate: false });
    if (message.type === 'join') return this.#join(link, message.resume);
    if (!seat || seq === undefined || seq <= seat.received) return;
    if (seq !== seat.received + 1) this.faults.push(`gap before ${seq}`);
    seat.received = seq;
    if (message.type !== 'signal') return;
    const to = this.seats.find(({ id }) => id === message.to);
    if (to) this.#tell(to, { type: 'signal', from: seat.id, session: seat.session, signal: message.signal });
  }

  #join(link: Link, resume?: { token: string; received?: number }): void {
    const known = this.seats.find(({ token }) => token === resume?.token);
    if (!known || resume?.received === undefined) return this.#newSeat(link);
    known.link?.cut(false);
    known.link = link;
    link.seat = known;
    known.kept = known.kept.filter(({ seq }) => seq > (resume.received ?? 0));
    link.say(this.#welcome(known, true));
    for (const { seq, message } of known.kept) link.say(message, seq);
  }

  #newSeat(link: Link): void {
    const id = this.seats.length + 1;
    const seat: Seat = { id, token: `token-${id}`, session: 1, lastSent: 0, received: 0, kept: [], link };
    this.seats.push(seat);
    link.seat = seat;
    link.say(this.#welcome(seat, false));
  }

  #welcome({ id, token, received }: Seat, continued: boolean): ServerMessage {
    return welcomeTo({ you: id, resume: token, continued, received });
  }

  #tell(seat: Seat, message: ServerMessage): void {
    const seq = ++seat.lastSent;
    seat.kept.push({ seq, message });
    seat.link?.say(message, seq);
  }
}
