// Where the page runs: the one seam between a browser tab and the desktop window.

export interface Platform {
  kind: 'desktop' | 'browser';
  /** This page's own server. */
  server(): Promise<OwnServer>;
  /** What the address bar asked for (browser): a room to fill in. Secrets are gone from it. */
  requestedRoom: string | null;
  /** Remembers small texts: for good (`name`) or for this tab (`resume`, `token`). */
  memory: Memory;
  /** Opens the call in the default browser, with a single-use code (desktop only). */
  openCall?(room: string): Promise<void>;
  /**
   * Another link was put into this tab (browser only), to this room if it names one: the page begins anew with
   * it, once `prepare` is done.
   */
  onOtherLink?(prepare: (room: string | null) => Promise<void>): void;
  /** Goes to a room of another host: the default browser (desktop), this tab (browser). */
  openLink(link: string): Promise<void>;
}

export interface OwnServer {
  /** `ws://127.0.0.1:PORT/ws` or `wss://…/ws`. */
  url: string;
  /** Shows that the page belongs to the person at this machine. */
  token?: string;
  /** To be exchanged for a token. */
  code?: string;
}

export interface Memory {
  readLasting(key: string): string | null;
  writeLasting(key: string, value: string): void;
  readForTab(key: string): string | null;
  writeForTab(key: string, value: string | null): void;
}
