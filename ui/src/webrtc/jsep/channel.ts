// One data channel (W3C webrtc-pc, section 6.2).

import type { ChannelEvent, EngineChannel } from '../engine';
import { RTCDataChannel } from '../interfaces/data-channel';
import { RTCErrorEvent } from '../interfaces/events';
import { RTCError } from '../interfaces/rtc-error';
import { invalidState, notSupported, operationError } from '../webidl/errors';
import { make } from '../webidl/interface';
import { queueTask } from '../webidl/tasks';
import type { Peer } from './peer';
import { MAX_MESSAGE_SIZE } from './transports';

/** What may wait to be sent, as in the browsers. */
const MAX_BUFFERED = 16 * 1024 * 1024;

let made = 0;

export interface ChannelInit {
  label: string;
  protocol: string;
  ordered: boolean;
  maxPacketLifeTime: number | null;
  maxRetransmits: number | null;
  negotiated: boolean;
  id: number | null;
}

export class Channel {
  readonly facade: RTCDataChannel;
  /** Tells this one from the others of the page. */
  readonly number = ++made;
  readyState: RTCDataChannelState = 'connecting';
  binaryType: BinaryType = 'arraybuffer';
  bufferedAmount = 0;
  threshold = 0;
  id: number | null;
  messagesSent = 0;
  messagesReceived = 0;
  bytesSent = 0;
  bytesReceived = 0;
  readonly #peer: Peer;
  #engine: EngineChannel | null = null;
  /** Blobs must be read first; what is sent after one waits for it. */
  #reading: Promise<void> | null = null;
  #announced = false;

  constructor(
    peer: Peer,
    readonly init: ChannelInit,
  ) {
    this.#peer = peer;
    this.id = init.id;
    this.facade = make(RTCDataChannel, this);
  }

  attach(open: (handle: (event: ChannelEvent) => void) => EngineChannel): void {
    this.#engine = open((event) => queueTask(() => this.#handle(event)));
  }

  #handle(event: ChannelEvent): void {
    if (this.readyState === 'closed') return;
    switch (event.type) {
      case 'opened':
        return this.#opened(event.id);
      case 'message':
        return this.#received(event.data);
      case 'sent':
        return this.#sent(event.bytes);
      case 'closed':
        return this.#closedByTransport();
    }
  }

  #opened(id: number): void {
    this.id = id;
    if (this.readyState !== 'connecting') return;
    this.readyState = 'open';
    this.#peer.channels.countOpened();
    this.announceOpen();
  }

  announceOpen(): void {
    if (this.readyState !== 'open' || this.#announced) return;
    this.#announced = true;
    this.#fire('open');
  }

  #received(data: string | ArrayBuffer): void {
    if (this.readyState !== 'open' && this.readyState !== 'closing') return;
    this.messagesReceived += 1;
    this.bytesReceived += typeof data === 'string' ? byteLength(data) : data.byteLength;
    const shown = typeof data === 'string' || this.binaryType === 'arraybuffer' ? data : new Blob([data]);
    this.facade.dispatchEvent(new MessageEvent('message', { data: shown, origin: globalThis.origin }));
  }

  #sent(bytes: number): void {
    const before = this.bufferedAmount;
    this.bufferedAmount = Math.max(0, before - bytes);
    if (before > this.threshold && this.bufferedAmount <= this.threshold) this.#fire('bufferedamountlow');
  }

  send(message: string | Uint8Array | Blob): void {
    if (this.readyState !== 'open') throw invalidState(`The channel is ${this.readyState}`);
    const size = typeof message === 'string' ? byteLength(message) : sizeOf(message);
    // str0m drops it: nothing would arrive, and nobody would know.
    if (size === 0) throw notSupported('An empty message cannot be sent');
    if (size > (this.#peer.transport.sctp?.maxMessageSize ?? MAX_MESSAGE_SIZE)) {
      throw new TypeError('The message is larger than the other side takes');
    }
    if (this.bufferedAmount + size > MAX_BUFFERED) throw operationError('Too much waits to be sent');
    this.bufferedAmount += size;
    this.messagesSent += 1;
    this.bytesSent += size;
    if (message instanceof Blob) this.#afterReading(async () => this.#give(await bytesOf(message)));
    else if (this.#reading) {
      // The page may go on writing into what it sent.
      const kept = typeof message === 'string' ? message : message.slice();
      this.#afterReading(() => Promise.resolve(this.#give(kept)));
    } else this.#engine?.send(message);
  }

  #give(message: string | Uint8Array): void {
    if (this.readyState !== 'closed') this.#engine?.send(message);
  }

  #afterReading(task: () => Promise<void>): void {
    const done: Promise<void> = (this.#reading ?? Promise.resolve()).then(task).finally(() => {
      if (this.#reading === done) this.#reading = null;
    });
    this.#reading = done;
    // A blob that can no longer be read ends the channel: a message would be missing.
    done.catch(() => queueTask(() => this.fail('A message could not be read')));
  }

  /** What was given to `send` before still goes out. */
  close(): void {
    if (this.readyState === 'closing' || this.readyState === 'closed') return;
    this.readyState = 'closing';
    if (this.#reading) this.#afterReading(() => Promise.resolve(this.#engine?.close()));
    else this.#engine?.close();
  }

  #closedByTransport(): void {
    if (this.readyState !== 'closing') {
      this.readyState = 'closing';
      this.#fire('closing');
    }
    this.#end();
  }

  /** Ends with an error that the page is told of. */
  fail(message: string): void {
    if (this.readyState === 'closed') return;
    const error = new RTCError({ errorDetail: 'sctp-failure' }, message);
    this.readyState = 'closed';
    this.facade.dispatchEvent(new RTCErrorEvent('error', { error }));
    this.#end();
  }

  #end(): void {
    this.readyState = 'closed';
    this.#peer.channels.forget(this);
    this.#fire('close');
  }

  #fire(type: string): void {
    this.facade.dispatchEvent(new Event(type));
  }
}

const byteLength = (text: string): number => new TextEncoder().encode(text).length;
const sizeOf = (message: Uint8Array | Blob): number =>
  message instanceof Blob ? message.size : message.byteLength;
const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());
