import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { effortFor, type CameraEffort } from './effort';
import { EffortKeeper, LOOK_MS, type EffortLink } from './effort-keeper';
import { Scope } from './scope';
import type { Tile } from './state';

/** A link whose connection says this of itself. */
class Link implements EffortLink {
  readonly media = { get: () => this.state };
  state: Tile['media'] = 'connected';
  effort: CameraEffort | null = null;
  report: object[] = [];
  fails = false;
  asked = 0;

  statistics(): Promise<object[]> {
    this.asked += 1;
    return this.fails ? Promise.reject(new Error('ended')) : Promise.resolve(this.report);
  }

  setEffort(effort: CameraEffort): void {
    this.effort = effort;
  }

  /** Frames that have come. */
  shows(frames: number): void {
    this.report = [{ id: 'I', type: 'inbound-rtp', kind: 'video', framesReceived: frames }];
  }
}

let scope: Scope;
let links: Map<number, { link: Link }>;
let said: string[];
let keeper: EffortKeeper;

beforeEach(() => {
  vi.useFakeTimers();
  scope = new Scope();
  links = new Map([
    [2, { link: new Link() }],
    [3, { link: new Link() }],
  ]);
  said = [];
  keeper = new EffortKeeper(scope, links, { say: (key) => said.push(key), changed: () => {} });
});
afterEach(() => void vi.useRealTimers());

const link = (id: number) => links.get(id)?.link as Link;
const look = (times = 1) => vi.advanceTimersByTimeAsync(times * LOOK_MS);
const seen = (id: number) => keeper.asSeen([{ id, kind: 'camera', camera: true } as Tile])[0]?.camera;

test('a strain is told once, to be seen and to be heard, and so is its end', async () => {
  const strained = { id: 'O', type: 'outbound-rtp', kind: 'video', framesEncoded: 1 };
  link(2).report = [{ ...strained, qualityLimitationReason: 'cpu' }];
  await look(20);
  expect(keeper.told(3, 6).held).toBe('machine-frames');
  expect(said).toEqual(['effort.machine-pixels', 'effort.machine-frames']);
  expect(link(3).effort?.maxFramerate).toBeLessThan(effortFor(2).maxFramerate);
  link(2).report = [strained];
  await look(60);
  expect(keeper.told(3, 6).held).toBe('full');
  expect(said.at(-1)).toBe('say.effort-full');
  expect(link(3).effort).toEqual(effortFor(2));
});

test('a picture that stands still is not shown, until it moves again', async () => {
  for (let frames = 1; frames < 5; frames++) {
    link(2).shows(frames);
    await look();
  }
  expect(seen(2)).toBe(true);
  await look(2);
  expect([seen(2), seen(3)]).toEqual([false, true]);
  link(2).shows(9);
  await look();
  expect(seen(2)).toBe(true);
});

test('a link that is away, or tells nothing, is no strain and no still picture', async () => {
  link(2).shows(1);
  await look(2);
  link(2).state = 'reconnecting';
  link(3).fails = true;
  await look(10);
  expect([seen(2), keeper.told(3, 6).held, said]).toEqual([true, 'full', []]);
});

test('a connection that does not answer is not asked again meanwhile', async () => {
  let answer = (_: object[]) => {};
  link(2).statistics = () => {
    link(2).asked += 1;
    return new Promise((resolve) => (answer = resolve));
  };
  await look(5);
  expect(link(2).asked).toBe(1);
  answer([]);
  await look(2);
  expect(link(2).asked).toBe(2);
});

test('after the call nothing is looked at', async () => {
  await look();
  scope.end();
  await look(5);
  expect(link(2).asked).toBe(1);
});
