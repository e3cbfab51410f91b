// Until the first welcome.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RETURN_MS } from './signaling';
import { scriptedServer, welcomeTo, type Connection } from './testing/scripted-server';
import { enter, ENTRANCE } from './testing/signaling-page';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('entering', () => {
  test('hello and join go out together, without numbers', () => {
    const server = scriptedServer();
    enter(server.open);
    server.last().events.opened();
    expect(server.last().sent).toEqual([
      { ack: 0, message: { type: 'hello', versions: [1], token: 'token' } },
      {
        ack: 0,
        message: {
          type: 'join',
          room: '482193775',
          name: 'Ada',
          role: 'participant',
          capabilities: ['audio', 'video'],
          state: { microphone: true, camera: false },
        },
      },
    ]);
  });

  test('without a room one is created, and the page comes back to it', () => {
    const server = scriptedServer();
    enter(server.open, { ...ENTRANCE, room: null });
    server.last().events.opened();
    expect(server.last().said('create')).toHaveLength(1);
    server.last().say(welcomeTo({ room: '111222333' }));
    server.last().events.closed(1006);
    vi.advanceTimersByTime(0);
    server.last().events.opened();
    expect(server.last().said('join')[0]).toMatchObject({
      room: '111222333',
      resume: { token: 'resume-token', received: 0 },
    });
  });

  test('where the host is said to be is asked for until the room is entered', () => {
    const server = scriptedServer();
    enter(server.open, { ...ENTRANCE, at: '192.0.2.7:7443' });
    server.last().events.closed(1006);
    vi.advanceTimersByTime(0);
    server.last().events.opened();
    expect(server.last().said('join')[0]?.at).toBe('192.0.2.7:7443');
    server.last().say(welcomeTo());
    server.last().events.closed(1006);
    vi.advanceTimersByTime(500);
    server.last().events.opened();
    expect(server.last().said('join')[0]).not.toHaveProperty('at');
  });

  test('a reloaded page asks for its seat without having kept anything', () => {
    const server = scriptedServer();
    enter(server.open, { ...ENTRANCE, resume: 'before' });
    server.last().events.opened();
    expect(server.last().said('join')[0]?.resume).toEqual({ token: 'before' });
  });

  test.each([
    [{ code: 'unknown-room' as const }, { reason: 'refused', code: 'unknown-room' }],
    [
      { code: 'try-later' as const, retryAfterMs: 4001 },
      { reason: 'refused', code: 'try-later', retryAfterMs: 4001 },
    ],
    [
      { code: 'unknown-room' as const, tried: { found: 1, known: 2, at: false } },
      { reason: 'refused', code: 'unknown-room', tried: { found: 1, known: 2, at: false } },
    ],
    [{ code: 'host-unreachable' as const }, { reason: 'refused', code: 'host-unreachable' }],
    [{ code: 'intercepted' as const }, { reason: 'refused', code: 'intercepted' }],
  ])('a refusal ends it: %o', (error, ending) => {
    const server = scriptedServer();
    const page = enter(server.open);
    server.last().events.opened();
    server.last().say({ type: 'error', message: '', ...error });
    expect(page.overs).toEqual([ending]);
    expect(server.last().closed).toBe(true);
  });

  test('a short wait that the server asks for is waited out, a few times', () => {
    const server = scriptedServer();
    const page = enter(server.open);
    const wait = { type: 'error' as const, code: 'try-later' as const, message: '', retryAfterMs: 2000 };
    for (let attempt = 1; attempt <= 4; attempt++) {
      expect([server.connections.length, page.overs]).toEqual([attempt, []]);
      server.last().events.opened();
      expect(server.last().said('join')).toHaveLength(1);
      server.last().say(wait);
      vi.advanceTimersByTime(1999);
      expect(server.connections).toHaveLength(attempt);
      vi.advanceTimersByTime(1);
    }
    expect(page.overs).toEqual([{ reason: 'refused', code: 'try-later', retryAfterMs: 2000 }]);
  });

  test('an answer that takes three seconds is waited for', () => {
    const server = scriptedServer();
    const page = enter(server.open);
    server.last().events.opened();
    vi.advanceTimersByTime(3000);
    server.last().say(welcomeTo());
    expect([page.welcomes, server.connections.length]).toEqual([[false], 1]);
  });

  test('a host that is lost on the way in is told', () => {
    const server = scriptedServer();
    const page = enter(server.open);
    server.last().events.opened();
    server.last().events.closed(4404);
    expect(page.overs).toEqual([{ reason: 'refused', code: 'host-unreachable' }]);
  });

  test('a server that is not there is given up after a few seconds', () => {
    const server = scriptedServer();
    const page = enter(server.open);
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(page.overs).toEqual([]);
      server.last().events.closed(1006);
      vi.advanceTimersByTime(5000);
    }
    expect(page.overs).toEqual([{ reason: 'unreachable' }]);
    expect(server.connections).toHaveLength(5);
  });

  test('a host that lets one into another room than the one asked for is not believed', () => {
    const server = scriptedServer();
    const page = enter(server.open);
    server.last().events.opened();
    server.last().say(welcomeTo({ room: '111222333' }));
    expect([page.welcomes, page.overs]).toEqual([[], [{ reason: 'refused', code: 'host-unreachable' }]]);
    expect(server.last().closed).toBe(true);
  });

  test('a connection that never opens counts as lost', () => {
    const server = scriptedServer();
    enter(server.open);
    vi.advanceTimersByTime(10_001);
    expect(server.connections.map(({ closed }) => closed)).toEqual([true, false]);
  });
});

