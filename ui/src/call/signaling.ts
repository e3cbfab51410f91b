import {
  VERSION,
  type ClientFrame,
  type Colour,
  type ErrorCode,
  type EndReason,
  type MediaState,
  type ResumeToken,
  type Role,
  type ServerMessage,
  type Tried,
  type Welcome,
} from '../protocol/messages';
import { decodeServerFrame, type DecodedFrame } from '../protocol/decode';
import type { OwnServer } from '../platform/platform';
import { isWorse, retryDelay, type LinkState } from './link-state';
import { Scope } from './scope';
import { Session, type Remark, type SequencedMessage } from './session';
import { openWebSocket, type OpenTransport, type Transport } from './transport';

/** How to get into a room. */
export interface Entrance {
  /** Nine digits; null creates a room. */
  room: string | null;
  /** Where its host is said to be, `HOST:PORT`. */
  at?: string;
  name: string;
  /** What the person chose to be known by. */
  colour?: Colour;
  role: Role;
  capabilities: string[];
  /** What is sent now: asked each time the room is entered. */
  state: () => MediaState;
  /** For the seat that this page had before it was reloaded. */
  resume?: ResumeToken;
}

/** What happens in the room, in order and each once. */
export type RoomMessage = Extract<
  ServerMessage,
  {
    type:
      'joined' | 'reconnecting' | 'resumed' | 'left' | 'changed' | 'hand' | 'reaction' | 'signal' | 'invite';
  }
>;

/** Why it is over. */
export type Ending =
  | { reason: 'left' }
  | { reason: 'ended'; why: EndReason }
  | { reason: 'refused'; code: ErrorCode; retryAfterMs?: number; tried?: Tried }
  | { reason: 'unreachable' };

export interface SignalingEvents {
  /** In the room. With `continued` the room is as it was, and what was missed follows. */
  welcome(welcome: Welcome): void;
  message(message: RoomMessage): void;
  /** Before the first welcome only on the way back to a seat. */
  link(state: LinkState): void;
  /** Once; nothing comes after it. */
  over(ending: Ending): void;
}

export interface SignalingDeps {
  open: OpenTransport;
  /** 0 to 1. */
  random: () => number;
  /** Calls when a link that was lost may be back: the network or the page's visibility changed. */
  onWake: (scope: Scope, run: () => void) => void;
}

/** Attempts to reach the server before the first welcome. With the waits above about 4 s. */
const ENTRY_ATTEMPTS = 5;
/** The longest wait, in ms, that the server may ask for and nobody is bothered with, and how often in a row. */
const ENTRY_WAIT_MS = 4000;
const ENTRY_WAITS = 3;
/** The pause, in ms, between requests to look for the room's host: each of them lasts as long as the search. */
const SEARCH_PAUSE_MS = 500;
/**
 * How long a page that was loaded again looks for its seat, in ms: no seat is kept for longer
 * (`limits::LONGEST_GRACE` of crates/protocol).
 */
export const RETURN_MS = 600_000;
/** A link that held this long, in ms, was not lost again by the same fault: the next wait is short. */
const STEADY_MS = 5000;
/** Silence, in ms, until the server has told its own limit; also the time for opening a connection. */
const FIRST_SILENCE_MS = 10_000;
/** How long a leave waits for the server's answer, in ms. The person waits for it only on the way to another room. */
const LEAVE_PATIENCE_MS = 1000;
/** Close codes of docs/protocol.md that say what to do next. */
const CLOSED = { wrongToken: 4401, hostLost: 4404, versionMismatch: 4406, replaced: 4409 } as const;

/** Refusals of a return that another attempt would only repeat. */
const FINAL: readonly ErrorCode[] = [
  'unknown-room',
  'room-full',
  'not-allowed',
  'invalid-field',
  'version-mismatch',
  // This launch of the page's own app is over, and its rights with it.
  'wrong-token',
  'replaced',
];

/**
 * One membership in a room, from entering it to leaving it: speaks docs/protocol.md with the page's own
 * server, and comes back by itself when the link is lost, so that nothing is lost and nothing comes twice.
 */
export class Signaling {
  readonly #scope = new Scope();
  readonly #server: OwnServer;
  readonly #entrance: Entrance;
  readonly #events: SignalingEvents;
  readonly #deps: SignalingDeps;

  #transport: Transport | null = null;
  /** The one that was asked for, or created: whatever a host says later, no other. */
  #room: string | null;
  #session = new Session();
  #welcome: Welcome | null = null;
  #link: LinkState | null = null;
  /** In the room over the present connection. */
  #joined = false;
  #leaving = false;
  #losses = 0;
  /** How often an entry has waited because the server wished it. */
  #waits = 0;

  #cancelSilence = () => {};
  #cancelSteady = () => {};
  #cancelLost = () => {};
  #cancelReturn = () => {};
  /** Set while waiting to reconnect. */
  #cancelRetry: (() => void) | null = null;

