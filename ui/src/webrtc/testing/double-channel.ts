// A data channel of the engine double.

import type { ChannelEvent, ChannelOptions, EngineChannel } from '../engine';
import type { DoubleConnection } from './engine-double';

export class DoubleChannel implements EngineChannel {
  #other: DoubleChannel | null = null;
  arrived = false;
  #ended = false;
  id = -1;

  constructor(
    readonly connection: DoubleConnection,
    readonly step: () => Promise<void>,
    readonly options: ChannelOptions,
    public handle: (event: ChannelEvent) => void,
  ) {}

  /** The two are connected now. */
  open(): void {
    const peer = this.connection.peer;
    if (this.arrived || this.#ended || !peer) return;
    this.arrived = true;
    const { negotiated } = this.options;
    if (negotiated !== undefined) {
      this.id = negotiated;
      const other = peer.channels.find((channel) => channel.options.negotiated === negotiated);
      if (other) this.#pair(other);
      this.handle({ type: 'opened', id: negotiated });
      return;
    }
    this.id = this.#freeId();
    const other = new DoubleChannel(peer, this.step, this.options, () => {});
    other.arrived = true;
    other.id = this.id;
    peer.channels.push(other);
    this.#pair(other);
    this.handle({ type: 'opened', id: this.id });
    peer.tell({
      type: 'channel',
      channel: other,
      options: this.options,
      id: this.id,
      listen: (handle) => (other.handle = handle),
    });
  }

  /** Even numbers for the DTLS client (RFC 8832, section 6). */
  #freeId(): number {
    const used = this.connection.channels.map(({ id }) => id);
    let id = this.connection.isActive ? 0 : 1;
    while (used.includes(id)) id += 2;
    return id;
  }

  pair(other: DoubleChannel): void {
    this.#other = other;
  }

  #pair(other: DoubleChannel): void {
    this.pair(other);
    other.pair(this);
  }

  send(message: string | Uint8Array): void {
    const size = typeof message === 'string' ? new TextEncoder().encode(message).length : message.byteLength;
    const data = typeof message === 'string' ? message : (message.slice().buffer as ArrayBuffer);
    void this.step().then(() => {
      if (this.connection.closed) return;
      this.handle({ type: 'sent', bytes: size });
      const other = this.#other;
      if (other && !other.connection.closed) other.handle({ type: 'message', data });
    });
  }

  setLowThreshold(): void {}

  close(): void {
    void this.step().then(() => {
      this.#end();
      this.#other?.endedByOther();
    });
  }

  endedByOther(): void {
    void this.step().then(() => this.#end());
  }

  #end(): void {
    if (this.#ended || this.connection.closed) return;
    this.#ended = true;
    this.connection.channels.splice(this.connection.channels.indexOf(this), 1);
    this.handle({ type: 'closed' });
  }
}
