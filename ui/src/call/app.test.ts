import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakePage, FakeShell, create, join } from './testing/fake-page';

const ROOM = '482193775';
const OTHER_ROOM = '111222333';
/** Names this very host as others see it, or another host: the page cannot know. */
const LINK = `https://192.0.2.7:8443/#${ROOM}`;

let page: FakePage;
beforeEach(() => void (page = new FakePage()));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Where each join said that the host is, and what it came back with. */
const joins = () =>
  page.server.said.flatMap((said) => (said.type === 'join' ? [[said.at, said.resume?.token]] : []));

test.each([
  ['a browser', undefined],
  ['the window', new FakeShell()],
])('the host’s own invite leads into the room here, and %s goes nowhere', async (_what, shell) => {
  page.server.rooms = [ROOM];
  const goTo = vi.fn();
  vi.stubGlobal('location', { origin: 'http://127.0.0.1:8080', assign: goTo, replace: goTo, reload: goTo });
  vi.stubGlobal('open', goTo);
  const app = await page.start({}, shell);
  await join(app, LINK);
  expect(app.state.get()).toMatchObject({ stage: 'call', call: { room: ROOM }, problem: null });
  expect([page.opened, goTo.mock.calls, joins().length]).toEqual([[], [], 1]);
});

test('a link to another host is joined by the page’s own server, which is told the address', async () => {
  page.server.rooms = [ROOM];
  const app = await page.start();
  await join(app, LINK);
  expect(app.state.get()).toMatchObject({ stage: 'call', problem: null });
  expect(joins()).toEqual([['192.0.2.7:8443', undefined]]);
  expect(page.opened).toEqual([]);
});

test.each([
  ['the link is lost', () => page.server.sockets.at(-1)?.onclose({ code: 1006 })],
  ['the page is reloaded', () => void page.start()],
])('the address of a link is said once, not when %s', async (_what, comeBack) => {
  page.server.rooms = [ROOM];
  await join(await page.start(), LINK);
  comeBack();
  await vi.advanceTimersByTimeAsync(1);
  expect(joins()).toEqual([
    ['192.0.2.7:8443', undefined],
    [undefined, 'resume-token'],
  ]);
});

test('a link to a name on the internet leads nowhere', async () => {
  const app = await page.start();
  await join(app, `https://example.com/#${ROOM}`);
  expect(app.state.get()).toMatchObject({ stage: 'lobby', problem: { key: 'problem.link-elsewhere' } });
  expect(joins()).toEqual([]);
});

test.each([
  [null, { key: 'error.unknown-room' }],
  [{ found: 0, known: 0 }, { key: 'problem.no-app-found' }],
  [
    { found: 2, known: 1 },
    { key: 'problem.no-app-has-room', values: { count: 3 } },
  ],
  [{ found: 0, known: 0, at: false }, { key: 'problem.address-silent' }],
  [
    { found: 1, known: 0, at: false },
    { key: 'problem.address-silent-others', values: { count: 1 } },
  ],
  [{ found: 4, known: 0, at: true }, { key: 'problem.address-without-room' }],
])(
  'an unknown room is told with what was tried, %o, and a room of one’s own offered',
  async (tried, told) => {
    page.server.tried = tried;
    const app = await page.start();
    await join(app, ROOM);
    const { stage, problem, lobby } = app.state.get();
    expect({ stage, problem, offers: lobby.offerToCreate }).toEqual({
      stage: 'lobby',
      problem: told,
      offers: true,
    });
  },
);

test('a room that was created here stays one’s own when the page is reloaded', async () => {
  page.server.rooms = [ROOM];
  const app = await page.start();
  await create(app);
  expect(app.state.get().call?.own).toBe(true);
  const reloaded = await page.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(reloaded.state.get()).toMatchObject({ stage: 'call', call: { own: true } });
  reloaded.leave();
  reloaded.backToLobby();
  await join(reloaded, ROOM);
  expect(reloaded.state.get()).toMatchObject({ stage: 'call', call: { own: false } });
});