  /** Begins to enter at once; the events come later. */
  constructor(server: OwnServer, entrance: Entrance, events: SignalingEvents, deps = browserDeps) {
    this.#server = server;
    this.#entrance = entrance;
    this.#room = entrance.room;
    this.#events = events;
    this.#deps = deps;
    this.#scope.add(() => this.#transport?.close());
    deps.onWake(this.#scope, () => this.#cancelRetry && this.#connect());
    if (entrance.resume) this.#cancelReturn = this.#scope.timeout(() => this.#giveUp(), RETURN_MS);
    this.#connect();
  }

  /** Says something in the session; without a link it is kept and said later. Before the welcome: nothing. */
  send(message: SequencedMessage): void {
    if (!this.#welcome || this.#scope.ended || this.#leaving) return;
    const frame = this.#session.next(message);
    if (!this.#joined) return;
    if (this.#session.continuable) this.#say(frame);
    else this.#dropLink();
  }

  /** Leaves the room. `over` follows. */
  leave(): void {
    if (!this.#joined) return this.#over({ reason: 'left' });
    this.send({ type: 'leave' });
    this.#leaving = true;
    this.#scope.timeout(() => this.#over({ reason: 'left' }), LEAVE_PATIENCE_MS);
  }

  /** Says something that is only of use now, and outside the session: without a link it is not said. */
  remark(message: Remark): void {
    if (this.#joined && !this.#leaving) this.#say(this.#session.frame({ message }));
  }

  /** Takes the seat again with a new session: the others then make their links to this page anew. */
  beginAnew(): void {
    this.#session.abandon();
    this.#dropLink();
  }

  /** Comes back, and is not put off as easily as who comes for the first time. */
  get #hasSeat(): boolean {
    return this.#welcome !== null || this.#entrance.resume !== undefined;
  }

  #connect(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#restartSilence();
    this.#transport = this.#deps.open(this.#server.url, {
      opened: () => this.#enter(),
      received: (text) => this.#received(text),
      closed: (code) => this.#closed(code),
    });
  }

  /** The greeting and the entry go out together: one round trip. */
  #enter(): void {
    const { token } = this.#server;
    this.#say({ ack: 0, message: { type: 'hello', versions: [VERSION], ...(token ? { token } : {}) } });
    const { name, colour, role, capabilities, state, resume, at } = this.#entrance;
    const entrant = { name, ...(colour ? { colour } : {}), role, capabilities, state: state() };
    const room = this.#room;
    if (room === null) {
      this.#say({ ack: 0, message: { type: 'create', ...entrant } });
      return;
    }
    const seat = this.#welcome?.resume ?? resume;
    const received = this.#welcome && this.#session.continuable ? { received: this.#session.received } : {};
    const back = seat ? { resume: { token: seat, ...received } } : {};
    // Whoever comes back is known to the server, which knows better where the host is now.
    const where = at && !seat ? { at } : {};
    this.#say({ ack: 0, message: { type: 'join', room, ...where, ...back, ...entrant } });
  }

  #say(frame: ClientFrame): void {
    this.#transport?.send(JSON.stringify(frame));
  }

  #received(text: string): void {
    this.#restartSilence();
    const frame = decodeServerFrame(text);
    if (!frame) return;
    if (this.#joined) this.#session.acknowledged(frame.ack);
    if (frame.seq === undefined) this.#unsequenced(frame);
    else this.#sequenced(frame.seq, frame);
  }

  #sequenced(seq: number, { message }: DecodedFrame): void {
    if (!this.#joined) return;
    const place = this.#session.receive(seq);
    if (place === 'gap') return this.beginAnew();
    if (place === 'again') return;
    if (message) this.#deliver(message);
    if (this.#joined && this.#session.acknowledgementDue) this.#acknowledge();
  }

  #acknowledge(): void {
    this.#say(this.#session.frame({ message: { type: 'pong' } }));
  }

  #deliver(message: ServerMessage): void {
    switch (message.type) {
      case 'ended':
        return this.#over({ reason: 'ended', why: message.reason });
      case 'left':
        if (message.participant === this.#welcome?.you) return this.#over({ reason: 'left' });
        return this.#events.message(message);
      case 'joined':
      case 'reconnecting':
      case 'resumed':
      case 'changed':
      case 'hand':
      case 'signal':
      case 'invite':
        return this.#events.message(message);
    }
  }

