// Clients of the three servers, as light as they can be: one class each, with the same members.
//
// What is measured is the server, so a client does not parse what it only counts.

import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { SIGNAL, SIGNAL_BYTES } from './signal.mjs';

/** @typedef {{ type: string, [field: string]: any }} Message */

/** What all have in common: a WebSocket, and counting. */
class Client {
  /** Called with each signal that arrives. */
  arrived = () => {};

  /** @param {string} url @param {Record<string, string>} [headers] */
  constructor(url, headers = {}) {
    this.socket = new WebSocket(url, { headers, perMessageDeflate: false });
    this.socket.on('error', () => {}); // whoever waits for `opened` is told
    this.opened = once(this.socket, 'open');
    this.opened.catch(() => {});
    this.socket.on('message', (/** @type {Buffer} */ data) => this.receive(data));
  }

  /** @param {Buffer} data */
  receive(data) {
    // Nothing else is nearly as long.
    if (data.length > SIGNAL_BYTES / 2) this.arrived();
    else this.other(data.toString());
  }

  /** @param {string} _text something short */
  other(_text) {}

  end() {
    this.socket.terminate();
  }
}

/** What tells a frame of the server: its numbers, at most 20 digits each here, and its type. */
const HEAD_BYTES = 80;

/** Frames of one direction after which a page acknowledges (docs/protocol.md). */
const ACKNOWLEDGE_EVERY = 32;

/** Speaks docs/protocol.md as our page does: numbered, and acknowledging. */
export class OurClient extends Client {
  #sent = 0;
  #received = 0;
  #acknowledged = 0;
  /** @type {((welcome: Message) => void) | null} */
  #awaiting = null;

  /** @param {number} port */
  constructor(port) {
    super(`ws://127.0.0.1:${port}/ws`, { Origin: `http://127.0.0.1:${port}` });
  }

  /** @param {{ token?: string, room?: string, capacity?: number }} entrance without a room: creates one */
  async enter({ token, room, capacity }) {
    await this.opened;
    this.#say({ type: 'hello', versions: [1], ...(token ? { token } : {}) });
    const welcomed = new Promise((resolve) => (this.#awaiting = resolve));
    const entrant = {
      name: 'Guest',
      capabilities: ['audio', 'video'],
      state: { microphone: true, camera: true },
    };
    this.#say(room ? { type: 'join', room, ...entrant } : { type: 'create', capacity, ...entrant });
    const welcome = /** @type {Message} */ (await welcomed);
    this.id = welcome.you;
    return String(welcome.room);
  }

  /** @param {OurClient} other */
  signal(other) {
    this.socket.send(
      `{"seq":${++this.#sent},"ack":${this.#received},"message":{"type":"signal","to":${other.id},"session":1,` +
        `"signal":{"description":${SIGNAL}}}}`,
    );
    this.#acknowledged = this.#received;
  }

  /** The one thing that one says to all: whether the microphone is on. @param {boolean} on */
  state(on) {
    this.#say({ type: 'state', microphone: on, camera: true }, ++this.#sent);
  }

  /** @param {Buffer} data */
  receive(data) {
    const start = data.toString('latin1', 0, HEAD_BYTES);
    if (start.startsWith('{"seq":')) {
      this.#received = parseInt(start.slice(7), 10);
      if (this.#received - this.#acknowledged >= ACKNOWLEDGE_EVERY) this.#say({ type: 'pong' });
    }
    // A welcome may be as long as a signal.
    if (start.includes('"type":"signal"')) this.arrived();
    else this.other(data.toString());
  }

  /** @param {string} text */
  other(text) {
    const { message } = JSON.parse(text);
    if (message.type === 'ping') this.#say({ type: 'pong' });
    else if (message.type === 'changed') this.arrived();
    else if (message.type === 'error') throw new Error(`our server says: ${message.message}`);
    else if (message.type === 'welcome') this.#awaiting?.(message);
  }

  /** @param {Message} message @param {number} [seq] */
  #say(message, seq) {
    this.#acknowledged = this.#received;
    this.socket.send(JSON.stringify({ ...(seq ? { seq } : {}), ack: this.#received, message }));
  }
}

/** As PeerJS's client library: an ID, a heartbeat, offers. */
export class PeerJsClient extends Client {
  id = '';

  /** @param {number} port @param {string} id */
  constructor(port, id = randomUUID()) {
    super(`ws://127.0.0.1:${port}/peerjs?key=peerjs&id=${id}&token=${randomUUID()}&version=1.5.5`);
    this.id = id;
  }

  async enter() {
    await this.opened;
    this.beat = setInterval(() => this.socket.send('{"type":"HEARTBEAT"}'), 5000);
  }

  /** @param {PeerJsClient} other */
  signal(other) {
    this.socket.send(`{"type":"OFFER","dst":"${other.id}","payload":{"sdp":${SIGNAL},"type":"media"}}`);
  }

  end() {
    clearInterval(this.beat);
    super.end();
  }
}

/** engine.io 4 and socket.io 5, over a WebSocket from the start. */
export class SocketIoClient extends Client {
  /** @type {(() => void)[]} */
  #awaiting = [];
  #room = '';

  /** @param {number} port */
  constructor(port) {
    super(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  }

  /** @param {{ room: string }} entrance */
  async enter({ room }) {
    await this.opened;
    const connected = new Promise((resolve) => this.#awaiting.push(() => resolve(null)));
    this.socket.send('40');
    await connected;
    const joined = new Promise((resolve) => this.#awaiting.push(() => resolve(null)));
    this.#room = room;
    this.socket.send(`420["join","${room}"]`);
    await joined;
  }

  /** To everybody else in the room. */
  signal() {
    this.socket.send(`42["signal","${this.#room}",${SIGNAL}]`);
  }

  /** @param {string} text */
  other(text) {
    if (text === '2') this.socket.send('3');
    // 40: connected; 43: an acknowledgement
    else if (text.startsWith('40') || text.startsWith('43')) this.#awaiting.shift()?.();
  }
}
