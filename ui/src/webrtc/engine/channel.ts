import type { ChannelEvent, EngineChannel } from '../engine';
import type { WorkerLink } from './worker-link';

/** A data channel of a connection. */
export class Channel implements EngineChannel {
  readonly #link: WorkerLink;
  readonly #connection: number;
  readonly #channel: number;
  handle: (event: ChannelEvent) => void;

  constructor(link: WorkerLink, connection: number, channel: number, handle: (event: ChannelEvent) => void) {
    this.#link = link;
    this.#connection = connection;
    this.#channel = channel;
    this.handle = handle;
  }

  send(message: string | Uint8Array): void {
    const place = { connection: this.#connection, channel: this.#channel };
    if (typeof message === 'string') return this.#link.give({ type: 'message', ...place, data: message });
    // The page may go on writing into what it sent.
    const data = message.slice().buffer;
    this.#link.give({ type: 'message', ...place, data }, [data]);
  }

  setLowThreshold(bytes: number): void {
    const place = { connection: this.#connection, channel: this.#channel };
    this.#link.say({ type: 'low-threshold', ...place, bytes });
  }

  close(): void {
    const place = { connection: this.#connection, channel: this.#channel };
    this.#link.say({ type: 'close-channel', ...place });
  }
}