describe('a page that is loaded again while its host is away', () => {
  async function reloaded() {
    page.server.rooms = [ROOM];
    await join(await page.start(), LINK);
    page.server.findsHosts = false;
    const app = await page.start();
    await vi.advanceTimersByTimeAsync(60_000);
    return app;
  }

  test('says that it looks for it, and takes its seat when it is back', async () => {
    const app = await reloaded();
    expect(app.state.get()).toMatchObject({ stage: 'joining', entering: 'searching', problem: null });
    page.server.findsHosts = true;
    await vi.advanceTimersByTimeAsync(5000);
    expect(app.state.get().stage).toBe('call');
    expect(joins().at(-1)).toEqual([undefined, 'resume-token']);
  });

  test('keeps its seat when it is loaded once more', async () => {
    await reloaded();
    page.server.findsHosts = true;
    const again = await page.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(again.state.get().stage).toBe('call');
    expect(joins().at(-1)).toEqual([undefined, 'resume-token']);
  });

  test('gives it up when the person does', async () => {
    const app = await reloaded();
    app.leave();
    expect(app.state.get()).toMatchObject({ stage: 'lobby', problem: null });
    page.server.findsHosts = true;
    const again = await page.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(again.state.get().stage).toBe('lobby');
  });
});

test.each([
  ['during the call', 'ended', () => page.server.sockets.at(-1)?.onclose({ code: 1006 })],
  ['before the page is loaded again', 'lobby', () => page.start()],
])(
  'one’s own app, started anew %s, is told: the page is to be opened from it',
  async (_when, stage, goOn) => {
    page.server.rooms = [ROOM];
    let app = await page.start();
    await join(app, LINK);
    page.server.takesToken = false;
    page.server.rooms = [];
    app = (await goOn()) ?? app;
    await vi.advanceTimersByTimeAsync(1);
    expect(app.state.get()).toMatchObject({ stage, problem: { key: 'error.wrong-token' } });
  },
);

test('a room that was here and is over is not looked for elsewhere', async () => {
  page.server.rooms = [ROOM];
  const app = await page.start();
  await join(app, LINK);
  page.server.rooms = [];
  page.server.sockets.at(-1)?.onclose({ code: 1006 });
  await vi.advanceTimersByTimeAsync(1);
  expect(app.state.get()).toMatchObject({ stage: 'ended', problem: { key: 'problem.room-ended' } });
  expect(page.opened).toEqual([]);
  expect(page.source.given.every(({ stopped }) => stopped)).toBe(true);
});

test('a guest’s page follows a link to another host at once', async () => {
  page.server.mayCreate = false;
  const app = await page.start();
  await join(app, LINK);
  expect(page.opened).toEqual([LINK]);
  expect(page.server.said.some(({ type }) => type === 'join')).toBe(false);
});

test('a camera that does not start during the call is told in words, until it is tried again', async () => {
  page.server.rooms = [ROOM];
  const app = await page.start();
  await join(app, ROOM);
  app.toggleCamera();
  await vi.advanceTimersByTimeAsync(0);
  page.source.camera = 'NotReadableError';
  app.toggleCamera();
  await vi.advanceTimersByTimeAsync(0);
  expect(app.state.get().problem).toEqual({ key: 'device.camera.busy' });
  page.source.camera = 'granted';
  app.toggleCamera();
  await vi.advanceTimersByTimeAsync(0);
  expect(app.state.get()).toMatchObject({ problem: null, media: { camera: { on: true, status: 'ready' } } });
});

test.each([true, false])('a link to another room leaves this one first (answered: %s)', async (answered) => {
  page.server.rooms = [ROOM];
  page.server.answersLeave = answered;
  const app = await page.start();
  await join(app, ROOM);
  const left = vi.fn();
  void page.prepare(OTHER_ROOM).then(left);
  await vi.advanceTimersByTimeAsync(answered ? 0 : 1000);
  expect(page.server.said.at(-1)).toEqual({ type: 'leave' });
  expect(left).toHaveBeenCalledOnce();
});

test('a link to the room that one is in keeps the seat', async () => {
  page.server.rooms = [ROOM];
  const app = await page.start();
  await join(app, ROOM);
  await page.prepare(ROOM);
  expect(app.state.get().stage).toBe('call');
  expect(page.server.said.some(({ type }) => type === 'leave')).toBe(false);
});
