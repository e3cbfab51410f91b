import type { OpenTransport, Transport, TransportEvents } from './transport';

/**
 * How long after the last sign of the person a connection is kept ready, in ms: long enough to read the lobby and
 * look into the camera. A page that is forgotten in a tab then costs the host nothing.
 */
export const READY_FOR_MS = 120_000;

/** A connection that nobody uses yet. */
interface Waiting {
  url: string;
  transport: Transport | null;
  opened: boolean;
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
    if (this.#waiting?.url !== url) this.#prepare(url);
  }

  /** As what it was made with, but the connection that waits comes first. */
  readonly open: OpenTransport = (url, events) => {
    const waiting = this.#waiting;
    if (!waiting?.transport || waiting.url !== url) return this.#open(url, events);
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

  #prepare(url: string): void {
    this.#waiting?.transport?.close();
    const waiting: Waiting = { url, transport: null, opened: false, events: null };
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
        // One that never opened would not do so the next time either.
        if (waiting.opened && this.#now() - this.#wantedAt < READY_FOR_MS) this.#prepare(url);
      },
    });
  }
}
