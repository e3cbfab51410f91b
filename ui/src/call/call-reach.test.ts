// A call while somebody or the host cannot be reached.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GUEST_PATIENCE_MS, SEARCH_UNSAID_MS } from './call';
import { enter, entering, fakeRtc, OFFER, someone } from './testing/call-page';
import type { FakeConnection } from './testing/fake-connection';
import { welcomeTo } from './testing/scripted-server';
import { VOUCH_EVERY_MS } from './vouching';

/** How often the server says something, in ms. */
const PING_MS = 2000;

const STUN = { urls: ['stun:192.0.2.7:3478'] };
const MOVED_STUN = { urls: ['stun:192.0.2.8:3478'] };

type Page = Awaited<ReturnType<typeof enter>>;

let connections: FakeConnection[];
beforeEach(() => {
  vi.useFakeTimers();
  connections = fakeRtc();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Time, over a link that holds. */
async function passes(page: Page, milliseconds: number) {
  for (let passed = 0; passed < milliseconds; passed += PING_MS) {
    page.server.last().say({ type: 'ping' });
    await vi.advanceTimersByTimeAsync(PING_MS);
  }
}

describe('media links that do not work any more', () => {
  /** Longer than a link is tried for until it is called failed, in ms. */
  const GIVEN_UP_MS = 40_000;

  /** In a room with P1 and P3, media connected. */
  async function connected() {
    const page = await enter({ you: 2, participants: [someone(1), someone(2), someone(3)] });
    for (const from of [1, 3]) page.hears({ type: 'signal', from, session: 1, signal: OFFER });
    await vi.advanceTimersByTimeAsync(100);
    for (const connection of connections) connection.become('connected');
    return page;
  }

  /** Whether the seat was left and taken again, without what had been received. */
  const beganAnew = (page: Page) =>
    page.server.connections.slice(1).map((connection) => {
      connection.events.opened();
      return connection.said('join')[0]?.resume;
    });

  test('make the page begin anew in its seat, once, if none of them does', async () => {
    const page = await connected();
    for (const connection of connections) connection.become('failed');
    await passes(page, GIVEN_UP_MS);
    expect(beganAnew(page)).toEqual([{ token: 'resume-token' }]);
    const participants = [someone(1), someone(2, { session: 2 }), someone(3)];
    page.server.last().say(welcomeTo({ you: 2, session: 2, participants }));
    expect(connections.map(({ connectionState }) => connectionState)).toEqual([
      'closed',
      'closed',
      'new',
      'new',
    ]);
    for (const connection of connections.slice(2)) connection.become('failed');
    await passes(page, GIVEN_UP_MS);
    expect(page.server.connections).toHaveLength(2);
  });

  test('are left to their restarts while one works, also one to somebody out of the host’s reach', async () => {
    const page = await connected();
    page.hears({ type: 'reconnecting', participant: 3 });
    connections[0]?.become('failed');
    await passes(page, GIVEN_UP_MS);
    expect(page.server.connections).toHaveLength(1);
  });

  test('are left to their restarts while the other is out of reach, and first of all when it is back', async () => {
    const page = await connected();
    page.hears({ type: 'left', participant: 3, reason: 'left' });
    page.hears({ type: 'reconnecting', participant: 1 });
    connections[0]?.become('failed');
    await passes(page, GIVEN_UP_MS);
    page.hears({ type: 'resumed', participant: 1 });
    await passes(page, GIVEN_UP_MS);
    expect(page.server.connections).toHaveLength(1);
  });

  test('are tried again first when one’s own way to the host is back', async () => {
    const page = await connected();
    page.server.last().events.closed(1006);
    for (const connection of connections) connection.become('failed');
    await vi.advanceTimersByTimeAsync(GIVEN_UP_MS);
    const attempts = page.server.connections.length;
    page.server.last().events.opened();
    const participants = [someone(1), someone(2), someone(3)];
    page.server.last().say(welcomeTo({ you: 2, continued: true, participants }));
    await passes(page, PING_MS);
    expect(page.server.connections).toHaveLength(attempts);
    expect(page.call.state.get()?.tiles.map(({ media }) => media)).toEqual([
      'connected',
      'reconnecting',
      'reconnecting',
    ]);
    await passes(page, GIVEN_UP_MS);
    expect(page.server.connections).toHaveLength(attempts + 1);
  });
});

describe('a participant out of the host’s reach', () => {
  const vouched = (page: Page) =>
    page.server.connections.map((connection) =>
      connection.said('vouch').map(({ participant }) => participant),
    );

  /** In a room with P1, media connected. */
  async function connected() {
    const page = await enter({ you: 2, participants: [someone(1), someone(2)] });
    connections[0]?.become('connected');
    return page;
  }

  test.each([
    ['is back', { type: 'resumed', participant: 1 } as const],
    ['is gone', { type: 'left', participant: 1, reason: 'lost' } as const],
    ['begins anew', { type: 'joined', participant: someone(1, { session: 2 }) } as const],
  ])('is vouched for at once and again while its media flows, until it %s', async (_what, end) => {
    const page = await connected();
    expect(vouched(page)).toEqual([[]]);
    page.hears({ type: 'reconnecting', participant: 1 });
    expect(vouched(page)).toEqual([[1]]);
    for (let times = 2; times <= 4; times++) {
      await passes(page, VOUCH_EVERY_MS);
      expect(vouched(page)).toEqual([Array(times).fill(1)]);
    }
    page.hears(end);
    await passes(page, 2 * VOUCH_EVERY_MS);
    expect(vouched(page)).toEqual([Array(4).fill(1)]);
  });

  test('is not vouched for without media', async () => {
    const page = await connected();
    connections[0]?.become('disconnected');
    page.hears({ type: 'reconnecting', participant: 1 });
    expect(vouched(page)).toEqual([[]]);
    connections[0]?.become('connected');
    expect(vouched(page)).toEqual([[1]]);
    connections[0]?.become('failed');
    await passes(page, 2 * VOUCH_EVERY_MS);
    expect(vouched(page)).toEqual([[1]]);
  });

  test('is vouched for only while one is in reach oneself', async () => {
    const page = await connected();
    page.hears({ type: 'reconnecting', participant: 1 });
    await vi.advanceTimersByTimeAsync(VOUCH_EVERY_MS / 2);
    page.server.last().events.closed(1006);
    await vi.advanceTimersByTimeAsync(VOUCH_EVERY_MS / 2);
    page.server.last().events.opened();
    expect(vouched(page)).toEqual([[1], []]);
    page.server.last().say(welcomeTo({ you: 2, continued: true }));
    expect(vouched(page)).toEqual([[1], [1]]);
  });
});

describe('when the host’s address changes', () => {
  const at = (host: string, fingerprint = 'AA') => ({
    link: `https://${host}:7443/#482193775`,
    fingerprint,
  });
  const restarts = () => connections.map((connection) => connection.restarts);

  /** In a room with P1, media negotiated. */
  async function negotiated(host: string | null) {
    const page = await enter({
      you: 2,
      participants: [someone(1), someone(2)],
      invite: host === null ? null : at(host),
    });
    page.hears({ type: 'signal', from: 1, session: 1, signal: OFFER });
    await vi.advanceTimersByTimeAsync(100);
    connections[0]?.become('connected');
    return page;
  }

  test('every link is restarted at once, once for each change', async () => {
    const page = await negotiated('192.0.2.7');
    page.hears({ type: 'invite', invite: at('192.0.2.8') });
    expect(restarts()).toEqual([1]);
    page.hears({ type: 'invite', invite: at('192.0.2.8', 'BB') });
    page.hears({ type: 'invite', invite: null });
    page.hears({ type: 'invite', invite: at('127.0.0.1') });
    page.hears({ type: 'invite', invite: at('192.0.2.8') });
    expect(restarts()).toEqual([1]);
    page.hears({ type: 'invite', invite: at('192.0.2.9') });
    expect(restarts()).toEqual([2]);
    expect(page.call.state.get()?.invite).toEqual(at('192.0.2.9'));
  });

  test('the first address is no change', async () => {
    const page = await negotiated(null);
    page.hears({ type: 'invite', invite: at('192.0.2.7') });
    expect(restarts()).toEqual([0]);
  });

  test.each([
    ['the host has moved, whatever else', '192.0.2.8', 'connected', 1],
    ['media is broken', '192.0.2.7', 'disconnected', 1],
    ['nothing has changed', '192.0.2.7', 'connected', 0],
  ] as const)('who comes back while %s', async (_what, host, media, expected) => {
    const page = await negotiated('192.0.2.7');
    page.server.last().events.closed(4404);
    connections[0]?.become(media);
    await vi.advanceTimersByTimeAsync(0);
    page.server.last().events.opened();
    expect(restarts()).toEqual([0]);
    page.server.last().say(welcomeTo({ you: 2, continued: true, invite: at(host) }));
    expect(restarts()).toEqual([expected]);
  });
});

test('the servers of the latest welcome are asked for ways, before a link is restarted', async () => {
  const page = await enter({ you: 2, participants: [someone(1), someone(2)], iceServers: [STUN] });
  page.hears({ type: 'signal', from: 1, session: 1, signal: OFFER });
  await vi.advanceTimersByTimeAsync(100);
  const connection = connections[0]!;
  const asked: unknown[] = [];
  connection.restartIce = () => void asked.push(connection.configuration.iceServers);
  page.server.last().events.closed(4404);
  await vi.advanceTimersByTimeAsync(0);
  page.server.last().events.opened();
  page.server.last().say(welcomeTo({ you: 2, continued: true, iceServers: [MOVED_STUN] }));
  expect(asked).toEqual([[MOVED_STUN]]);
});

describe('a room that is entered', () => {
  test.each([
    ['of another machine is said to be looked for after a moment, once', {}, 'token', 'searching'],
    ['of the host whose guest one is needs no words', {}, undefined, 'entering'],
    ['and was created here needs none', { own: true }, 'token', 'entering'],
    ['and does not exist yet needs none', { room: null, own: true }, 'token', 'entering'],
  ] as const)('%s', async (_what, entry, token, shown) => {
    const { call, heard } = await entering(entry, token);
    await vi.advanceTimersByTimeAsync(SEARCH_UNSAID_MS - 1);
    expect([call.entering.get(), heard]).toEqual(['entering', []]);
    await vi.advanceTimersByTimeAsync(3 * SEARCH_UNSAID_MS);
    expect([call.entering.get(), heard]).toEqual([shown, shown === 'entering' ? [] : [`joining.${shown}`]]);
  });

  test('at once is not said to be looked for', async () => {
    const page = await enter({ participants: [someone(1)] }, 'token');
    await vi.advanceTimersByTimeAsync(3 * SEARCH_UNSAID_MS);
    expect(page.heard).toEqual(['say.entered']);
  });

  test('again says what is in the way, each once', async () => {
    const page = await entering({ resume: 'before' }, 'token');
    await vi.advanceTimersByTimeAsync(SEARCH_UNSAID_MS);
    const refusedWith = async (code: 'host-unreachable' | 'intercepted') => {
      page.server.last().events.opened();
      page.server.last().say({ type: 'error', code, message: '' });
      await vi.advanceTimersByTimeAsync(500);
    };
    await refusedWith('host-unreachable');
    expect(page.call.entering.get()).toBe('searching');
    await refusedWith('intercepted');
    await refusedWith('intercepted');
    await refusedWith('host-unreachable');
    expect(page.call.entering.get()).toBe('intercepted');
    expect(page.heard).toEqual(['joining.searching', 'joining.intercepted']);
    page.server.last().events.opened();
    page.server.last().say(welcomeTo({ participants: [someone(1)] }));
    expect(page.heard.slice(2)).toEqual(['say.entered']);
  });
});

describe('a link to the host that stays away', () => {
  const shown = (page: Page) => page.call.state.get()?.link;

  test('is told to a guest with how to come back, until it is there again', async () => {
    const page = await enter({ participants: [someone(1)] });
    page.server.last().events.closed(1006);
    await vi.advanceTimersByTimeAsync(GUEST_PATIENCE_MS - 1);
    expect(shown(page)).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(1);
    expect(shown(page)).toBe('moved');
    await vi.advanceTimersByTimeAsync(40_000);
    while (page.server.last().closed) await vi.advanceTimersByTimeAsync(100);
    expect(shown(page)).toBe('moved');
    page.server.last().events.opened();
    page.server.last().say(welcomeTo({ participants: [someone(1)] }));
    expect(shown(page)).toBe('up');
    expect(page.heard).toEqual(['say.entered', 'say.link-back']);
  });

  test('is told to the person at their own server as a search', async () => {
    const page = await enter({ participants: [someone(1)] }, 'token');
    page.server.last().events.closed(4404);
    expect(shown(page)).toBe('searching');
    await vi.advanceTimersByTimeAsync(2 * GUEST_PATIENCE_MS);
    expect(shown(page)).toBe('searching');
  });

  test('that was lost for a moment only is not made much of', async () => {
    const page = await enter({ participants: [someone(1)] });
    page.server.last().events.closed(1006);
    await vi.advanceTimersByTimeAsync(10);
    page.server.last().events.opened();
    page.server.last().say(welcomeTo({ continued: true }));
    await vi.advanceTimersByTimeAsync(2 * GUEST_PATIENCE_MS);
    expect(shown(page)).not.toBe('moved');
  });
});
