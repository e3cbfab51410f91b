// The engine and its worker together, with the app's WebSocket in the test's hand.

import { beforeEach, expect, test, vi } from 'vitest';
import { installWorkerDouble, WorkerDouble } from '../testing/worker-double';
import { nextTask, queueTask } from '../webidl/tasks';
import type { PageMessage } from '../wire';
import type { News, Order } from '../worker/orders';
import { NativeEngine } from './index';

class SocketDouble {
  static last: SocketDouble | null = null;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  bufferedAmount = 0;
  readonly sent: PageMessage[] = [];

  constructor() {
    SocketDouble.last = this;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as PageMessage);
  }

  welcome(): void {
    this.onopen?.();
    this.onmessage?.({ data: JSON.stringify({ type: 'welcome', version: 1 }) });
  }
}

/** Whether the app can be reached. */
let reachable: boolean;
let engine: NativeEngine;

beforeEach(async () => {
  const scope: { onmessage: ((event: { data: Order }) => void) | null; postMessage: (news: News) => void } = {
    onmessage: null,
    postMessage: (news) => queueTask(() => worker.tell(news)),
  };
  const worker = installWorkerDouble(new WorkerDouble());
  worker.postMessage = (order) => queueTask(() => scope.onmessage?.({ data: order }));
  vi.stubGlobal('self', scope);
  vi.stubGlobal('WebSocket', SocketDouble);
  vi.resetModules();
  await import('../worker');
  reachable = true;
  SocketDouble.last = null;
  engine = new NativeEngine(async () => {
    if (!reachable) throw new Error('the app has no peer');
    return { url: 'ws://127.0.0.1:1', token: 'secret' };
  });
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTask();
}

/** Opens a connection. Gives what is told of it. */
function open(): string[] {
  const told: string[] = [];
  engine.open([], ({ type }) => told.push(type));
  return told;
}

/** The app answers: which connections does it know of? */
async function known(): Promise<number> {
  await settled();
  SocketDouble.last?.welcome();
  await settled();
  return SocketDouble.last?.sent.filter(({ type }) => type === 'open').length ?? 0;
}

test('what was said to an app that could not be reached is not said to the next one', async () => {
  reachable = false;
  const told = open();
  await settled();
  expect(told).toEqual(['ended']);
  reachable = true;
  expect(open()).toEqual([]);
  expect(await known()).toBe(1);
});

test('nor what was said while nobody knew yet that it was gone', async () => {
  open();
  expect(await known()).toBe(1);
  SocketDouble.last?.onclose?.();
  const told = open();
  await settled();
  expect(told).toEqual(['ended']);
  open();
  expect(await known()).toBe(1);
});

test('what is said before the app is there is said once it is', async () => {
  open();
  open();
  expect(await known()).toBe(2);
});
