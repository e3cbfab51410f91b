import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Scope } from './scope';
import { keepAwake } from './wake-lock';

class FakeLock {
  released = false;
  release = () => {
    this.released = true;
    return Promise.resolve();
  };
}

let locks: FakeLock[];
let page: EventTarget & { visibilityState: string };
/** What asking for one comes to. */
let request: () => Promise<FakeLock>;

beforeEach(() => {
  locks = [];
  request = () => {
    const lock = new FakeLock();
    locks.push(lock);
    return Promise.resolve(lock);
  };
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  vi.stubGlobal('navigator', { wakeLock: { request: () => request() } });
});
afterEach(() => void vi.unstubAllGlobals());

const settled = () => new Promise((resolve) => setTimeout(resolve));

function sees(visibilityState: string) {
  page.visibilityState = visibilityState;
  page.dispatchEvent(new Event('visibilitychange'));
  return settled();
}

test('the screen stays awake until the end, also after the page was out of sight', async () => {
  const scope = new Scope();
  keepAwake(scope);
  await settled();
  expect(locks.map(({ released }) => released)).toEqual([false]);
  // As the browser does with the page.
  if (locks[0]) locks[0].released = true;
  await sees('hidden');
  expect(locks).toHaveLength(1);
  await sees('visible');
  await sees('visible');
  expect(locks.map(({ released }) => released)).toEqual([true, false]);
  scope.end();
  expect(locks.map(({ released }) => released)).toEqual([true, true]);
});

test('a lock that comes after the end is let go', async () => {
  const scope = new Scope();
  keepAwake(scope);
  scope.end();
  await settled();
  expect(locks.map(({ released }) => released)).toEqual([true]);
});

test.each([
  ['cannot do it', {}],
  ['refuses', { wakeLock: { request: () => Promise.reject(new Error('NotAllowedError')) } }],
])('a browser that %s goes on without', async (_what, navigator) => {
  vi.stubGlobal('navigator', navigator);
  const scope = new Scope();
  keepAwake(scope);
  await settled();
  await sees('visible');
  scope.end();
});
