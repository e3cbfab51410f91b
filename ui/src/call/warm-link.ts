import type { OpenTransport, Transport, TransportEvents } from './transport';

/**
 * How long after the last sign of the person a connection is kept ready, in ms: long enough to read the lobby and
 * look into the camera. A page that is forgotten in a tab then costs the host nothing.
 */
export const READY_FOR_MS = 120_000;

/**
 * How old a connection may be that is still used, in ms: just below the time after which the server ends one that says
 * nothing. An older one is dead without knowing it: the machine slept, or has moved.
 */
export const FRESH_FOR_MS = 14_000;

/** One that ended sooner than this, in ms, is not replaced by itself: it would end as soon again. */
export const STEADY_AFTER_MS = 1000;

/** A connection that nobody uses yet. */
interface Waiting {
  url: string;
  transport: Transport | null;
  opened: boolean;
  since: number;
  events: TransportEvents | null;
}

/**
 * A connection that is opened before it is needed: over TLS a new one costs several round trips, and a person who
 * presses `Join` should not wait for them.
 */
export class WarmLink {
  readonly #open: OpenTransport;
  readonly #now: () => number;
  #waiting: Waiting | null = null;
  #wantedAt = -Infinity;

  constructor(open: OpenTransport, now: () => number = () => performance.now()) {
    this.#open = open;
    this.#now = now;
  }

  /** A connection to this address may be wanted soon. The server ends one that says nothing; then comes another. */
  expect(url: string): void {
    this.#wantedAt = this.#now();
    const waiting = this.#waiting;
    if (waiting?.url !== url || !this.#isFresh(waiting)) this.#prepare(url);
  }

  /** As what it was made with, but the connection that waits comes first. */
  readonly open: OpenTransport = (url, events) => {
    const waiting = this.#waiting;
    if (!waiting?.transport || waiting.url !== url || !this.#isFresh(waiting)) return this.#open(url, events);
    this.#waiting = null;
    const { transport } = waiting;
    let closed = false;
    // As with a new one, nothing happens before the caller has it.
    if (waiting.opened) queueMicrotask(() => !closed && events.opened());
    waiting.events = events;
    return {
      send: (text) => transport.send(text),
      close: () => {
        closed = true;
        transport.close();
      },
    };
  };

  #isFresh({ since }: Waiting): boolean {
    return this.#now() - since < FRESH_FOR_MS;
  }

  #prepare(url: string): void {
    this.#waiting?.transport?.close();
    const waiting: Waiting = { url, transport: null, opened: false, since: this.#now(), events: null };
    this.#waiting = waiting;
    waiting.transport = this.#open(url, {
      opened: () => {
        waiting.opened = true;
        waiting.events?.opened();
      },
      received: (text) => waiting.events?.received(text),
      closed: (code) => {
        if (waiting.events) return waiting.events.closed(code);
        if (this.#waiting !== waiting) return;
        this.#waiting = null;
        const wasSteady = waiting.opened && this.#now() - waiting.since >= STEADY_AFTER_MS;
        if (wasSteady && this.#now() - this.#wantedAt < READY_FOR_MS) this.#prepare(url);
      },
    });
  }
}
