import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { IceServer, Signal } from '../protocol/messages';
import type { LocalTracks } from './devices';
import { effortFor } from './effort';
import { PeerLink, type Rtc } from './peer-link';
import { FakeConnection } from './testing/fake-connection';
import { FakeStream, FakeTrack } from './testing/fake-media';
import { seeded } from './testing/random';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NO_TRACKS: LocalTracks = { audio: null, video: null };
const track = (name: string) => ({ name }) as unknown as MediaStreamTrack;

function rtc(connection: FakeConnection): Rtc {
  return {
    connection: () => connection as unknown as RTCPeerConnection,
    stream: (tracks) => new FakeStream(tracks) as unknown as MediaStream,
  };
}

interface Side {
  connection: FakeConnection;
  link: PeerLink;
  sent: Signal[];
}

/** Two links whose signals arrive in order after `delay`. The first is the newcomer, and polite or not. */
function pair({
  newcomerPolite = true,
  delay = (): number => 5,
  takes = (): number => 1,
  tracks = [NO_TRACKS, NO_TRACKS],
} = {}) {
  const sides: Side[] = [];
  for (const index of [0, 1]) {
    const connection = new FakeConnection(takes);
    const sent: Signal[] = [];
    let free = 0;
    const link = new PeerLink(
      {
        polite: (index === 0) === newcomerPolite,
        offers: index === 0,
        iceServers: [],
        tracks: tracks[index] ?? NO_TRACKS,
        effort: effortFor(1),
        send: (signal) => {
          sent.push(signal);
          free = Math.max(free, Date.now() + delay());
          setTimeout(() => sides[1 - index]?.link.receive(signal), free - Date.now());
        },
      },
      rtc(connection),
    );
    sides.push({ connection, link, sent });
  }
  return sides as [Side, Side];
}

const kindsSent = ({ sent }: Side) =>
  sent.map((signal) => ('description' in signal ? signal.description.type : 'candidate'));
const senders = ({ connection }: Side) => connection.getTransceivers().map(({ sender }) => sender.track);

describe('negotiation', () => {
  test('takes one offer by the newcomer and one answer', async () => {
    const [newcomer, other] = pair();
    await vi.advanceTimersByTimeAsync(1000);
    expect([kindsSent(newcomer), kindsSent(other)]).toEqual([['offer'], ['answer']]);
    expect(newcomer.connection.agreed).toBe(other.connection.agreed);
    for (const { connection, link } of [newcomer, other]) {
      expect(
        connection.getTransceivers().map(({ direction, receiver }) => [receiver.track.kind, direction]),
      ).toEqual([
        ['audio', 'sendrecv'],
        ['video', 'sendrecv'],
      ]);
      expect(link.stream.get()?.getTracks()).toHaveLength(2);
    }
  });

  test('a camera that comes or goes later needs none', async () => {
    const [microphone, camera] = [track('microphone'), track('camera')];
    const [newcomer, other] = pair({ tracks: [{ audio: microphone, video: null }, NO_TRACKS] });
    await vi.advanceTimersByTimeAsync(1000);
    expect([senders(newcomer), senders(other)]).toEqual([
      [microphone, null],
      [null, null],
    ]);
    newcomer.link.setTracks({ audio: microphone, video: camera });
    other.link.setTracks({ audio: null, video: camera });
    await vi.advanceTimersByTimeAsync(1000);
    expect([senders(newcomer), senders(other)]).toEqual([
      [microphone, camera],
      [null, camera],
    ]);
    expect(kindsSent(newcomer)).toEqual(['offer']);
  });

  test('a screen has lines of its own, both ways and again, and nothing else changes', async () => {
    const [newcomer, other] = pair();
    await vi.advanceTimersByTimeAsync(1000);
    const cameras = [newcomer, other].map(({ link }) => link.stream.get());
    const screen = () => ({
      video: new FakeTrack('video'),
      audio: new FakeTrack('audio'),
      effort: effortFor(1),
    });
    const share = (side: Side, shown: ReturnType<typeof screen> | null) =>
      side.link.setScreen(shown as unknown as Parameters<PeerLink['setScreen']>[0]);
    for (const sharers of [[other], [newcomer], [newcomer, other], [newcomer, other]]) {
      for (const side of sharers) share(side, screen());
      await vi.advanceTimersByTimeAsync(1000);
      for (const side of [newcomer, other]) {
        const seesOne = sharers.some((sharer) => sharer !== side);
        expect(side.link.screen.get()?.getTracks().length ?? 0).toBe(seesOne ? 2 : 0);
      }
      for (const side of sharers) share(side, null);
      await vi.advanceTimersByTimeAsync(1000);
      expect([newcomer.link.screen.get(), other.link.screen.get()]).toEqual([null, null]);
    }
    expect([newcomer, other].map(({ link }) => link.stream.get())).toEqual(cameras);
    expect(cameras[0]?.getTracks()).toHaveLength(2);
    for (const { connection } of [newcomer, other]) expect(connection.getTransceivers()).toHaveLength(6);
  });

  test('candidates that come before the description are kept, in order', async () => {
    const connection = new FakeConnection();
    const link = new PeerLink(
      {
        polite: true,
        offers: false,
        iceServers: [],
        tracks: NO_TRACKS,
        effort: effortFor(1),
        send: () => {},
      },
      rtc(connection),
    );
    const candidates = ['a', 'b', 'c'].map((candidate) => ({
      candidate,
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: null,
    }));
    link.receive({ candidate: candidates[0]! });
    link.receive({ candidate: candidates[1]! });
    link.receive({ description: { type: 'offer', sdp: '{"id":1000,"kinds":["audio"],"restart":false}' } });
    link.receive({ candidate: candidates[2]! });
    await vi.advanceTimersByTimeAsync(1000);
    expect(connection.candidates).toEqual(candidates);
  });

  test('nonsense from the other side does no harm', async () => {
    const [newcomer, other] = pair();
    newcomer.link.receive({ description: { type: 'answer', sdp: 'nonsense' } });
    newcomer.link.receive({ description: { type: 'offer', sdp: '' } });
    await vi.advanceTimersByTimeAsync(1000);
    expect(newcomer.connection.agreed).toBe(other.connection.agreed);
    expect(newcomer.connection.signalingState).toBe('stable');
  });

  test.each(Array.from({ length: 60 }, (_, index) => index + 1))(
    'both sides agree in the end, whoever offers when: seed %i',
    async (seed) => {
      const random = seeded(seed);
      const newcomerPolite = random() < 0.5;
      const sides = pair({
        newcomerPolite,
        delay: () => random() * 60,
        takes: () => random() * 20,
      });
      for (let step = 0; step < 30; step++) {
        const { connection } = sides[random() < 0.5 ? 0 : 1];
        if (random() < 0.6) connection.restartIce();
        await vi.advanceTimersByTimeAsync(random() * 60);
      }
      await vi.advanceTimersByTimeAsync(10_000);
      const [a, b] = sides;
      expect([a.connection.signalingState, b.connection.signalingState]).toEqual(['stable', 'stable']);
      expect(a.connection.agreed).toBe(b.connection.agreed);
      expect(a.connection.agreed).toBeGreaterThan(0);
      expect((newcomerPolite ? b : a).connection.rollbacks).toBe(0);
      expect(a.connection.getTransceivers()).toHaveLength(2);
      expect(b.connection.getTransceivers()).toHaveLength(2);
    },
  );
});

