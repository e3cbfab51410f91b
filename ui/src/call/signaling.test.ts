import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RoomMessage } from './signaling';
import { seeded } from './testing/random';
import { welcomeTo, type Connection } from './testing/scripted-server';
import { enter, entered, ENTRANCE } from './testing/signaling-page';
import { SimulatedRoom } from './testing/simulated-room';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const candidate = (text: string) => ({
  candidate: { candidate: text, sdpMid: null, sdpMLineIndex: null, usernameFragment: null },
});
const signalTo = (to: number, text: string) => ({ type: 'signal' as const, to, signal: candidate(text) });
const joined = { type: 'reconnecting' as const, participant: 9 };

describe('in the room', () => {
  test('what comes twice is heard once, and unknown messages are acknowledged', () => {
    const { server, messages, signaling } = entered();
    server.last().say(joined, 1);
    server.last().say(joined, 1);
    server.last().events.received('{"seq":2,"ack":0,"message":{"type":"from-the-future","x":[1]}}');
    server.last().events.received('{"seq":3,"ack":0,"message":{"type":"joined","participant":"nonsense"}}');
    server.last().events.received('neither JSON nor a frame');
    server.last().say({ type: 'resumed', participant: 9 }, 4);
    expect(messages.map(({ type }) => type)).toEqual(['reconnecting', 'resumed']);
    signaling.send({ type: 'state', microphone: false, camera: false });
    expect(server.last().sent.at(-1)).toMatchObject({ seq: 1, ack: 4 });
  });

  test('a ping is answered with what has arrived', () => {
    const { server } = entered();
    server.last().say(joined, 1);
    server.last().say({ type: 'ping' });
    expect(server.last().sent.at(-1)).toEqual({ ack: 1, message: { type: 'pong' } });
  });

  test('the server is told after 32 messages at the latest', () => {
    const { server } = entered();
    for (let seq = 1; seq <= 31; seq++) server.last().say(joined, seq);
    expect(server.last().said('pong')).toHaveLength(0);
    server.last().say(joined, 32);
    expect(server.last().sent.at(-1)).toEqual({ ack: 32, message: { type: 'pong' } });
  });

  test('a gap is never passed over: the page begins a new session', () => {
    const { server, messages, welcomes } = entered();
    server.last().say(joined, 2);
    expect(messages).toEqual([]);
    expect(server.last().closed).toBe(true);
    vi.advanceTimersByTime(0);
    server.last().events.opened();
    expect(server.last().said('join')[0]?.resume).toEqual({ token: 'resume-token' });
    server.last().say(welcomeTo({ session: 2 }));
    expect(welcomes).toEqual([false, false]);
    server.last().say(joined, 1);
    expect(messages).toHaveLength(1);
  });

  test('silence is a lost link', () => {
    const { server, links } = entered();
    vi.advanceTimersByTime(5999);
    expect(links).toEqual(['up']);
    vi.advanceTimersByTime(1);
    expect(links).toEqual(['up', 'reconnecting']);
    expect(server.connections[0]?.closed).toBe(true);
  });

  test('what the server has not acknowledged is said again, in order, and only that', () => {
    const { server, signaling } = entered();
    for (const text of ['a', 'b', 'c']) signaling.send(signalTo(2, text));
    server.last().say({ type: 'ping' }, undefined, 1);
    server.last().events.closed(1006);
    signaling.send(signalTo(2, 'd'));
    vi.advanceTimersByTime(0);
    server.last().events.opened();
    server.last().say(welcomeTo({ continued: true, received: 2 }));
    const again = server.last().sent.filter(({ seq }) => seq !== undefined);
    expect(again).toMatchObject([
      { seq: 3, message: signalTo(2, 'c') },
      { seq: 4, message: signalTo(2, 'd') },
    ]);
  });

  test('a link that stays away is lost after the grace, and still tried', () => {
    const { server, links, overs } = entered();
    server.last().events.closed(1006);
    for (let second = 0; second < 40; second++) {
      vi.advanceTimersByTime(1000);
      server.last().events.closed(1006);
    }
    expect(links).toEqual(['up', 'reconnecting', 'lost']);
    expect(overs).toEqual([]);
    vi.advanceTimersByTime(5000);
    server.last().events.opened();
    server.last().say(welcomeTo({ you: 2 }));
    expect(links.at(-1)).toBe('up');
  });

  test('the waits grow, and an awakened page does not wait', () => {
    const { server, wake } = entered();
    const waits: number[] = [];
    server.last().events.closed(1006);
    for (let attempt = 0; attempt < 7; attempt++) {
      const before = server.connections.length;
      const start = Date.now();
      while (server.connections.length === before) vi.advanceTimersByTime(1);
      waits.push(Date.now() - start);
      server.last().events.closed(1006);
    }
    expect(waits.map((wait) => Math.round(wait / 500) * 500)).toEqual([0, 500, 1000, 2000, 4000, 5000, 5000]);
    const before = server.connections.length;
    wake();
    expect(server.connections).toHaveLength(before + 1);
    wake();
    expect(server.connections).toHaveLength(before + 1);
  });

  test('a server that always takes the page back and drops it is not asked without end', () => {
    const { server } = entered();
    for (let second = 0; second < 60; second++) {
      server.last().events.closed(4429);
      vi.advanceTimersByTime(1000);
      server.last().events.opened();
      server.last().say(welcomeTo());
    }
    expect(server.connections.length).toBeLessThan(20);
  });

  test.each([
    [4409, 'replaced'],
    [4406, 'version-mismatch'],
  ])('close code %i ends it', (code, refusal) => {
    const { server, overs } = entered();
    server.last().events.closed(code);
    vi.advanceTimersByTime(60_000);
    expect(overs).toEqual([{ reason: 'refused', code: refusal }]);
    expect(server.connections).toHaveLength(1);
  });

  test('a lost host is looked for at once, and again after each search, however long that takes', () => {
    const { server, links, overs } = entered();
    server.last().events.closed(4404);
    for (let search = 0; search < 8; search++) {
      if (search > 0) vi.advanceTimersByTime(499);
      expect(server.connections).toHaveLength(search + 1);
      vi.advanceTimersByTime(search === 0 ? 0 : 1);
      expect(server.connections).toHaveLength(search + 2);
      server.last().events.opened();
      expect(server.last().said('join')[0]?.resume).toEqual({ token: 'resume-token', received: 0 });
      vi.advanceTimersByTime(3000);
      server.last().say({ type: 'error', code: 'host-unreachable', message: '' });
      expect(server.last().closed).toBe(true);
    }
    expect([links, overs]).toEqual([['up', 'searching'], []]);
    vi.advanceTimersByTime(6000);
    server.last().events.opened();
    server.last().say(welcomeTo({ continued: true }));
    expect(links).toEqual(['up', 'searching', 'lost', 'up']);
  });

  test('a link that is lost and then found to lack the host is said to search', () => {
    const { server, links } = entered();
    server.last().events.closed(1006);
    vi.advanceTimersByTime(0);
    server.last().events.opened();
    server.last().say({ type: 'error', code: 'host-unreachable', message: '' });
    server.last().events.closed(1006);
    expect(links).toEqual(['up', 'reconnecting', 'searching']);
  });

  test('vouching has no number and is not kept', () => {
    const { server, signaling } = entered();
    server.last().say(joined, 1);
    signaling.remark({ type: 'vouch', participant: 9 });
    expect(server.last().sent.at(-1)).toEqual({ ack: 1, message: { type: 'vouch', participant: 9 } });
    server.last().events.closed(1006);
    signaling.remark({ type: 'vouch', participant: 9 });
    vi.advanceTimersByTime(0);
    server.last().events.opened();
    signaling.remark({ type: 'vouch', participant: 9 });
    server.last().say(welcomeTo({ continued: true }));
    expect(server.last().said('vouch')).toEqual([]);
  });

  test('somebody in between is told of, and cannot end the call', () => {
    const { server, links, overs } = entered();
    server.last().events.closed(4404);
    for (const code of ['host-unreachable', 'intercepted', 'host-unreachable', 'intercepted'] as const) {
      vi.advanceTimersByTime(4000);
      server.last().events.opened();
      server.last().say({ type: 'error', code, message: '' });
      expect(server.last().closed).toBe(true);
    }
    // The grace is over meanwhile.
    for (let second = 0; second < 30; second++) {
      vi.advanceTimersByTime(1000);
      server.last().events.closed(1006);
    }
    expect([links, overs]).toEqual([['up', 'searching', 'intercepted'], []]);
    vi.advanceTimersByTime(5000);
    server.last().events.opened();
    server.last().say(welcomeTo({ continued: true }));
    expect(links.at(-1)).toBe('up');
  });

  test('a host that is suddenly in another room is not believed, and the room looked for again', () => {
    const { server, links, welcomes, messages } = entered();
    server.last().events.closed(4404);
    vi.advanceTimersByTime(0);
    server.last().events.opened();
    server.last().say(welcomeTo({ room: '111222333', continued: true }));
    server.last().say(joined, 1);
    expect([server.last().closed, links, welcomes, messages]).toEqual([
      true,
      ['up', 'searching'],
      [false],
      [],
    ]);
    vi.advanceTimersByTime(500);
    server.last().events.opened();
    expect(server.last().said('join')[0]).toMatchObject({
      room: '482193775',
      resume: { token: 'resume-token', received: 0 },
    });
  });

  test.each([
    ['closes', (last: Connection) => last.events.closed(4401)],
    ['says so', (last: Connection) => last.say({ type: 'error', code: 'wrong-token', message: '' })],
  ])('a token that has become void ends it: the server %s', (_what, refuse) => {
    const { server, overs } = entered();
    server.last().events.closed(1006);
    vi.advanceTimersByTime(0);
    server.last().events.opened();
    refuse(server.last());
    vi.advanceTimersByTime(60_000);
    expect([overs, server.connections.length]).toEqual([[{ reason: 'refused', code: 'wrong-token' }], 2]);
  });

  test('a refused message changes nothing', () => {
    const { server, overs, links } = entered();
    server.last().say({ type: 'error', code: 'unknown-participant', message: '', of: 1 });
    expect([overs, links]).toEqual([[], ['up']]);
  });

  test('leaving is over with the answer, or without one a little later', () => {
    const answered = entered();
    answered.signaling.leave();
    expect(answered.server.last().sent.at(-1)?.message).toEqual({ type: 'leave' });
    answered.server.last().say({ type: 'left', participant: 1, reason: 'left' }, 1);
    expect(answered.overs).toEqual([{ reason: 'left' }]);

    const silent = entered();
    silent.signaling.leave();
    vi.advanceTimersByTime(2000);
    expect(silent.overs).toEqual([{ reason: 'left' }]);
    expect(silent.server.connections).toHaveLength(1);
  });

  test('the host stops', () => {
    const { server, overs } = entered();
    server.last().say({ type: 'ended', reason: 'host-stopped' }, 1);
    server.last().events.closed(1001);
    vi.advanceTimersByTime(60_000);
    expect(overs).toEqual([{ reason: 'ended', why: 'host-stopped' }]);
    expect(server.connections).toHaveLength(1);
  });

  test('too much unsaid: the page begins a new session instead of keeping it', () => {
    const { server, signaling } = entered();
    server.last().events.closed(1006);
    for (let count = 0; count < 300; count++) signaling.send(signalTo(2, `${count}`));
    vi.advanceTimersByTime(0);
    server.last().events.opened();
    expect(server.last().said('join')[0]?.resume).toEqual({ token: 'resume-token' });
    server.last().say(welcomeTo({ session: 2 }));
    signaling.send(signalTo(2, 'first'));
    expect(server.last().sent.at(-1)).toMatchObject({ seq: 1, message: signalTo(2, 'first') });
  });
});

