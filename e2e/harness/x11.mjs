// As much of the X11 protocol as asking a window to close takes: what a window manager does when a person
// presses the cross (ICCCM 4.2.8.1). A virtual display has no window manager to do it.

import { once } from 'node:events';
import net from 'node:net';

const GET_WINDOW_ATTRIBUTES = 3;
const CONFIGURE_WINDOW = 12;
const GET_GEOMETRY = 14;
const INTERN_ATOM = 16;
const GET_PROPERTY = 20;
const QUERY_TREE = 15;
const SEND_EVENT = 25;
const CLIENT_MESSAGE = 33;
/** Which values CONFIGURE_WINDOW is given. */
const X_Y_WIDTH_HEIGHT = 0b1111;
/** Where the reply to GET_WINDOW_ATTRIBUTES says whether a window is shown, and the value for it. */
const MAP_STATE = 26;
const VIEWABLE = 2;
/** Bytes of a reply's fixed part, and of an event. */
const UNIT = 32;

export class Display {
  /** @param {net.Socket} socket @param {number} root */
  constructor(socket, root) {
    this.socket = socket;
    this.root = root;
  }

  /** @param {number} number of the display on this machine */
  static async open(number) {
    const socket = net.connect(`/tmp/.X11-unix/X${number}`);
    await once(socket, 'connect');
    const hello = Buffer.alloc(12);
    hello.write('l'); // little-endian
    hello.writeUInt16LE(11, 2);
    socket.write(hello);
    const head = await read(socket, 8);
    const setup = await read(socket, head.readUInt16LE(6) * 4);
    if (head[0] !== 1) throw new Error('the display refuses us');
    const vendor = pad(setup.readUInt16LE(16));
    const formats = /** @type {number} */ (setup[21]) * 8;
    return new Display(socket, setup.readUInt32LE(32 + vendor + formats));
  }

  /** Asks every window with this name in WM_CLASS that can be closed to close. @param {string} name */
  async closeWindows(name) {
    const protocols = await this.#atom('WM_PROTOCOLS');
    const closing = await this.#atom('WM_DELETE_WINDOW');
    let asked = 0;
    for (const window of await this.#windowsOf(name)) {
      if (!(await this.#property(window, protocols)).includes(closing)) continue;
      const event = Buffer.alloc(UNIT);
      event[0] = CLIENT_MESSAGE;
      event[1] = 32; // bits of each datum
      event.writeUInt32LE(window, 4);
      event.writeUInt32LE(protocols, 8);
      event.writeUInt32LE(closing, 12);
      const target = Buffer.alloc(8);
      target.writeUInt32LE(window);
      this.#send(SEND_EVENT, 0, Buffer.concat([target, event]));
      asked++;
    }
    return asked;
  }

  /** Whether any window with this name in WM_CLASS is shown. @param {string} name */
  async shows(name) {
    for (const window of await this.#windowsOf(name)) {
      const attributes = await this.#ask(GET_WINDOW_ATTRIBUTES, 0, words(window));
      if (attributes[MAP_STATE] === VIEWABLE) return true;
    }
    return false;
  }

  /** Where the largest window with this name is, and how large. @param {string} name */
  async geometry(name) {
    const sizes = [];
    for (const window of await this.#windowsOf(name)) {
      const reply = await this.#ask(GET_GEOMETRY, 0, words(window));
      const [x, y] = [reply.readInt16LE(12), reply.readInt16LE(14)];
      sizes.push({ window, x, y, width: reply.readUInt16LE(16), height: reply.readUInt16LE(18) });
    }
    return sizes.sort((a, b) => b.width - a.width)[0];
  }

  /** Moves and resizes the largest window with this name. @param {string} name @param {number[]} place x, y, width and height */
  async place(name, ...place) {
    const found = await this.geometry(name);
    if (found) this.#send(CONFIGURE_WINDOW, 0, words(found.window, X_Y_WIDTH_HEIGHT, ...place));
    // The request has arrived when another one is answered.
    return this.geometry(name);
  }

  /** The first name in WM_CLASS (ICCCM 4.1.2.5) of every window that has one. */
  async windowNames() {
    const property = await this.#atom('WM_CLASS');
    const names = [];
    for (const window of await this.#windows(this.root)) {
      const [name] = (await this.#text(window, property)).split('\0');
      if (name) names.push(name);
    }
    return names;
  }

  /** @param {string} name @returns {Promise<number[]>} */
  async #windowsOf(name) {
    const property = await this.#atom('WM_CLASS');
    const found = [];
    for (const window of await this.#windows(this.root)) {
      if ((await this.#text(window, property)).split('\0')[0] === name) found.push(window);
    }
    return found;
  }

  close() {
    this.socket.end();
  }

  /** @param {string} name */
  async #atom(name) {
    const body = Buffer.alloc(4 + pad(name.length));
    body.writeUInt16LE(name.length);
    body.write(name, 4, 'latin1');
    return (await this.#ask(INTERN_ATOM, 0, body)).readUInt32LE(8);
  }

  /** All windows below one. @param {number} window @returns {Promise<number[]>} */
  async #windows(window) {
    const reply = await this.#ask(QUERY_TREE, 0, words(window));
    const children = Array.from({ length: reply.readUInt16LE(16) }, (_, i) =>
      reply.readUInt32LE(UNIT + 4 * i),
    );
    const below = [];
    for (const child of children) below.push(child, ...(await this.#windows(child)));
    return below;
  }

  /** A property that is a list of 32-bit numbers. @param {number} window @param {number} property */
  async #property(window, property) {
    const reply = await this.#getProperty(window, property);
    return Array.from({ length: reply.readUInt32LE(16) }, (_, i) => reply.readUInt32LE(UNIT + 4 * i));
  }

  /** A property that is text. @param {number} window @param {number} property */
  async #text(window, property) {
    const reply = await this.#getProperty(window, property);
    return reply.toString('latin1', UNIT, UNIT + reply.readUInt32LE(16));
  }

  /** @param {number} window @param {number} property */
  #getProperty(window, property) {
    const MOST = 64;
    return this.#ask(GET_PROPERTY, 0, words(window, property, 0, 0, MOST));
  }

  /** @param {number} opcode @param {number} detail @param {Buffer} body */
  #send(opcode, detail, body) {
    const head = Buffer.from([opcode, detail, 0, 0]);
    head.writeUInt16LE(1 + body.length / 4, 2);
    this.socket.write(Buffer.concat([head, body]));
  }

  /** @param {number} opcode @param {number} detail @param {Buffer} body */
  async #ask(opcode, detail, body) {
    this.#send(opcode, detail, body);
    const head = await read(this.socket, UNIT);
    if (head[0] !== 1) throw new Error(`the display refuses request ${opcode}`);
    return Buffer.concat([head, await read(this.socket, head.readUInt32LE(4) * 4)]);
  }
}

/** @param {number} length */
function pad(length) {
  return Math.ceil(length / 4) * 4;
}

/** @param {...number} numbers */
function words(...numbers) {
  return Buffer.from(Uint32Array.from(numbers).buffer);
}

/** Exactly so many bytes. @param {net.Socket} socket @param {number} length @returns {Promise<Buffer>} */
async function read(socket, length) {
  for (;;) {
    const bytes = length === 0 ? Buffer.alloc(0) : socket.read(length);
    if (bytes) return bytes;
    await once(socket, 'readable');
  }
}
