import { beforeEach, describe, expect, test } from 'vitest';
import type { OpenTransport, TransportEvents } from './transport';
import { FRESH_FOR_MS, READY_FOR_MS, STEADY_AFTER_MS, WarmLink } from './warm-link';

const URL = 'wss://192.0.2.7:47000/ws';

let made: { url: string; events: TransportEvents; sent: string[]; open: boolean }[];
let now: number;
let link: WarmLink;

const open: OpenTransport = (url, events) => {
  const connection = { url, events, sent: [] as string[], open: true };
  made.push(connection);
  return { send: (text) => connection.sent.push(text), close: () => (connection.open = false) };
};

function listener() {
  const heard: string[] = [];
  const events: TransportEvents = {
    opened: () => heard.push('opened'),
    received: (text) => heard.push(text),
    closed: (code) => heard.push(`closed ${code}`),
  };
  return { heard, events };
}

beforeEach(() => {
  made = [];
  now = 0;
  link = new WarmLink(open, () => now);
});

describe('a connection that waits', () => {
  test('is used by the first who opens one, and by nobody else', async () => {
    link.expect(URL);
    made[0]?.events.opened();
    const first = listener();
    const transport = link.open(URL, first.events);
    expect(first.heard).toEqual([]);
    await Promise.resolve();
    transport.send('hello');
    made[0]?.events.received('welcome');
    made[0]?.events.closed(1001);
    expect(first.heard).toEqual(['opened', 'welcome', 'closed 1001']);
    expect(made[0]?.sent).toEqual(['hello']);
    link.open(URL, listener().events);
    expect(made).toHaveLength(2);
  });

  test('is used also while it is still being opened', () => {
    link.expect(URL);
    const { heard, events } = listener();
    link.open(URL, events);
    made[0]?.events.opened();
    expect(heard).toEqual(['opened']);
    expect(made).toHaveLength(1);
  });

  test('says nothing to one who has closed it at once', async () => {
    link.expect(URL);
    made[0]?.events.opened();
    const { heard, events } = listener();
    link.open(URL, events).close();
    await Promise.resolve();
    expect(heard).toEqual([]);
    expect(made[0]?.open).toBe(false);
  });

  test('is left alone by who goes elsewhere', () => {
    link.expect(URL);
    link.open('wss://192.0.2.8:47000/ws', listener().events);
    expect(made.map(({ url }) => url)).toEqual([URL, 'wss://192.0.2.8:47000/ws']);
  });

  test('is made once however often it is expected, and anew when the server ends it', () => {
    link.expect(URL);
    link.expect(URL);
    expect(made).toHaveLength(1);
    for (let count = 1; now + FRESH_FOR_MS < READY_FOR_MS; count++) {
      made.at(-1)?.events.opened();
      now += FRESH_FOR_MS;
      made.at(-1)?.events.closed(1000);
      expect(made).toHaveLength(count + 1);
    }
    made.at(-1)?.events.opened();
    now = READY_FOR_MS;
    const before = made.length;
    made.at(-1)?.events.closed(1000);
    expect(made).toHaveLength(before);
    link.expect(URL);
    expect(made).toHaveLength(before + 1);
  });

  test('is not made again by itself if it ended at once', () => {
    link.expect(URL);
    made[0]?.events.closed(1006);
    expect(made).toHaveLength(1);
    link.expect(URL);
    made[1]?.events.opened();
    now = STEADY_AFTER_MS - 1;
    made[1]?.events.closed(1000);
    expect(made).toHaveLength(2);
  });

  test('is not used when it is so old that it may be dead', () => {
    link.expect(URL);
    made[0]?.events.opened();
    now = FRESH_FOR_MS;
    link.open(URL, listener().events);
    expect(made).toHaveLength(2);
    link.expect(URL);
    expect(made).toHaveLength(3);
    expect(made[0]?.open).toBe(false);
  });
});
