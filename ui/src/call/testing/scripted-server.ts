import type { ClientFrame, ClientMessage, ServerMessage, Welcome } from '../../protocol/messages';
import type { OpenTransport, TransportEvents } from '../transport';

/** A connection as the far end of a test sees it. */
export interface Connection {
  url: string;
  sent: ClientFrame[];
  /** By either side; nothing happens on it after that. */
  closed: boolean;
  events: TransportEvents;
  /** Says it as it is. */
  say(message: ServerMessage, seq?: number, ack?: number): void;
  said<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[];
}

/** Records what the page sends; the test says by hand what the server does. */
export function scriptedServer(): { open: OpenTransport; connections: Connection[]; last(): Connection } {
  const connections: Connection[] = [];
  const open: OpenTransport = (url, events) => {
    const sent: ClientFrame[] = [];
    const connection: Connection = {
      url,
      sent,
      closed: false,
      events: {
        opened: () => !connection.closed && events.opened(),
        received: (text) => !connection.closed && events.received(text),
        closed: (code) => {
          if (connection.closed) return;
          connection.closed = true;
          events.closed(code);
        },
      },
      say: (message, seq, ack = 0) => {
        connection.events.received(JSON.stringify({ ...(seq === undefined ? {} : { seq }), ack, message }));
      },
      said: (type) =>
        sent.flatMap(({ message }) =>
          message.type === type ? [message as Extract<ClientMessage, { type: typeof type }>] : [],
        ),
    };
    connections.push(connection);
    return {
      send: (text) => void sent.push(JSON.parse(text) as ClientFrame),
      close: () => void (connection.closed = true),
    };
  };
  return { open, connections, last: () => connections.at(-1)! };
}

export function welcomeTo(change: Partial<Welcome> = {}): ServerMessage {
  return {
    type: 'welcome',
    you: 1,
    role: 'participant',
    session: 1,
    continued: false,
    received: 0,
    resume: 'resume-token',
    room: '482193775',
    host: 'ada-laptop',
    capacity: 6,
    participants: [],
    iceServers: [],
    invite: null,
    limits: { messageBytes: 65536, nameChars: 64, silenceMs: 6000, graceMs: 30_000 },
    ...change,
  };
}