describe('a page that was loaded again', () => {
  const HOST_AWAY = { type: 'error', code: 'host-unreachable', message: '' } as const;
  const INTERCEPTED = { type: 'error', code: 'intercepted', message: '' } as const;

  /** The server answers each attempt like this, as long as the page tries. */
  function comesBack(answer: (last: Connection) => void, milliseconds: number) {
    const server = scriptedServer();
    const page = enter(server.open, { ...ENTRANCE, resume: 'before' });
    for (const end = Date.now() + milliseconds; Date.now() < end;) {
      if (!server.last().closed) {
        server.last().events.opened();
        answer(server.last());
      }
      vi.advanceTimersByTime(500);
    }
    return { server, ...page };
  }

  test.each([
    ['the host does not answer', (last: Connection) => last.say(HOST_AWAY), 'searching', 'host-unreachable'],
    ['its way is lost', (last: Connection) => last.events.closed(4404), 'searching', 'host-unreachable'],
    ['somebody is in between', (last: Connection) => last.say(INTERCEPTED), 'intercepted', 'intercepted'],
    ['the server is away', (last: Connection) => last.events.closed(1006), 'reconnecting', null],
  ] as const)('asks for its seat as long as one is kept, while %s', (_what, answer, link, code) => {
    const waiting = comesBack(answer, RETURN_MS - 10_000);
    expect([waiting.links, waiting.overs]).toEqual([[link], []]);
    while (waiting.server.last().closed) vi.advanceTimersByTime(10);
    waiting.server.last().events.opened();
    expect(waiting.server.last().said('join')[0]?.resume).toEqual({ token: 'before' });
    waiting.server.last().say(welcomeTo());
    vi.advanceTimersByTime(5000);
    expect([waiting.links, waiting.overs]).toEqual([[link, 'up'], []]);

    const { overs } = comesBack(answer, RETURN_MS + 1000);
    expect(overs).toEqual([code ? { reason: 'refused', code } : { reason: 'unreachable' }]);
  });

  test('has all the time in the world once it is back', () => {
    const { server, links, overs } = comesBack((last) => last.say(welcomeTo()), 1000);
    for (let passed = 0; passed < 2 * RETURN_MS; passed += 2000) {
      server.last().say({ type: 'ping' });
      vi.advanceTimersByTime(2000);
    }
    expect([links, overs]).toEqual([['up'], []]);
  });

  test('ends with its room', () => {
    const { overs } = comesBack((last) => last.say({ ...HOST_AWAY, code: 'unknown-room' }), 1000);
    expect(overs).toEqual([{ reason: 'refused', code: 'unknown-room' }]);
  });
});
