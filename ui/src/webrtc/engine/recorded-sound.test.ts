import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Relay, type Take } from './recorded-sound';

/** Longer than from one renewal to the end of the next. */
const A_WHILE = 70_000;

class Sound implements Take {
  heard = false;
  running = false;
  begun = 0;
  refuses = false;

  async begin(): Promise<void> {
    if (this.refuses) throw new Error('no sound');
    this.running = true;
    this.begun += 1;
  }

  fade(to: 0 | 1): void {
    this.heard = to === 1;
  }

  end(): void {
    this.running = false;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('each takes the place of the other, again and again, and one of both is always heard', async () => {
  const [one, other] = [new Sound(), new Sound()];
  const relay = new Relay(one, other);
  const heard: Sound[] = [];
  for (let passed = 0; passed < 4 * A_WHILE; passed += 100) {
    const both = [one, other].filter((each) => each.heard);
    expect(both).toHaveLength(1);
    expect(both[0]?.running).toBe(true);
    if (both[0] && both[0] !== heard.at(-1)) heard.push(both[0]);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(heard.length).toBeGreaterThan(3);
  expect(one.begun + other.begun).toBeGreaterThanOrEqual(heard.length);
  relay.end();
});

test('what is no longer heard is ended, so that only one is at work', async () => {
  const [one, other] = [new Sound(), new Sound()];
  const relay = new Relay(one, other);
  while (!other.heard) await vi.advanceTimersByTimeAsync(100);
  await vi.advanceTimersByTimeAsync(1000);
  expect([one.running, other.running]).toEqual([false, true]);
  relay.end();
  expect([one.running, other.running]).toEqual([false, false]);
});

test('after a pause it is renewed soon, whatever it was about to do, and however many pauses there are', async () => {
  for (let passed = 0; passed < A_WHILE; passed += 500) {
    const [one, other] = [new Sound(), new Sound()];
    const relay = new Relay(one, other);
    await vi.advanceTimersByTimeAsync(passed);
    const begun = one.begun + other.begun;
    relay.paused();
    for (let pause = 0; pause < 7; pause++) {
      await vi.advanceTimersByTimeAsync(1000);
      relay.paused();
    }
    expect(one.begun + other.begun).toBeGreaterThan(begun);
    expect([one, other].filter((each) => each.heard && each.running)).toHaveLength(1);
    relay.end();
  }
});

test('a call that begins, and who speaks again, has it anew soon, and then ever less often', async () => {
  const [one, other] = [new Sound(), new Sound()];
  const relay = new Relay(one, other);
  const begunWithin = async (ms: number) => {
    const before = one.begun + other.begun;
    await vi.advanceTimersByTimeAsync(ms);
    return one.begun + other.begun - before;
  };
  for (let pause = 0; pause < 3; pause++) {
    const begun = [await begunWithin(10_000), await begunWithin(10_000), await begunWithin(10_000)];
    expect(begun[0]).toBeGreaterThan(2);
    expect(begun[1]).toBeLessThan(begun[0] ?? 0);
    expect(await begunWithin(60_000)).toBeLessThanOrEqual(3);
    relay.paused();
  }
  relay.end();
});

test('none begins for the first time in the midst of a call, which would keep it waiting', async () => {
  const [one, other] = [new Sound(), new Sound()];
  const relay = new Relay(one, other);
  await vi.advanceTimersByTimeAsync(0);
  expect([one.begun, other.begun]).toEqual([1, 1]);
  expect([one.running, other.running]).toEqual([true, false]);
  relay.end();
});

test('as long as another does not come, the one that is heard stays', async () => {
  const [one, other] = [new Sound(), new Sound()];
  other.refuses = true;
  const relay = new Relay(one, other);
  await vi.advanceTimersByTimeAsync(A_WHILE);
  expect([one.heard, one.running, other.heard]).toEqual([true, true, false]);
  other.refuses = false;
  await vi.advanceTimersByTimeAsync(A_WHILE);
  expect(other.begun).toBeGreaterThan(0);
  relay.end();
});

test('once it is ended nothing begins again', async () => {
  for (let passed = 0; passed < A_WHILE; passed += 500) {
    const [one, other] = [new Sound(), new Sound()];
    const relay = new Relay(one, other);
    await vi.advanceTimersByTimeAsync(passed);
    relay.end();
    await vi.advanceTimersByTimeAsync(2 * A_WHILE);
    expect([one.running, other.running]).toEqual([false, false]);
  }
});