  #unsequenced({ message }: DecodedFrame): void {
    switch (message?.type) {
      case 'welcome':
        return this.#welcomed(message);
      case 'ping':
        return this.#acknowledge();
      case 'reaction':
        return this.#joined ? this.#events.message(message) : undefined;
      case 'error':
        // In the room a refusal concerns one message only; what ends the link follows as a close code.
        return this.#joined ? undefined : this.#refused(message);
    }
  }

  #welcomed(welcome: Welcome): void {
    if (welcome.room !== (this.#room ??= welcome.room)) return this.#hostLost();
    const continued = welcome.continued && this.#welcome !== null && this.#session.continuable;
    this.#welcome = welcome;
    this.#joined = true;
    this.#cancelLost();
    this.#cancelReturn();
    this.#cancelSteady();
    this.#cancelSteady = this.#scope.timeout(() => (this.#losses = 0), STEADY_MS);
    if (continued) {
      this.#session.acknowledged(welcome.received);
      for (const frame of this.#session.unacknowledged()) this.#say(frame);
    } else {
      this.#session = new Session();
    }
    this.#restartSilence();
    this.#setLink('up');
    this.#events.welcome({ ...welcome, continued });
  }

  #refused({ code, retryAfterMs, tried }: Extract<ServerMessage, { type: 'error' }>): void {
    if (!this.#hasSeat && code === 'try-later' && this.#waitsOut(retryAfterMs)) return;
    if (!this.#hasSeat || FINAL.includes(code)) {
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
      return this.#over({ reason: 'refused', code, ...wait, ...(tried ? { tried } : {}) });
    }
    if (code === 'host-unreachable') return this.#hostLost();
    // Who stands in between shall not be able to end the call.
    this.#dropLink(retryAfterMs, code === 'intercepted' ? code : 'reconnecting');
  }

  /** Tries again after a short wait; false: the person decides whether to. */
  #waitsOut(wait = Infinity): boolean {
    if (wait > ENTRY_WAIT_MS || this.#waits >= ENTRY_WAITS) return false;
    this.#waits += 1;
    // It answers: no attempt to reach it has failed.
    this.#losses = 0;
    this.#dropLink(wait);
    return true;
  }

  #closed(code: number): void {
    if (code === CLOSED.replaced) return this.#over({ reason: 'refused', code: 'replaced' });
    if (code === CLOSED.versionMismatch) return this.#over({ reason: 'refused', code: 'version-mismatch' });
    if (code === CLOSED.wrongToken) return this.#over({ reason: 'refused', code: 'wrong-token' });
    if (code === CLOSED.hostLost) return this.#hostLost();
    this.#lost();
  }

  /** Gives the present connection up and comes back over a new one. */
  #dropLink(wait?: number, state?: LinkState): void {
    this.#transport?.close();
    this.#lost(wait, state);
  }

  #lost(wait = 0, state: LinkState = 'reconnecting'): void {
    this.#disconnected();
    if (this.#leaving) return this.#over({ reason: 'left' });
    if (!this.#hasSeat && this.#losses + 1 >= ENTRY_ATTEMPTS) return this.#over({ reason: 'unreachable' });
    this.#showLoss(state);
    this.#reconnectIn(Math.max(wait, retryDelay(this.#losses, this.#deps.random())));
    this.#losses += 1;
  }

  /** The way from the page's own server to the room's host is lost: it is looked for as soon as the page asks. */
  #hostLost(): void {
    this.#transport?.close();
    this.#disconnected();
    if (this.#leaving) return this.#over({ reason: 'left' });
    if (!this.#hasSeat) return this.#over({ reason: 'refused', code: 'host-unreachable' });
    this.#showLoss('searching');
    this.#reconnectIn(this.#losses === 0 ? 0 : SEARCH_PAUSE_MS);
    this.#losses = Math.max(this.#losses, 1);
  }

  #disconnected(): void {
    this.#transport = null;
    this.#joined = false;
    this.#cancelSilence();
    this.#cancelSteady();
  }

  #reconnectIn(milliseconds: number): void {
    this.#cancelRetry = this.#scope.timeout(() => this.#connect(), milliseconds);
  }

  #showLoss(state: LinkState): void {
    if (!this.#hasSeat || !isWorse(state, this.#link)) return;
    if (this.#link === 'up' && this.#welcome)
      this.#cancelLost = this.#scope.timeout(() => this.#showLoss('lost'), this.#welcome.limits.graceMs);
    this.#setLink(state);
  }

  /** The seat of before is gone by now. */
  #giveUp(): void {
    if (this.#link === 'intercepted') return this.#over({ reason: 'refused', code: 'intercepted' });
    if (this.#link === 'searching') return this.#over({ reason: 'refused', code: 'host-unreachable' });
    this.#over({ reason: 'unreachable' });
  }

  #restartSilence(): void {
    this.#cancelSilence();
    const limit = this.#joined && this.#welcome ? this.#welcome.limits.silenceMs : FIRST_SILENCE_MS;
    this.#cancelSilence = this.#scope.timeout(() => this.#dropLink(), limit);
  }

  #setLink(state: LinkState): void {
    if (state === this.#link) return;
    this.#link = state;
    this.#events.link(state);
  }

  #over(ending: Ending): void {
    if (this.#scope.ended) return;
    this.#joined = false;
    this.#scope.end();
    this.#events.over(ending);
  }
}

/** The real network and page. */
export const browserDeps: SignalingDeps = {
  open: openWebSocket,
  random: Math.random,
  onWake: (scope, run) => {
    scope.listen(window, 'online', run);
    scope.listen(document, 'visibilitychange', () => document.visibilityState === 'visible' && run());
  },
};
