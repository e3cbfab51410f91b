import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Scope } from './scope';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('ends what was begun, the latest first, once', () => {
  const ended: string[] = [];
  const scope = new Scope();
  scope.add(() => ended.push('a'));
  const forget = scope.add(() => ended.push('forgotten'));
  scope.add(() => ended.push('b'));
  forget();
  scope.end();
  scope.end();
  expect(ended).toEqual(['b', 'a']);
});

test('what comes too late is ended at once', () => {
  const scope = new Scope();
  scope.end();
  const end = vi.fn();
  scope.add(end);
  expect(end).toHaveBeenCalledOnce();
});

test('listeners and timers end with it', () => {
  const scope = new Scope();
  const target = new EventTarget();
  const run = vi.fn();
  scope.listen(target, 'news', run);
  scope.timeout(run, 10);
  scope.interval(run, 10);
  target.dispatchEvent(new Event('news'));
  vi.advanceTimersByTime(20);
  expect(run).toHaveBeenCalledTimes(4);
  scope.timeout(run, 10);
  scope.end();
  scope.timeout(run, 10);
  scope.interval(run, 10);
  scope.listen(target, 'news', run);
  target.dispatchEvent(new Event('news'));
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledTimes(4);
  expect(vi.getTimerCount()).toBe(0);
});

test('a timer can be cancelled', () => {
  const scope = new Scope();
  const run = vi.fn();
  scope.timeout(run, 10)();
  scope.interval(run, 10)();
  vi.advanceTimersByTime(100);
  expect(run).not.toHaveBeenCalled();
});
