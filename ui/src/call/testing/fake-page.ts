import { vi } from 'vitest';
import type { Desktop, Platform, Settings, Shell, ShellWish } from '../../platform/platform';
import type { ClientFrame, Participant, ServerMessage, Tried } from '../../protocol/messages';
import { App } from '../app';
import { DEFAULT_SETTINGS } from '../settings-rules';
import { Store } from '../store';
import { FakeConnection } from './fake-connection';
import { FakeMediaSource, FakeStream } from './fake-media';
import { welcomeTo } from './scripted-server';

/** A page's own server: holds some rooms, or none. */
export class FakeServer {
  rooms: string[] = [];
  mayCreate = true;
  reachable = true;
  /** Whether it still takes the page's token: one that was started anew does not. */
  takesToken = true;
  /** Whether the hosts of rooms on other machines answer it. */
  findsHosts = true;
  /** What it says it tried to find a room that it does not hold. */
  tried: Tried | null = null;
  /** Whether it answers a leave. */
  answersLeave = true;
  /** Who is in each room, oneself included. */
  participants: Participant[] = [];
  readonly sockets: {
    onmessage: (event: { data: string }) => void;
    onclose: (event: { code: number }) => void;
  }[] = [];
  readonly said: ClientFrame['message'][] = [];

  /** What stands for `WebSocket`. */
  get socket() {
    const server = this;
    return class ServerSocket {
      static readonly OPEN = 1;
      readonly readyState = ServerSocket.OPEN;
      onopen = () => {};
      onmessage = (_: { data: string }) => {};
      onclose = (_: { code: number }) => {};

      constructor() {
        server.sockets.push(this);
        queueMicrotask(() => (server.reachable ? this.onopen() : this.onclose({ code: 1006 })));
      }

      send(text: string): void {
        const { message } = JSON.parse(text) as ClientFrame;
        server.said.push(message);
        const [answer, seq] = server.#answer(message);
        if (!answer) return;
        const data = JSON.stringify({ ...(seq === undefined ? {} : { seq }), ack: 0, message: answer });
        queueMicrotask(() => this.onmessage({ data }));
      }

      close(): void {}
    };
  }

  #answer(message: ClientFrame['message']): [ServerMessage | null, number?] {
    const { participants } = this;
    switch (message.type) {
      case 'hello':
        if (message.token && !this.takesToken) return [{ type: 'error', code: 'wrong-token', message: '' }];
        return [{ type: 'hello', version: 1, mayCreate: this.mayCreate }];
      case 'create':
        return [welcomeTo({ participants })];
      case 'join':
        if (!this.findsHosts) return [{ type: 'error', code: 'host-unreachable', message: '' }];
        if (this.rooms.includes(message.room)) return [welcomeTo({ room: message.room, participants })];
        return [
          { type: 'error', code: 'unknown-room', message: '', ...(this.tried && { tried: this.tried }) },
        ];
      case 'leave':
        return [this.answersLeave ? { type: 'left', participant: 1, reason: 'left' } : null, 1];
      default:
        return [null];
    }
  }
}

/** The desktop app around a page, as far as the page knows. */
export class FakeShell implements Shell {
  readonly desktop = new Store<Desktop>({
    settings: DEFAULT_SETTINGS,
    notices: [],
    interfaces: [],
    link: null,
    version: '1.2.3',
    trayAvailable: true,
  });
  readonly shown: Parameters<Shell['showCall']>[0][] = [];
  quits = 0;
  quitQuestions = 0;
  questionsShown = 0;
  tell: (wish: ShellWish) => void = () => {};

  listen(wish: (event: ShellWish) => void): void {
    this.tell = wish;
  }

  refresh(): Promise<void> {
    return Promise.resolve();
  }

  showCall(call: Parameters<Shell['showCall']>[0]): Promise<void> {
    this.shown.push(call);
    return Promise.resolve();
  }

  closeQuestionShown(): Promise<void> {
    this.questionsShown += 1;
    return Promise.resolve();
  }

  askToQuit(): Promise<void> {
    this.quitQuestions += 1;
    return Promise.resolve();
  }

  quit(): Promise<void> {
    this.quits += 1;
    return Promise.resolve();
  }

  report(page: string): Promise<string> {
    return Promise.resolve(`App\n${page}`);
  }
}

/** A page with everything around it that the model touches, as far as the model looks at it. */
export class FakePage {
  readonly server = new FakeServer();
  readonly source = new FakeMediaSource('granted', 'granted');
  /** What the tab remembers: an app that is started again on this page was reloaded. */
  readonly #forTab = new Map<string, string | null>();
  /** The links that were gone to. */
  readonly opened: string[] = [];
  /** What was kept, each time. */
  readonly kept: Settings[] = [];
  /** What the keeper says to it. */
  keep: () => Promise<void> = () => Promise.resolve();
  /** Another link was put into the address bar. */
  prepare: (room: string | null) => Promise<void> = () => Promise.resolve();

  /** Puts the fakes where the model looks. `vi.unstubAllGlobals` and `vi.useRealTimers` take them away. */
  constructor() {
    vi.useFakeTimers();
    vi.stubGlobal('window', new EventTarget());
    vi.stubGlobal('document', new EventTarget());
    vi.stubGlobal('navigator', { mediaDevices: this.source, userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' });
    vi.stubGlobal('isSecureContext', true);
    vi.stubGlobal('location', { origin: 'http://127.0.0.1:8080' });
    vi.stubGlobal('MediaStream', FakeStream);
    // It takes a configuration; the fake takes how long everything lasts.
    vi.stubGlobal('RTCPeerConnection', function () {
      return new FakeConnection();
    });
    vi.stubGlobal('WebSocket', this.server.socket);
  }

  /** The app on this page, started. */
  async start(settings: Partial<Settings> = {}, shell?: FakeShell): Promise<App> {
    const app = new App(this.#platform({ ...DEFAULT_SETTINGS, ...settings }, shell), () => 'Guest');
    await app.start();
    return app;
  }

  #platform(settings: Settings, shell: FakeShell | undefined): Platform {
    return {
      kind: shell ? 'desktop' : 'browser',
      requestedRoom: null,
      memory: {
        readLasting: () => null,
        writeLasting: () => {},
        readForTab: (key) => this.#forTab.get(key) ?? null,
        writeForTab: (key, value) => void this.#forTab.set(key, value),
      },
      settings,
      keepSettings: (changed) => {
        this.kept.push(changed);
        return this.keep();
      },
      ...(shell ? { shell } : { openLink: (link: string) => void this.opened.push(link) }),
      server: () => Promise.resolve({ url: 'ws://127.0.0.1:8080/ws', token: 'token' }),
      onOtherLink: (run) => void (this.prepare = run),
    };
  }
}

/** Types the room or link and presses `Join`. */
export async function join(app: App, text: string): Promise<void> {
  app.setRoom(text);
  app.join();
  await vi.advanceTimersByTimeAsync(0);
}

/** Presses `Create a room`. */
export async function create(app: App): Promise<void> {
  app.createRoom();
  await vi.advanceTimersByTimeAsync(0);
}

/** Somebody with a seat. */
export function participant(id: number, name: string): Participant {
  const state = { microphone: true, camera: true };
  return { id, session: 1, name, capabilities: ['audio', 'video'], state, presence: 'here' };
}
