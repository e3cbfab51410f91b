import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakePage, join } from './testing/fake-page';

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

test('the host’s own invite leads into the room here', async () => {
  page.server.rooms = [ROOM];
  const app = await page.start();
  await join(app, LINK);
  expect(app.state.get().stage).toBe('call');
  expect(page.opened).toEqual([]);
});

test('a link to a room that is not here is followed, without a word', async () => {
  const app = await page.start();
  await join(app, LINK);
  expect(page.opened).toEqual([LINK]);
  expect(app.state.get()).toMatchObject({ stage: 'lobby', problem: null });
});

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