describe('whenever links are cut', () => {
  test.each(Array.from({ length: 40 }, (_, index) => index + 1))(
    'nothing is lost and nothing comes twice: seed %i',
    (seed) => {
      const random = seeded(seed);
      const room = new SimulatedRoom(random);
      const pages = [1, 2].map(() => ({ ...enter(room.open, ENTRANCE, random), said: 0 }));
      while (pages.some(({ ids }) => ids.length === 0)) vi.advanceTimersByTime(100);

      for (let step = 0; step < 200; step++) {
        const [from, to] = random() < 0.5 ? pages : [pages[1], pages[0]];
        from!.said += 1;
        from!.signaling.send(signalTo(to!.ids[0]!, `${from!.said}`));
        if (random() < 0.15) room.cutOne();
        vi.advanceTimersByTime(random() * 400);
      }
      vi.advanceTimersByTime(60_000);

      expect(room.faults).toEqual([]);
      expect(room.links.length).toBeGreaterThan(2);
      expect(heard(pages[1]!.messages)).toEqual(upTo(pages[0]!.said));
      expect(heard(pages[0]!.messages)).toEqual(upTo(pages[1]!.said));
    },
  );
});

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const heard = (messages: RoomMessage[]) =>
  messages.map((message) =>
    message.type === 'signal' && 'candidate' in message.signal
      ? Number(message.signal.candidate.candidate)
      : NaN,
  );
