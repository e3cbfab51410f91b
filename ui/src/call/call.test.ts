import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { enter, fakeRtc, OFFER, someone } from './testing/call-page';
import type { FakeConnection } from './testing/fake-connection';
import { welcomeTo } from './testing/scripted-server';

let connections: FakeConnection[];
beforeEach(() => {
  vi.useFakeTimers();
  connections = fakeRtc();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

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
    expect(widths()).toEqual(Array(id - 1).fill(Math.sqrt(Math.max(1, (id - 1) / 2))));
  }
  page.hears({ type: 'left', participant: 3, reason: 'left' });
  await vi.advanceTimersByTimeAsync(100);
  expect(widths()).toEqual(Array(3).fill(Math.sqrt(3 / 2)));
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
