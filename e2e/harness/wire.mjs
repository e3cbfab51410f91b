// A client that speaks the signaling protocol by hand (docs/protocol.md), well or badly.

import { once } from 'node:events';
import WebSocket from 'ws';
import { afterwards } from './afterwards.mjs';
import { until } from './until.mjs';

/** @typedef {{ seq?: number, ack: number, message: Record<string, any> & { type: string } }} Frame */

export class Client {
  /** What arrived and was not taken yet. @type {Frame[]} */
  #inbox = [];
  #received = 0;
  /** The close code, once the connection is closed. @type {number | null} */
  closed = null;

  /** @param {WebSocket} socket @param {boolean} acknowledges */
  constructor(socket, acknowledges) {
    this.socket = socket;
    this.acknowledges = acknowledges;
    socket.on('message', (data) => this.#take(JSON.parse(String(data))));
    socket.on('close', (code) => (this.closed = code));
    socket.on('error', () => {}); // `close` follows
  }

  /**
   * Connects to the page's own server: the one that serves `page`.
   *
   * @param {import('node:test').TestContext} test
   * @param {string} page
   * @param {{ acknowledges?: boolean, headers?: Record<string, string> }} [options]
   */
  static async connect(test, page, { acknowledges = true, headers } = {}) {
    const socket = open(page, headers);
    afterwards(test, () => socket.terminate());
    const client = new Client(socket, acknowledges);
    await once(socket, 'open');
    return client;
  }

  /**
   * Connects as the page of the person at the machine where the server is, and says hello.
   *
   * @param {import('node:test').TestContext} test
   * @param {import('./server.mjs').Server} server
   */
  static async atHome(test, server) {
    const { host, origin, hash } = new URL(server.local);
    const page = `http://127.0.0.1:${await server.door()}`;
    const client = await Client.connect(test, page, { headers: { Host: host, Origin: origin } });
    client.say({ type: 'hello', versions: [1], token: new URLSearchParams(hash.slice(1)).get('token') });
    await client.hears('hello');
    return client;
  }

  /** Connects, says hello and joins. @param {import('node:test').TestContext} test @param {string} link @param {string} name */
  static async joined(test, link, name, options = {}) {
    const client = await Client.connect(test, link, options);
    client.say({ type: 'hello', versions: [1] });
    client.say({ type: 'join', room: new URL(link).hash.slice(-9), name });
    client.welcome = await client.hears('welcome');
    return client;
  }

  /** @type {Record<string, any>} */
  welcome = {};

  /** @param {object} message @param {object} [frame] more members of the frame */
  say(message, frame = {}) {
    this.socket.send(JSON.stringify({ ack: this.acknowledges ? this.#received : 0, ...frame, message }));
  }

  /** Sends whatever it is. @param {string | Buffer} data */
  sayRaw(data) {
    this.socket.send(data);
  }

  /** Waits for the next message of one of these types; others before it are dropped. @param {...string} types */
  async hears(...types) {
    const wanted = types.join(' or ');
    const find = () => {
      const at = this.#inbox.findIndex((frame) => types.includes(frame.message.type));
      return at < 0 ? null : this.#inbox.splice(0, at + 1).pop();
    };
    const frame = await until(
      `the server says ${wanted}`,
      () => find() ?? (this.closed ? { message: null } : null),
    );
    if (!frame.message) throw new Error(`closed with ${this.closed} before ${wanted}`);
    return frame.message;
  }

  /** Waits for an error, and returns its code. @returns {Promise<string>} */
  async isRefused() {
    return (await this.hears('error')).code;
  }

  /** Waits for the end of the connection, and returns the close code. */
  async isClosed() {
    return until('the connection is closed', () => this.closed);
  }

  /** @param {Frame} frame */
  #take(frame) {
    if (frame.seq) this.#received = frame.seq;
    if (frame.message.type === 'ping') this.say({ type: 'pong' });
    else this.#inbox.push(frame);
  }
}

/** Tries to connect, and returns the HTTP status. @param {string} page @param {Record<string, string>} headers */
export async function upgradeStatus(page, headers) {
  const socket = open(page, headers);
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode);
    });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('error', reject);
  });
}

/** @param {string} page @param {Record<string, string>} [headers] instead of those that a page sends */
function open(page, headers) {
  const { origin, protocol, host } = new URL(page);
  const address = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`;
  return new WebSocket(address, {
    headers: headers ?? { Origin: origin },
    rejectUnauthorized: false,
    perMessageDeflate: false,
  });
}
