// Where the page runs: the one seam between a browser tab and the desktop window.

import type { Desktop, Settings, ShellEvent } from './shell-types';

export type * from './shell-types';

export interface Platform {
  kind: 'desktop' | 'browser';
  /** This page's own server. */
  server(): Promise<OwnServer>;
  /** What the address bar asked for (browser): a room to fill in. Secrets are gone from it. */
  requestedRoom: string | null;
  /** Remembers small texts: for good or for this tab (`resume`, `token`). */
  memory: Memory;
  /** What the person set, as it was kept when the page began. */
  settings: Settings;
  /** Keeps them from now on. Rejects with a `Refusal` if one is not accepted: then none is kept. */
  keepSettings(settings: Settings): Promise<void>;
  /** The app around the page (desktop only). */
  shell?: Shell;
  /** Opens the call in the default browser, with a single-use code (desktop only). */
  openCall?(room: string): Promise<void>;
  /**
   * Another link was put into this tab (browser only), to this room if it names one: the page begins anew with
   * it, once `prepare` is done.
   */
  onOtherLink?(prepare: (room: string | null) => Promise<void>): void;
  /** Goes to another host's page in this tab (browser only). */
  openLink?(link: string): void;
}

/** What the desktop app knows and does for the page in its window. */
export interface Shell {
  /** As the app last told. */
  readonly desktop: Watched<Desktop>;
  /** What it wants from the page from now on, and what it wanted since the page began. */
  listen(wish: (event: ShellWish) => void): void;
  /** Looks at the network again, for `desktop`. */
  refresh(): Promise<void>;
  /** What the tray shows. */
  showCall(call: ShownCall | null): Promise<void>;
  /** The person sees the question before closing. */
  closeQuestionShown(): Promise<void>;
  /** Ends the app: the person was asked. */
  /** As closing the window: asks if anything is still open. */
  askToQuit(): Promise<void>;
  quit(): Promise<void>;
  /** The text of a report: the app's part before the page's. */
  report(page: string): Promise<string>;
}

/** A value that can be watched, as `call/store.ts` has it. */
export interface Watched<T> {
  get(): T;
  subscribe(watcher: (value: T) => void): () => void;
}

/** Changed notices and the tray are in `Shell.desktop`. */
export type ShellWish = Exclude<ShellEvent, { type: 'notices' | 'tray-changed' }>;

export interface ShownCall {
  room: string;
  /** The names of all who have a seat. */
  people: string[];
}

/** Why settings were not kept. */
export interface Refusal {
  code: 'invalid-setting';
  field: keyof Settings;
  message: string;
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
