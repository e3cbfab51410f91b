import { beforeEach, describe, expect, test, vi } from 'vitest';
import { install } from '../install';
import { installMediaDouble, TrackDouble } from '../testing/media-double';
import { installWorkerDouble, type WorkerDouble } from '../testing/worker-double';
import { nextTask } from '../webidl/tasks';
import { NativeEngine } from './index';

let worker: WorkerDouble;
let engine: NativeEngine;

beforeEach(() => {
  installMediaDouble();
  worker = installWorkerDouble();
  engine = new NativeEngine(async () => ({ url: 'ws://127.0.0.1:1', token: 'secret' }));
  engine.prepare();
  worker.tell({ type: 'ready', takesTracks: true });
  install(engine);
});

/** What the app is told. */
const said = () => worker.orders.flatMap((order) => (order.type === 'say' ? [order.message] : []));
const told = (type: string) => said().filter((message) => message.type === type);

/** Resolves when the app was asked this. */
async function asked(type: string): Promise<void> {
  while (told(type).length === 0) await nextTask();
}

/** A connection, and its number. */
function opened(): { connection: RTCPeerConnection; number: number } {
  const connection = new RTCPeerConnection();
  connection.createDataChannel('files');
  const [open] = told('open');
  return { connection, number: open && 'connection' in open ? open.connection : 0 };
}

describe('what was asked of a connection, and is asked of it later,', () => {
  const ends = {
    'the app has dropped': (number: number) => {
      const message = { type: 'ended', connection: number, code: 'hostile', message: 'Why.' } as const;
      worker.tell({ type: 'said', message });
    },
    'is lost with the app': () => worker.tell({ type: 'lost' }),
  };

  test.each(Object.entries(ends))('that %s is refused', async (_, end) => {
    const { connection, number } = opened();
    const refused = [connection.createOffer(), connection.setLocalDescription()].map((one) =>
      expect(one).rejects.toMatchObject({ name: 'OperationError' }),
    );
    const figures = connection.getStats();
    await asked('offer');
    end(number);
    await Promise.all(refused);
    expect(await figures).toBeInstanceOf(RTCStatsReport);
    await expect(connection.createOffer()).rejects.toMatchObject({ name: 'OperationError' });
    expect(await connection.getStats()).toBeInstanceOf(RTCStatsReport);
    expect(told('offer')).toHaveLength(1);
    expect(told('stats')).toHaveLength(1);
  });

  test('that the page has closed never settles; figures do', async () => {
    const { connection } = opened();
    let settled = false;
    const settle = () => (settled = true);
    connection.createOffer().then(settle, settle);
    const figures = connection.getStats();
    await asked('offer');
    connection.close();
    expect(await figures).toBeInstanceOf(RTCStatsReport);
    expect(await connection.getStats()).toBeInstanceOf(RTCStatsReport);
    for (let turn = 0; turn < 5; turn++) await nextTask();
    expect(settled).toBe(false);
  });
});

describe('a picture that is sent', () => {
  const camera = () => new TrackDouble('video');
  const track = (double: TrackDouble) => double as unknown as MediaStreamTrack;

  /** What others may see after each order: a track's ID, or nothing. */
  function seen(): (string | null)[] {
    let [source, dark]: [string | null, boolean] = [null, false];
    return worker.orders.map((order) => {
      if (order.type === 'picture') ({ source } = order);
      if (order.type === 'dark') ({ dark } = order);
      return dark ? null : source;
    });
  }

  test('is not seen while its track is disabled or stopped, and again when it is enabled', async () => {
    const [one, outgoing] = [camera(), engine.outgoing('video')];
    outgoing.replace(track(one));
    await nextTask();
    expect(seen().at(-1)).toBe(one.id);
    one.enabled = false;
    expect(seen().at(-1)).toBeNull();
    one.enabled = true;
    expect(seen().at(-1)).toBe(one.id);
    one.stop();
    expect(seen().at(-1)).toBeNull();
    expect(worker.orders.at(-1)).toMatchObject({ type: 'picture', track: null });
  });

  test('of a disabled track is not seen either when another takes its place, or nothing', async () => {
    for (const next of [camera(), null]) {
      const [one, outgoing] = [camera(), engine.outgoing('video')];
      one.enabled = false;
      worker.orders.length = 0;
      outgoing.replace(track(one));
      await nextTask();
      outgoing.replace(next && track(next));
      if (next) next.enabled = true;
      await nextTask();
      expect(seen().at(-1)).toBe(next?.id ?? null);
      expect(seen()).not.toContain(one.id);
      expect(worker.orders.at(-1)).toMatchObject({ type: 'dark', dark: false });
    }
  });

  test('is not begun anew by the same track', async () => {
    const [one, outgoing] = [camera(), engine.outgoing('video')];
    outgoing.replace(track(one));
    await nextTask();
    const before = worker.orders.length;
    const copied = vi.spyOn(one, 'clone');
    outgoing.replace(track(one));
    await nextTask();
    expect(copied).not.toHaveBeenCalled();
    expect(worker.orders).toHaveLength(before);
  });

  test('is no more once it has ended, whatever it is told', async () => {
    const [line, outgoing] = ['0', engine.outgoing('video')];
    const connection = engine.open([], () => {});
    outgoing.replace(track(camera()));
    connection.send(line, outgoing);
    await nextTask();
    outgoing.end();
    outgoing.configure({ active: true });
    const late = camera();
    const copied = vi.spyOn(late, 'clone');
    outgoing.replace(track(late));
    connection.send(line, null);
    await nextTask();
    outgoing.end();
    expect(copied).not.toHaveBeenCalled();
    const orders = worker.orders.filter((order) => 'stream' in order);
    expect(orders.map(({ type }) => type).indexOf('end-picture')).toBe(orders.length - 1);
    expect(told('stop-send')).toHaveLength(1);
  });
});

test('a track stays muted if what had arrived for it is told once it has no line any more', () => {
  worker.tell({ type: 'spare', spare: 1, track: new TrackDouble('video') as unknown as MediaStreamTrack });
  const connection = engine.open([], () => {});
  const incoming = engine.incoming('video');
  const stream = worker.orders.flatMap((order) => (order.type === 'incoming' ? [order.stream] : []))[0] ?? 0;
  const arrives = () => worker.tell({ type: 'arrived', stream });
  const muted = (): boolean => incoming.track.muted;
  connection.receive('0', incoming);
  expect(muted()).toBe(true);
  arrives();
  expect(muted()).toBe(false);
  connection.receive('0', null);
  arrives();
  expect(muted()).toBe(true);
  connection.receive('0', incoming);
  arrives();
  expect(muted()).toBe(false);
});
