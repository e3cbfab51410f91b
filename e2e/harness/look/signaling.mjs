// The way between a page and its server, held in the hand: what is said can be held back, and the way be cut.

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').WebSocketRoute} WebSocketRoute */

export class Signaling {
  /** @type {Set<WebSocketRoute>} */
  #routes = new Set();
  #up = true;
  /** @type {((type: string) => boolean) | null} */
  #holds = null;
  /** @type {string | null} */
  #refusal = null;

  /** Before the page is opened. @param {Page} page */
  static async of(page) {
    const signaling = new Signaling();
    await page.routeWebSocket(/\/ws$/, (route) => signaling.#join(route));
    return signaling;
  }

  /** From now on the page hears no message of such a type. @param {(type: string) => boolean} type */
  holdBack(type) {
    this.#holds = type;
  }

  /** Breaks the connection; another is refused. */
  async cut() {
    this.#up = false;
    await Promise.all([...this.#routes].map((route) => route.close({ code: 1011 })));
  }

  /** Lets who was cut off come back. */
  mend() {
    this.#up = true;
  }

  /** Breaks the connection; who comes back is told why not, by a code of docs/protocol.md. @param {string} code */
  async refuse(code) {
    await this.cut();
    this.mend();
    this.#refusal = code;
  }

  /** @param {WebSocketRoute} route */
  #join(route) {
    if (!this.#up) return void route.close({ code: 1011 });
    if (this.#refusal) return this.#refuses(route, this.#refusal);
    this.#routes.add(route);
    const server = route.connectToServer();
    server.onMessage((text) => {
      const { type } = JSON.parse(String(text)).message;
      if (!this.#holds?.(type)) route.send(text);
    });
  }
  /** @param {WebSocketRoute} route @param {string} code */
  #refuses(route, code) {
    route.onMessage((text) => {
      const { type } = JSON.parse(String(text)).message;
      if (type === 'join')
        route.send(JSON.stringify({ ack: 0, message: { type: 'error', code, message: '' } }));
    });
  }
}
