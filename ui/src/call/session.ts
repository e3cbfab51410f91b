// The numbering of one signaling session (docs/protocol.md, Sessions). Pure bookkeeping: no link, no clock.

import { ACKNOWLEDGE_EVERY, type ClientFrame, type ClientMessage } from '../protocol/messages';

/** What has a place in a session; everything else is said outside of it. */
export type SequencedMessage = Extract<ClientMessage, { type: 'leave' | 'signal' | 'state' | 'hand' }>;

/** What is said in a room, but has no place in the session: nobody wants it later. */
export type Remark = Extract<ClientMessage, { type: 'vouch' | 'react' }>;

/**
 * Most messages kept until the server acknowledges them, as many as the server keeps for us: a link that is
 * down while every peer gathers candidates stays far below it. Beyond, a new session costs less.
 */
const KEPT_MESSAGES = 256;

export class Session {
  /** The highest `seq` received. */
  #received = 0;
  /** How many of these the server has not been told of. */
  #untold = 0;
  #lastSent = 0;
  #kept: { seq: number; message: SequencedMessage }[] = [];
  #complete = true;

  /** What `ack` says in the next frame. */
  get received(): number {
    return this.#received;
  }

  /** Whether everything is known that continuing it needs. */
  get continuable(): boolean {
    return this.#complete;
  }

  /** Gives a message its place and keeps it until it is acknowledged. */
  next(message: SequencedMessage): ClientFrame {
    const seq = ++this.#lastSent;
    this.#kept.push({ seq, message });
    if (this.#kept.length > KEPT_MESSAGES) this.abandon();
    return this.frame({ seq, message });
  }

  /** A frame as it goes out now: it tells the server everything that has arrived. */
  frame(said: { seq?: number; message: ClientMessage }): ClientFrame {
    this.#untold = 0;
    return { ...said, ack: this.#received };
  }

  /** What the server has not acknowledged, in order. */
  unacknowledged(): ClientFrame[] {
    return this.#kept.map((said) => this.frame(said));
  }

  acknowledged(upTo: number): void {
    this.#kept = this.#kept.filter(({ seq }) => seq > upTo);
  }

  /** Whether the message with this number is the next, has come before, or leaves a gap. */
  receive(seq: number): 'new' | 'again' | 'gap' {
    if (seq <= this.#received) return 'again';
    if (seq > this.#received + 1) return 'gap';
    this.#received = seq;
    this.#untold += 1;
    return 'new';
  }

  /** Whether the server should be told now, without waiting for something to say. */
  get acknowledgementDue(): boolean {
    return this.#untold >= ACKNOWLEDGE_EVERY;
  }

  /** Gives up on continuing it. */
  abandon(): void {
    this.#complete = false;
    this.#kept = [];
  }
}