describe('a broken connection', () => {
  async function connected() {
    const sides = pair();
    await vi.advanceTimersByTimeAsync(1000);
    for (const { connection } of sides) connection.become('connected');
    return sides;
  }

  test('is shown, and restarted by one side first', async () => {
    const [polite, impolite] = await connected();
    expect(polite.link.media.get()).toBe('connected');
    for (const { connection } of [polite, impolite]) connection.become('failed');
    expect(polite.link.media.get()).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(100);
    expect([polite.connection.restarts, impolite.connection.restarts]).toEqual([0, 1]);
    expect(kindsSent(impolite).at(-1)).toBe('offer');
    for (const { connection } of [polite, impolite]) connection.become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([polite.connection.restarts, impolite.connection.restarts]).toEqual([0, 1]);
    expect(polite.link.media.get()).toBe('connected');
  });

  test('is restarted by the other side if that did not help', async () => {
    const [polite] = await connected();
    polite.connection.become('failed');
    await vi.advanceTimersByTimeAsync(3100);
    expect(polite.connection.restarts).toBe(1);
  });

  test('may come back by itself within a moment', async () => {
    const [, impolite] = await connected();
    impolite.connection.become('disconnected');
    expect(impolite.link.media.get()).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(2000);
    impolite.connection.become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(impolite.connection.restarts).toBe(0);
  });

  test('is over if the other side is at fault: it is not tried again', async () => {
    const [polite, impolite] = await connected();
    for (const [{ connection }, errorDetail] of [
      [polite, 'dtls-failure'],
      [impolite, 'fingerprint-failure'],
    ] as const) {
      connection.become('failed');
      const transport = connection.getTransceivers()[0]?.sender.transport;
      transport?.dispatchEvent(Object.assign(new Event('error'), { error: { errorDetail } }));
      connection.become('failed');
    }
    expect([polite, impolite].map(({ link }) => link.media.get())).toEqual(['dropped', 'untrusted']);
    await vi.advanceTimersByTimeAsync(60_000);
    for (const { link } of [polite, impolite]) link.restart();
    expect([polite, impolite].map(({ connection }) => connection.restarts)).toEqual([0, 0]);
  });

  test('is tried again, ever less often, and called failed after a while', async () => {
    const [, impolite] = await connected();
    const states: string[] = [];
    for (let second = 0; second < 60; second++) {
      impolite.connection.become('failed');
      states.push(impolite.link.media.get());
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(states[0]).toBe('reconnecting');
    expect(states.at(-1)).toBe('failed');
    expect(impolite.connection.restarts).toBeGreaterThan(3);
    expect(impolite.connection.restarts).toBeLessThan(10);
  });

  test('is called failed also if its state never changes again', async () => {
    const [polite, impolite] = await connected();
    impolite.connection.become('failed');
    // The other side waits for an answer that never comes.
    polite.connection.setLocalDescription = () => Promise.reject(new Error('it is over'));
    polite.connection.become('failed');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([polite, impolite].map(({ link }) => link.media.get())).toEqual(['failed', 'failed']);
    for (const { connection } of [polite, impolite]) connection.become('connected');
    expect([polite, impolite].map(({ link }) => link.media.get())).toEqual(['connected', 'connected']);
  });

  test('is restarted at once when the ways have changed, by both sides alike', async () => {
    const [polite, impolite] = await connected();
    polite.link.restart();
    impolite.link.restart();
    await vi.advanceTimersByTimeAsync(1000);
    expect([polite.connection.restarts, impolite.connection.restarts]).toEqual([1, 1]);
    expect(polite.connection.agreed).toBe(impolite.connection.agreed);
    expect(kindsSent(polite)).toContain('answer');
  });

  test('is given time after such a restart', async () => {
    const [, impolite] = await connected();
    impolite.connection.become('disconnected');
    await vi.advanceTimersByTimeAsync(2000);
    impolite.link.restart();
    await vi.advanceTimersByTimeAsync(1900);
    expect(impolite.connection.restarts, 'the browser may not know the new ways yet').toBe(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(impolite.connection.restarts).toBe(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(impolite.connection.restarts).toBe(3);
  });

  test('is restarted only once if it is back before the browser can have learned more', async () => {
    const [, impolite] = await connected();
    impolite.connection.become('disconnected');
    impolite.link.restart();
    impolite.connection.become('connected');
    await vi.advanceTimersByTimeAsync(3000);
    expect(impolite.connection.restarts).toBe(1);
  });

  test('that was never made is not restarted', async () => {
    const [newcomer] = pair();
    newcomer.link.restart();
    await vi.advanceTimersByTimeAsync(1000);
    expect([newcomer.connection.restarts, kindsSent(newcomer)]).toEqual([0, ['offer']]);
  });

  test('that has ended does nothing any more', async () => {
    const [newcomer] = await connected();
    newcomer.connection.become('failed');
    newcomer.link.end();
    newcomer.link.receive({ description: { type: 'offer', sdp: '{"id":1,"kinds":[],"restart":false}' } });
    newcomer.link.setTracks({ audio: track('microphone'), video: null });
    newcomer.link.restart();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(newcomer.connection.restarts).toBe(0);
    expect(kindsSent(newcomer)).toEqual(['offer']);
  });
});

describe('the servers that help', () => {
  const FIRST = { urls: ['stun:192.0.2.7:3478'] };
  const MOVED = { urls: ['stun:192.0.2.8:3478'] };
  const NOT_TAKEN = { urls: ['nonsense'] };

  /** A link to which this list was given, and the connections that were made for it. */
  function linkWith(iceServers: IceServer[]) {
    const made: FakeConnection[] = [];
    const link = new PeerLink(
      { polite: true, offers: true, iceServers, tracks: NO_TRACKS, effort: effortFor(1), send: () => {} },
      {
        ...rtc(new FakeConnection()),
        connection: (configuration) => {
          const connection = new FakeConnection(undefined, configuration);
          made.push(connection);
          return connection as unknown as RTCPeerConnection;
        },
      },
    );
    return { link, used: () => made.find(isOpen)?.configuration.iceServers, open: () => made.filter(isOpen) };
  }

  const isOpen = ({ signalingState }: FakeConnection) => signalingState !== 'closed';

  test('may change, and one that the browser does not take keeps no other away', () => {
    const { link, used, open } = linkWith([FIRST, NOT_TAKEN]);
    expect(used()).toEqual([FIRST]);
    link.setIceServers([MOVED]);
    expect(used()).toEqual([MOVED]);
    link.setIceServers([NOT_TAKEN, FIRST]);
    expect(used()).toEqual([FIRST]);
    expect(open()).toHaveLength(1);
  });

  test('stay where they cannot be changed', () => {
    const { link, used, open } = linkWith([FIRST]);
    open()[0]!.setConfiguration = () => {
      throw new Error('InvalidModificationError');
    };
    link.setIceServers([MOVED]);
    expect(used()).toEqual([FIRST]);
    link.end();
    link.setIceServers([MOVED]);
    expect(open()).toEqual([]);
  });
});
