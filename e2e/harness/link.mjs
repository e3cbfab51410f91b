// A way to the server that can be cut and mended, below TLS: what a bad network does to signaling alone.

import { once } from 'node:events';
import net from 'node:net';
import { afterwards } from './afterwards.mjs';
import { LAN_ADDRESS } from './network.mjs';

export class Link {
  /** @type {Set<net.Socket>} */
  #sockets = new Set();
  #up = true;

  /** @param {number} port where the server listens */
  constructor(port) {
    this.serverPort = port;
    this.listener = net.createServer((near) => this.#join(near));
  }

  /**
   * Opens a link to the server and closes it after the test.
   *
   * @param {import('node:test').TestContext} test
   * @param {number} port where the server listens
   */
  static async open(test, port) {
    const link = new Link(port);
    link.listener.listen(0, LAN_ADDRESS);
    await once(link.listener, 'listening');
    afterwards(test, () => {
      link.cut();
      link.listener.close();
    });
    return link;
  }

  /** The Chromium flag that leads a browser through this link; it goes on believing in the server's own port. */
  get flag() {
    const { port } = /** @type {net.AddressInfo} */ (this.listener.address());
    return `--host-resolver-rules=MAP ${LAN_ADDRESS}:${this.serverPort} ${LAN_ADDRESS}:${port}`;
  }

  /** How many connections run over it. */
  get connections() {
    return this.#sockets.size / 2;
  }

  /** Breaks every connection; new ones are refused until `mend`. */
  cut() {
    this.#up = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#up = true;
  }

  /** @param {net.Socket} near */
  #join(near) {
    if (!this.#up) return void near.destroy();
    const far = net.connect(this.serverPort, LAN_ADDRESS);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => {}); // `close` follows
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
