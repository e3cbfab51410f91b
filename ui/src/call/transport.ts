// What carries signaling frames to the page's own server and back. A WebSocket does today; whatever else
// carries texts in order and tells when it is broken can.

/** A connection in use. After `close` none of its events comes any more. */
export interface Transport {
  /** Only after `opened`. What is sent into a broken connection is lost. */
  send(text: string): void;
  close(): void;
}

export interface TransportEvents {
  opened(): void;
  received(text: string): void;
  /** Once, also when it could not be opened. `code` is the close code of RFC 6455, section 7.4. */
  closed(code: number): void;
}

export type OpenTransport = (url: string, events: TransportEvents) => Transport;

/** The connection broke without a closing handshake (RFC 6455, section 7.1.5). */
export const ABNORMAL_CLOSURE = 1006;

export const openWebSocket: OpenTransport = (url, events) => {
  let listening = true;
  const closed = (code: number) => {
    if (!listening) return;
    listening = false;
    events.closed(code);
  };

  let socket: WebSocket;
  try {
    socket = new WebSocket(url);
  } catch {
    // Refused by the page's own rules: told like every other failure, after this call.
    queueMicrotask(() => closed(ABNORMAL_CLOSURE));
    return { send: () => {}, close: () => void (listening = false) };
  }
  socket.onopen = () => listening && events.opened();
  socket.onmessage = ({ data }) => listening && typeof data === 'string' && events.received(data);
  socket.onclose = ({ code }) => closed(code);

  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close() {
      listening = false;
      socket.close();
    },
  };
};
