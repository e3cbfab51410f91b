import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RETRY_PAUSES_MS } from './own-server';
import { FakePage, FakeShell, create, join, participant } from './testing/fake-page';

const ROOM = '482193775';
const OTHER_ROOM = '111222333';
const ELSEWHERE = `https://192.0.2.44:8443/#${OTHER_ROOM}`;

let page: FakePage;
let shell: FakeShell;
beforeEach(() => {
  page = new FakePage();
  shell = new FakeShell();
  page.server.rooms = [ROOM];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a link that somebody opened', () => {
  test('asks before anything happens', async () => {
    const app = await page.start({}, shell);
    shell.tell({ type: 'link', link: ROOM });
    expect(app.state.get()).toMatchObject({
      stage: 'lobby',
      question: { kind: 'join', room: ROOM, host: null },
    });
    app.answer(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(app.state.get()).toMatchObject({ stage: 'lobby', question: null });
    expect(page.server.said.some(({ type }) => type === 'join')).toBe(false);
  });

  test('is joined as if it had been typed', async () => {
    const app = await page.start({}, shell);
    shell.tell({ type: 'link', link: ROOM });
    app.answer(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(app.state.get()).toMatchObject({ stage: 'call', question: null, call: { room: ROOM } });
  });

  test('names the host that it leads to, whose room is joined without its page', async () => {
    page.server.rooms = [OTHER_ROOM];
    const app = await page.start({}, shell);
    shell.tell({ type: 'link', link: ELSEWHERE });
    expect(app.state.get().question).toMatchObject({ room: OTHER_ROOM, host: '192.0.2.44:8443' });
    app.answer(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(page.server.said.at(-1)).toMatchObject({ type: 'join', at: '192.0.2.44:8443' });
    expect(app.state.get()).toMatchObject({ stage: 'call', call: { room: OTHER_ROOM } });
    expect(page.opened).toEqual([]);
  });

  test.each([true, false])('leaves the room that one is in first (answered: %s)', async (answered) => {
    page.server.rooms = [ROOM, OTHER_ROOM];
    page.server.answersLeave = answered;
    const app = await page.start({}, shell);
    await join(app, ROOM);
    shell.tell({ type: 'link', link: OTHER_ROOM });
    app.answer(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(app.state.get()).toMatchObject({ stage: 'call', call: { room: OTHER_ROOM } });
    const said = page.server.said.map(({ type }) => type);
    expect(said.indexOf('leave')).toBeLessThan(said.lastIndexOf('join'));
    expect(app.state.get().media.camera.status).toBe('ready');
  });

  test.each([ROOM, 'no link', '', 'https://192.0.2.44/'])(
    '%j, in that room or none at all, asks nothing',
    async (link) => {
      const app = await page.start({}, shell);
      await join(app, ROOM);
      shell.tell({ type: 'link', link });
      expect(app.state.get().question).toBeNull();
    },
  );
});

describe('closing the window', () => {
  test('is asked about, and staying changes nothing', async () => {
    const app = await page.start({}, shell);
    await join(app, ROOM);
    shell.tell({ type: 'close-asked', endsRooms: false });
    expect(app.state.get().question).toEqual({ kind: 'close', endsRooms: false });
    expect(shell.questionsShown).toBe(1);
    app.answer(false);
    expect(app.state.get()).toMatchObject({ stage: 'call', question: null });
    expect(shell.quits).toBe(0);
  });

  test('right after leaving is asked about again, once the room may have ended', async () => {
    const app = await page.start({}, shell);
    await create(app);
    app.leave();
    shell.tell({ type: 'close-asked', endsRooms: true });
    expect(app.state.get().question).toBeNull();
    expect([shell.questionsShown, shell.quitQuestions]).toEqual([1, 0]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(shell.quitQuestions).toBe(1);
    // Others are still in the room.
    shell.tell({ type: 'close-asked', endsRooms: true });
    expect(app.state.get().question).toEqual({ kind: 'close', endsRooms: true });
  });

  test('says so if the room ends with it, and leaves before it quits', async () => {
    const app = await page.start({}, shell);
    await create(app);
    shell.tell({ type: 'close-asked', endsRooms: true });
    expect(app.state.get().question).toEqual({ kind: 'close', endsRooms: true });
    app.answer(true);
    expect(shell.quits).toBe(0);
    await vi.advanceTimersByTimeAsync(2000);
    expect(page.server.said.at(-1)).toEqual({ type: 'leave' });
    expect(shell.quits).toBe(1);
  });
});

test('an open question stays, and the latest of what came meanwhile is asked afterwards', async () => {
  const app = await page.start({}, shell);
  shell.tell({ type: 'link', link: ROOM });
  shell.tell({ type: 'link', link: '111222333' });
  shell.tell({ type: 'close-asked', endsRooms: true });
  expect(app.state.get().question).toMatchObject({ kind: 'join', room: ROOM });
  // The app must know that somebody is there who will ask.
  expect(shell.questionsShown).toBe(1);
  app.answer(false);
  expect(app.state.get().question).toEqual({ kind: 'close', endsRooms: true });
  app.answer(false);
  expect(app.state.get().question).toBeNull();
});

test('Leave in the tray leaves', async () => {
  const app = await page.start({}, shell);
  shell.tell({ type: 'leave' });
  expect(app.state.get().stage).toBe('lobby');
  await join(app, ROOM);
  shell.tell({ type: 'leave' });
  expect(app.state.get().stage).toBe('ended');
});

test('the tray is told the room and who is in it, once for each change', async () => {
  page.server.participants = [participant(1, 'Ada'), participant(2, 'Bob')];
  const app = await page.start({}, shell);
  await join(app, ROOM);
  app.toggleMicrophone();
  await vi.advanceTimersByTimeAsync(0);
  app.leave();
  expect(shell.shown).toEqual([{ room: ROOM, people: ['Ada', 'Bob'] }, null]);
});

test('a notice that was put away comes back only when it is news', async () => {
  const app = await page.start({}, shell);
  const [lost, taken] = [{ type: 'no-network' }, { type: 'port-taken', port: 8443, used: 1 }] as const;
  const noticed = (...notices: (typeof lost | typeof taken)[]) =>
    shell.desktop.update((desktop) => ({ ...desktop, notices }));
  noticed(lost);
  app.dismissNotice(lost);
  expect(app.state.get().notices).toEqual([]);
  noticed({ ...lost }, taken);
  expect(app.state.get().notices).toEqual([taken]);
  noticed();
  noticed(lost);
  expect(app.state.get().notices).toEqual([lost]);
});

describe('the desktop’s own server', () => {
  test('is tried again by itself until it answers, and the problem is gone', async () => {
    page.server.reachable = false;
    const app = await page.start({}, shell);
    expect(app.state.get().problem).toEqual({ key: 'problem.own-server' });
    app.dismissProblem();
    await vi.advanceTimersByTimeAsync(RETRY_PAUSES_MS[0] + RETRY_PAUSES_MS[1]);
    expect(app.state.get().problem).toBeNull();
    expect(page.server.sockets).toHaveLength(3);

    page.server.reachable = true;
    await vi.advanceTimersByTimeAsync(RETRY_PAUSES_MS[2]);
    expect(app.state.get()).toMatchObject({ problem: null, lobby: { canCreate: true } });
    await vi.advanceTimersByTimeAsync(100 * RETRY_PAUSES_MS[5]);
    expect(page.server.sockets).toHaveLength(4);
  });

  test('is waited for by who pressed before it answers', async () => {
    page.server.reachable = false;
    const app = await page.start({}, shell);
    expect(app.state.get()).toMatchObject({ stage: 'lobby', lobby: { canCreate: true } });
    page.server.reachable = true;
    app.createRoom();
    await vi.advanceTimersByTimeAsync(0);
    expect(app.state.get()).toMatchObject({ stage: 'call', problem: null });
  });

  test('answers in the end: what was said of it is taken away', async () => {
    page.server.reachable = false;
    const app = await page.start({}, shell);
    page.server.reachable = true;
    await vi.advanceTimersByTimeAsync(RETRY_PAUSES_MS[0]);
    expect(app.state.get().problem).toBeNull();
  });

  test('in a browser is not tried again: the person does that', async () => {
    page.server.reachable = false;
    const app = await page.start();
    await vi.advanceTimersByTimeAsync(100 * RETRY_PAUSES_MS[5]);
    expect(app.state.get().problem).toEqual({ key: 'problem.server-unreachable' });
    expect(page.server.sockets).toHaveLength(1);
  });
});

describe('the name', () => {
  test('that was set is in the lobby, and the one typed there is set', async () => {
    const app = await page.start({ name: 'Ada' }, shell);
    expect(app.state.get().lobby.name).toBe('Ada');
    app.setName('Ada Lovelace ');
    expect(page.kept).toEqual([]);
    app.keepName();
    expect(page.kept.at(-1)?.name).toBe('Ada Lovelace');
    app.settings.changeName('Bob');
    expect(app.state.get().lobby.name).toBe('Bob');
  });

  test('that is being typed stays whatever else happens', async () => {
    const app = await page.start({ name: 'Ada' }, shell);
    app.setName('Bo');
    shell.desktop.update((desktop) => ({ ...desktop, notices: [{ type: 'no-network' }] }));
    app.settings.change('theme', 'dark');
    expect(app.state.get().lobby.name).toBe('Bo');
  });

  test('is kept on entering', async () => {
    const app = await page.start({}, shell);
    app.setName('Ada');
    await join(app, ROOM);
    expect(page.kept.at(-1)?.name).toBe('Ada');
  });
});
