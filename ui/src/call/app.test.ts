import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Platform } from '../platform/platform';
import type { ClientFrame, ServerMessage } from '../protocol/messages';
import { App } from './app';
import { DEFAULT_SETTINGS } from './settings-rules';
import { FakeConnection } from './testing/fake-connection';
import { FakeMediaSource, FakeStream } from './testing/fake-media';
import { welcomeTo } from './testing/scripted-server';

const ROOM = '482193775';
const OTHER_ROOM = '111222333';
/** Names this very host as others see it, or another host: the page cannot know. */
const LINK = `https://192.0.2.7:8443/#${ROOM}`;

/** The page's own server: holds one room, or none. */
let rooms: string[];
let mayCreate: boolean;
let sockets: ServerSocket[];
let said: ClientFrame['message'][];
/** Whether the server answers a leave. */
let answersLeave: boolean;

class ServerSocket {
  static readonly OPEN = 1;
  readonly readyState = ServerSocket.OPEN;
  onopen = () => {};
  onmessage = (_: { data: string }) => {};
  onclose = (_: { code: number }) => {};

  constructor() {
    sockets.push(this);
    queueMicrotask(() => this.onopen());
  }

  send(text: string): void {
    const { message } = JSON.parse(text) as ClientFrame;
    said.push(message);
    if (message.type === 'hello') {
      this.#say({ type: 'hello', version: 1, mayCreate });
    }
    if (message.type === 'join' && rooms.includes(message.room)) this.#say(welcomeTo({ room: message.room }));
    else if (message.type === 'join') this.#say({ type: 'error', code: 'unknown-room', message: '' });
    if (message.type === 'leave' && answersLeave) {
      this.#say({ type: 'left', participant: 1, reason: 'left' }, 1);
    }
  }

  close(): void {}

  #say(message: ServerMessage, seq?: number): void {
    const data = JSON.stringify({ ...(seq === undefined ? {} : { seq }), ack: 0, message });
    queueMicrotask(() => this.onmessage({ data }));
  }
}

let source: FakeMediaSource;
let opened: string[];
let prepare: (room: string | null) => Promise<void>;

beforeEach(() => {
  rooms = [];
  mayCreate = true;
  sockets = [];
  said = [];
  answersLeave = true;
  opened = [];
  source = new FakeMediaSource('granted', 'granted');
  vi.useFakeTimers();
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', new EventTarget());
  vi.stubGlobal('navigator', { mediaDevices: source });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('location', { origin: 'http://127.0.0.1:8080' });
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('RTCPeerConnection', FakeConnection);
  vi.stubGlobal('WebSocket', ServerSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function page(): Promise<App> {
  const kept = new Map<string, string | null>();
  const platform: Platform = {
    kind: 'browser',
    requestedRoom: null,
    memory: {
      readLasting: () => null,
      writeLasting: () => {},
      readForTab: (key) => kept.get(key) ?? null,
      writeForTab: (key, value) => void kept.set(key, value),
    },
    settings: DEFAULT_SETTINGS,
    keepSettings: () => Promise.resolve(),
    server: () => Promise.resolve({ url: 'ws://127.0.0.1:8080/ws', token: 'token' }),
    openLink: (link) => Promise.resolve(void opened.push(link)),
    onOtherLink: (run) => void (prepare = run),
  };
  const app = new App(platform, () => 'Guest');
  await app.start();
  return app;
}

async function join(app: App, text: string): Promise<void> {
  app.setRoom(text);
  app.join();
  await vi.advanceTimersByTimeAsync(0);
}

test('the host’s own invite leads into the room here', async () => {
  rooms = [ROOM];
  const app = await page();
  await join(app, LINK);
  expect(app.state.get().stage).toBe('call');
  expect(opened).toEqual([]);
});

test('a link to a room that is not here is followed, without a word', async () => {
  const app = await page();
  await join(app, LINK);
  expect(opened).toEqual([LINK]);
  expect(app.state.get()).toMatchObject({ stage: 'lobby', problem: null });
});

test('a room that was here and is over is not looked for elsewhere', async () => {
  rooms = [ROOM];
  const app = await page();
  await join(app, LINK);
  rooms = [];
  sockets.at(-1)?.onclose({ code: 1006 });
  await vi.advanceTimersByTimeAsync(1);
  expect(app.state.get()).toMatchObject({ stage: 'ended', problem: { key: 'problem.room-ended' } });
  expect(opened).toEqual([]);
  expect(source.given.every(({ stopped }) => stopped)).toBe(true);
});

test('a guest’s page follows a link to another host at once', async () => {
  mayCreate = false;
  const app = await page();
  await join(app, LINK);
  expect(opened).toEqual([LINK]);
  expect(said.some(({ type }) => type === 'join')).toBe(false);
});

test('a camera that does not start during the call is told in words, until it is tried again', async () => {
  rooms = [ROOM];
  const app = await page();
  await join(app, ROOM);
  app.toggleCamera();
  await vi.advanceTimersByTimeAsync(0);
  source.camera = 'NotReadableError';
  app.toggleCamera();
  await vi.advanceTimersByTimeAsync(0);
  expect(app.state.get().problem).toEqual({ key: 'device.camera.busy' });
  source.camera = 'granted';
  app.toggleCamera();
  await vi.advanceTimersByTimeAsync(0);
  expect(app.state.get()).toMatchObject({ problem: null, media: { camera: { on: true, status: 'ready' } } });
});

test.each([true, false])('a link to another room leaves this one first (answered: %s)', async (answered) => {
  rooms = [ROOM];
  answersLeave = answered;
  const app = await page();
  await join(app, ROOM);
  const left = vi.fn();
  void prepare(OTHER_ROOM).then(left);
  await vi.advanceTimersByTimeAsync(answered ? 0 : 1000);
  expect(said.at(-1)).toEqual({ type: 'leave' });
  expect(left).toHaveBeenCalledOnce();
});

test('a link to the room that one is in keeps the seat', async () => {
  rooms = [ROOM];
  const app = await page();
  await join(app, ROOM);
  await prepare(ROOM);
  expect(app.state.get().stage).toBe('call');
  expect(said.some(({ type }) => type === 'leave')).toBe(false);
});
