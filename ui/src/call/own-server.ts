import type { OwnServer, Platform } from '../platform/platform';
import type { ErrorCode } from '../protocol/messages';
import { introduce } from './introduction';
import { openWebSocket } from './transport';

export interface OwnServerEvents {
  mayCreate(yes: boolean): void;
  reached(): void;
  unreachable(): void;
  refused(code: ErrorCode): void;
}

/**
 * Waits between attempts to reach the desktop's own server, in ms; the last one is repeated. It starts with the
 * app, so the first come quickly; a server that is gone for longer costs a connection attempt now and then.
 */
export const RETRY_PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15_000] as const;

/** Finds the page's own server, and learns what the page may do there. */
export class OwnServerAccess {
  readonly #platform: Platform;
  readonly #events: OwnServerEvents;
  /** Why the page is only a guest there, though it brought a token or a code. */
  refusal: ErrorCode | null = null;
  #known: Promise<OwnServer | null> | null = null;
  #attempts = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(platform: Platform, events: OwnServerEvents) {
    this.#platform = platform;
    this.#events = events;
  }

  /**
   * What the page may do before anything was asked: the window's app has a server of its own, and who presses
   * `Create a room` waits for it. To a browser only the server can tell.
   */
  get mayCreateAtFirst(): boolean {
    return this.#platform.kind === 'desktop';
  }

  /** Null: there is no server. The next call asks again. */
  get(): Promise<OwnServer | null> {
    return (this.#known ??= this.#ask());
  }

  /** The server was started anew: this page is a guest until it is opened from the app again. */
  forgetToken(): void {
    this.#platform.memory.writeForTab('token', null);
    this.#known = null;
    this.#events.mayCreate(this.mayCreateAtFirst);
  }

  async #ask(): Promise<OwnServer | null> {
    clearTimeout(this.#retry);
    this.refusal = null;
    let server: OwnServer;
    try {
      server = await this.#platform.server();
    } catch {
      this.#failed();
      return null;
    }
    if (!server.token && !server.code) return server;

    const introduction = await introduce(server, openWebSocket);
    const { url, token } = server;
    if (introduction === 'unreachable') {
      // Until it answers, what the page was given counts.
      this.#events.mayCreate(token !== undefined);
      this.#failed();
      return null;
    }
    this.#attempts = 0;
    this.#events.reached();
    if ('refused' in introduction) {
      this.refusal = introduction.refused;
      if (introduction.refused === 'wrong-token') this.#platform.memory.writeForTab('token', null);
      this.#events.refused(introduction.refused);
      return { url };
    }
    this.#events.mayCreate(introduction.mayCreate);
    if (introduction.token) this.#platform.memory.writeForTab('token', introduction.token);
    const known = introduction.token ?? token;
    return { url, ...(known ? { token: known } : {}) };
  }

  /** Told once; the desktop's own server comes up sooner or later, and nobody has to press anything. */
  #failed(): void {
    this.#known = null;
    if (this.#attempts === 0) this.#events.unreachable();
    if (this.#platform.kind !== 'desktop') return;
    const pause = RETRY_PAUSES_MS[Math.min(this.#attempts, RETRY_PAUSES_MS.length - 1)];
    this.#attempts += 1;
    this.#retry = setTimeout(() => void this.get(), pause);
  }
}
