import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Participant, ServerMessage, Signal, Welcome } from '../protocol/messages';
import type { AudioSink } from './audio-sink';
import { Call, GUEST_PATIENCE_MS } from './call';
import { Devices, type MediaSource } from './devices';
import type { Ending } from './signaling';
import { FakeConnection } from './testing/fake-connection';
import { FakeMediaSource, FakeStream } from './testing/fake-media';
import { scriptedServer, welcomeTo } from './testing/scripted-server';
import { VOUCH_EVERY_MS } from './vouching';

let connections: FakeConnection[];

beforeEach(() => {
  vi.useFakeTimers();
  connections = [];
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('RTCPeerConnection', function () {
    const connection = new FakeConnection();
    connections.push(connection);
    return connection;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const OFFER: Signal = {
  description: { type: 'offer', sdp: '{"id":1000,"kinds":["audio","video"],"restart":false}' },
};

function someone(id: number, change: Partial<Participant> = {}): Participant {
  return {
    id,
    session: 1,
    name: `P${id}`,
    capabilities: [],
    state: { microphone: true, camera: true },
    presence: 'here',
    ...change,
  };
}

async function enter(welcome: Partial<Welcome>, token?: string) {
  const server = scriptedServer();
  const heard: string[] = [];
  const overs: Ending[] = [];
  const devices = new Devices(
    { microphone: true, camera: true },
    new FakeMediaSource('granted', 'NotFoundError') as unknown as MediaSource,
    true,
  );
  await devices.ask();
  const sink = { set: () => {}, remove: () => {} } as unknown as AudioSink;
  const call = new Call(
    { url: 'ws://127.0.0.1:1/ws', ...(token && { token }) },
    { room: '482193775', name: 'Ada', role: welcome.role ?? 'participant', own: false },
    devices,
    sink,
    {
      entered: () => {},
      say: (key, values) => heard.push(values ? `${key} ${values.name}` : key),
      over: (ending) => overs.push(ending),
    },
    { open: server.open, random: () => 0, onWake: () => {} },
  );
  server.last().events.opened();
  server.last().say(welcomeTo(welcome));
  await vi.advanceTimersByTimeAsync(100);
  let seq = 0;
  return {
    call,
    devices,
    heard,
    overs,
    server,
    hears: (message: ServerMessage) => server.last().say(message, ++seq),
    tiles: () => call.state.get()?.tiles.map(({ id, name, presence }) => `${id} ${name} ${presence}`),
    signals: () =>
      server
        .last()
        .said('signal')
        .map(({ to, session, signal }) => [to, session, Object.keys(signal)[0]]),
  };
}

describe('who makes the offer', () => {
  test('who is there already, to everybody who comes', async () => {
    const page = await enter({ participants: [someone(1)] });
    page.hears({ type: 'joined', participant: someone(2) });
    page.hears({ type: 'joined', participant: someone(3, { session: 4 }) });
    await vi.advanceTimersByTimeAsync(100);
    expect(connections).toHaveLength(2);
    expect(page.signals()).toEqual([
      [2, 1, 'description'],
      [3, 4, 'description'],
    ]);
    expect(page.server.last().said('join')[0]?.state).toEqual({ microphone: true, camera: false });
  });

  test('not the newcomer: it answers', async () => {
    const page = await enter({ you: 2, participants: [someone(1), someone(2)] });
    await vi.advanceTimersByTimeAsync(100);
    expect(page.signals()).toEqual([]);
    page.hears({ type: 'signal', from: 1, session: 1, signal: OFFER });
    await vi.advanceTimersByTimeAsync(100);
    expect(page.signals()).toEqual([[1, 1, 'description']]);
    expect(connections[0]?.agreed).toBe(1000);
  });
});

describe('a participant that begins anew in its seat', () => {
  test('gets a new connection, and what it said before is void', async () => {
    const page = await enter({ participants: [someone(1)] });
    page.hears({ type: 'joined', participant: someone(2) });
    page.hears({ type: 'joined', participant: someone(2, { session: 2 }) });
    page.hears({ type: 'signal', from: 2, session: 1, signal: OFFER });
    await vi.advanceTimersByTimeAsync(100);
    expect(connections.map(({ connectionState }) => connectionState)).toEqual(['closed', 'new']);
    expect(page.signals()).toEqual([[2, 2, 'description']]);
    expect(page.tiles()).toEqual(['1 P1 here', '2 P2 here']);
  });

  test('is not a participant that only lost its link', async () => {
    const page = await enter({ participants: [someone(1)] });
    page.hears({ type: 'joined', participant: someone(2) });
    page.hears({ type: 'reconnecting', participant: 2 });
    expect(page.tiles()).toEqual(['1 P1 here', '2 P2 reconnecting']);
    page.hears({ type: 'resumed', participant: 2 });
    expect(page.tiles()).toEqual(['1 P1 here', '2 P2 here']);
    expect(connections.map(({ connectionState }) => connectionState)).toEqual(['new']);
    expect(page.heard).toEqual(['say.entered', 'say.joined P2', 'say.reconnecting P2', 'say.back P2']);
  });
});

describe('when one’s own link is lost', () => {
  test('media goes on, and a continued session leaves it alone', async () => {
    const page = await enter({ you: 2, participants: [someone(1), someone(2)] });
    page.server.last().events.closed(1006);
    expect(page.call.state.get()?.link).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(10);
    page.server.last().events.opened();
    page.server
      .last()
      .say(welcomeTo({ you: 2, continued: true, received: 1, participants: [someone(1), someone(2)] }));
    expect(page.call.state.get()?.link).toBe('up');
    expect(connections.map(({ connectionState }) => connectionState)).toEqual(['new']);
    expect(page.tiles()).toEqual(['2 P2 here', '1 P1 here']);
  });

  test('a new session makes everything anew', async () => {
    const page = await enter({ you: 2, participants: [someone(1), someone(2)] });
    page.server.last().events.closed(4429);
    await vi.advanceTimersByTimeAsync(10);
    page.server.last().events.opened();
    page.server
      .last()
      .say(welcomeTo({ you: 2, session: 2, participants: [someone(1), someone(2, { session: 2 })] }));
    await vi.advanceTimersByTimeAsync(100);
    expect(connections.map(({ connectionState }) => connectionState)).toEqual(['closed', 'new']);
    expect(page.signals()).toEqual([]);
    page.hears({ type: 'signal', from: 1, session: 1, signal: OFFER });
    await vi.advanceTimersByTimeAsync(100);
    expect(page.signals()).toEqual([[1, 1, 'description']]);
  });
});

describe('a participant out of the host’s reach', () => {
  const vouched = (page: Awaited<ReturnType<typeof enter>>) =>
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
      await vi.advanceTimersByTimeAsync(VOUCH_EVERY_MS / 2);
      page.server.last().say({ type: 'ping' });
      await vi.advanceTimersByTimeAsync(VOUCH_EVERY_MS / 2);
      page.server.last().say({ type: 'ping' });
      expect(vouched(page)).toEqual([Array(times).fill(1)]);
    }
    page.hears(end);
    await vi.advanceTimersByTimeAsync(2 * VOUCH_EVERY_MS);
    expect(vouched(page)[0]).toHaveLength(4);
  });

  test('is not vouched for without media', async () => {
    const page = await connected();
    connections[0]?.become('disconnected');
    page.hears({ type: 'reconnecting', participant: 1 });
    expect(vouched(page)).toEqual([[]]);
    connections[0]?.become('connected');
    expect(vouched(page)).toEqual([[1]]);
    connections[0]?.become('failed');
    await vi.advanceTimersByTimeAsync(2 * VOUCH_EVERY_MS);
    expect(vouched(page)[0]).toEqual([1]);
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

describe('a link to the host that stays away', () => {
  const shown = (page: Awaited<ReturnType<typeof enter>>) => page.call.state.get()?.link;

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
    expect(page.heard).toEqual(['say.entered', 'say.link-lost', 'say.link-back']);
  });

  test('is told to the person at their own server as a search', async () => {
    const page = await enter({ participants: [someone(1)] }, 'token');
    page.server.last().events.closed(4404);
    expect(shown(page)).toBe('searching');
    await vi.advanceTimersByTimeAsync(2 * GUEST_PATIENCE_MS);
    expect(shown(page)).toBe('searching');
    expect(page.heard).toEqual(['say.entered', 'say.link-lost']);
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

test('the others are told what is on, also what changed on the way in', async () => {
  // The join said the microphone is on.
  const page = await enter({
    participants: [someone(1, { state: { microphone: true, camera: false } })],
  });
  expect(page.server.last().said('state')).toEqual([]);
  await page.devices.setMicrophone(false);
  expect(page.server.last().said('state')).toEqual([{ type: 'state', microphone: false, camera: false }]);
  await page.devices.setMicrophone(false);
  expect(page.server.last().said('state')).toHaveLength(1);
});

test('what changed between the join and a new session is said again', async () => {
  const page = await enter({
    participants: [someone(1, { state: { microphone: false, camera: true } })],
  });
  expect(page.server.last().said('state')).toEqual([{ type: 'state', microphone: true, camera: false }]);
});

test('the more there are, the less is encoded for each', async () => {
  const page = await enter({ participants: [someone(1)] });
  const widths = () =>
    connections
      .filter(({ connectionState }) => connectionState !== 'closed')
      .map(
        (connection) =>
          connection.getTransceivers()[1]?.sender.parameters.encodings[0]?.scaleResolutionDownBy,
      );
  for (const id of [2, 3, 4, 5]) {
    page.hears({ type: 'joined', participant: someone(id) });
    page.hears({ type: 'signal', from: id, session: 1, signal: OFFER });
    await vi.advanceTimersByTimeAsync(100);
    expect(widths()).toEqual(Array(id - 1).fill(id < 5 ? 1 : 2));
  }
  page.hears({ type: 'left', participant: 3, reason: 'left' });
  await vi.advanceTimersByTimeAsync(100);
  expect(widths()).toEqual([1, 1, 1]);
});

test('a participant that leaves is gone with its connection', async () => {
  const page = await enter({ you: 2, participants: [someone(1), someone(2)] });
  page.hears({ type: 'changed', participant: 1, state: { microphone: false, camera: false } });
  expect(page.call.state.get()?.tiles[1]).toMatchObject({ microphone: false, camera: false });
  page.hears({ type: 'left', participant: 1, reason: 'lost' });
  expect(page.tiles()).toEqual(['2 P2 here']);
  expect(connections[0]?.connectionState).toBe('closed');
  expect(page.heard.at(-1)).toBe('say.lost P1');
  page.hears({ type: 'signal', from: 1, session: 1, signal: OFFER });
  page.hears({ type: 'left', participant: 1, reason: 'lost' });
});

test('an observer sees who is there and connects to nobody', async () => {
  const page = await enter({ you: 9, role: 'observer', participants: [someone(1)] });
  page.hears({ type: 'joined', participant: someone(2) });
  await page.devices.setMicrophone(false);
  expect(page.tiles()).toEqual(['1 P1 here', '2 P2 here']);
  expect(connections).toEqual([]);
  expect(page.server.last().said('state')).toEqual([]);
});

test('leaving lets go of everything at once and says nothing more', async () => {
  const page = await enter({ you: 2, participants: [someone(1), someone(2)] });
  page.call.leave();
  expect(connections[0]?.connectionState).toBe('closed');
  expect(page.server.last().said('leave')).toHaveLength(1);
  page.hears({ type: 'joined', participant: someone(3) });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.overs).toEqual([]);
  expect(connections).toHaveLength(1);
  expect(page.server.last().closed).toBe(true);
});

test('everybody has a colour: the chosen one, or one of their own', async () => {
  const page = await enter({
    you: 1,
    participants: [someone(1, { colour: 'pink' }), someone(2), someone(3), someone(4, { colour: 'blue' })],
  });
  const [own, second, third, fourth] = page.call.state.get()?.tiles.map(({ colour }) => colour) ?? [];
  expect([own, fourth]).toEqual(['pink', 'blue']);
  expect(second).not.toBe(third);
});
