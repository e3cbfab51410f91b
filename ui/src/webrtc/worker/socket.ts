import { readHeader, type Header } from '../frame';
import type { AppMessage, PageMessage } from '../wire';

/** Bytes on their way to the app from which on pictures are left out: some 100 ms of a shared screen. */
const CONGESTED_BYTES = 256 * 1024;

interface Handler {
  said(message: AppMessage): void;
  binary(header: Header, frame: ArrayBuffer): void;
  lost(): void;
}

/** The WebSocket to the app. What is said before the app's welcome waits; frames do not. */
export class AppSocket {
  readonly #handler: Handler;
  #socket: WebSocket | null = null;
  #waiting: string[] = [];
  #welcome = false;

  constructor(handler: Handler) {
    this.#handler = handler;
  }

  /** Whether more pictures would only queue up. */
  get congested(): boolean {
    return !this.#welcome || (this.#socket?.bufferedAmount ?? 0) > CONGESTED_BYTES;
  }

  /** What waits is not said any more. */
  forget(): void {
    this.#waiting = [];
  }

  connect(url: string, token: string): void {
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      const hello: PageMessage = { type: 'hello', token };
      socket.send(JSON.stringify(hello));
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') return this.#said(JSON.parse(data) as AppMessage);
      const header = readHeader(data);
      if (header) this.#handler.binary(header, data);
    };
    socket.onclose = () => {
      this.#socket = null;
      this.#welcome = false;
      this.#handler.lost();
    };
  }

  say(message: PageMessage): void {
    const text = JSON.stringify(message);
    if (this.#welcome) this.#socket?.send(text);
    else this.#waiting.push(text);
  }

  send(frame: ArrayBuffer): void {
    if (this.#welcome) this.#socket?.send(frame);
  }

  #said(message: AppMessage): void {
    if (message.type !== 'welcome') return this.#handler.said(message);
    this.#welcome = true;
    for (const text of this.#waiting.splice(0)) this.#socket?.send(text);
  }
}
