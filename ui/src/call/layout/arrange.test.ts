import { describe, expect, test } from 'vitest';
import { arrange, largeOf, NO_WISH, type ArrangedTile, type Arrangement, type LayoutWish } from './arrange';
import type { Rectangle } from './grid';

const SIZES = [
  [1280, 640],
  [390, 600],
  [844, 260],
  [320, 320],
  [1000, 150],
] as const;
const EPSILON = 1e-6;

const OWN: ArrangedTile = { key: '0', kind: 'camera', self: true };
const camera = (id: number): ArrangedTile => ({ key: `${id}`, kind: 'camera', self: false });
const screen = (id: number): ArrangedTile => ({ key: `${id}-screen`, kind: 'screen', self: false });
/** Oneself and so many others. */
const people = (others: number) => [OWN, ...Array.from({ length: others }, (_, index) => camera(index + 1))];

const wish = (change: Partial<LayoutWish> = {}): LayoutWish => ({ ...NO_WISH, ...change });
const on = (tiles: ArrangedTile[], change: Partial<LayoutWish> = {}, speaker: string | null = null) =>
  arrange(tiles, wish(change), speaker, { width: 1280, height: 640 });
const roles = ({ places }: Arrangement) =>
  Object.fromEntries([...places].map(([key, { role }]) => [key, role]));

const overlap = (a: Rectangle, b: Rectangle) =>
  a.x + a.width > b.x + EPSILON &&
  b.x + b.width > a.x + EPSILON &&
  a.y + a.height > b.y + EPSILON &&
  b.y + b.height > a.y + EPSILON;

const cases = SIZES.flatMap(([width, height]) =>
  (['grid', 'speaker', 'strip'] as const).flatMap((layout) =>
    Array.from({ length: 12 }, (_, others) => ({ width, height, layout, others })),
  ),
);

test.each(cases)('$layout of $others others on $width × $height', ({ width, height, layout, others }) => {
  for (const tiles of [people(others), [...people(others), screen(1)]]) {
    const { places } = arrange(tiles, wish({ layout }), '1', { width, height });
    const seated = [...places.values()].filter(({ role }) => role !== 'floating');
    for (const { x, y, width: wide, height: high } of places.values()) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(-EPSILON);
      expect(Math.min(wide, high)).toBeGreaterThan(0);
      expect(x + wide).toBeLessThanOrEqual(width + EPSILON);
      expect(y + high).toBeLessThanOrEqual(height + EPSILON);
    }
    seated.forEach((one, index) =>
      expect(seated.slice(index + 1).some((other) => overlap(one, other))).toBe(false),
    );
    if (layout !== 'speaker') expect(places.size).toBe(tiles.length);
    const large = seated.find(({ role }) => role === 'large');
    for (const { role, width: wide, height: high } of seated)
      if (large && role === 'small') expect(large.width * large.height).toBeGreaterThan(wide * high);
  }
});

describe('one’s own picture', () => {
  test('fills the stage while one is alone, whatever was chosen', () => {
    for (const own of ['placed', 'floating', 'hidden'] as const)
      expect(roles(on([OWN], { own }))).toEqual({ 0: 'equal' });
  });

  test('floats over the only other, and is one among several', () => {
    expect(roles(on(people(1)))).toEqual({ 0: 'floating', 1: 'equal' });
    expect(roles(on(people(2)))).toEqual({ 0: 'equal', 1: 'equal', 2: 'equal' });
  });

  test('is where it was put', () => {
    expect(roles(on(people(1), { own: 'placed' }))).toEqual({ 0: 'equal', 1: 'equal' });
    expect(roles(on(people(2), { own: 'floating' }))).toEqual({ 0: 'floating', 1: 'equal', 2: 'equal' });
    expect(roles(on(people(2), { own: 'hidden' }))).toEqual({ 1: 'equal', 2: 'equal' });
  });

  test('never takes the place of who speaks', () => {
    expect(roles(on(people(2), { layout: 'speaker', own: 'placed' }, '2'))).toEqual({
      0: 'floating',
      2: 'large',
    });
  });
});

describe('who is large', () => {
  test('is who spoke last; before anybody did, who came first', () => {
    expect(largeOf(people(3), wish({ layout: 'strip' }), null)).toBe('1');
    expect(largeOf(people(3), wish({ layout: 'strip' }), '3')).toBe('3');
    expect(roles(on(people(3), { layout: 'strip' }, '2'))).toEqual({
      0: 'small',
      1: 'small',
      2: 'large',
      3: 'small',
    });
  });

  test('is nobody in a grid until a tile is pinned', () => {
    expect(largeOf(people(3), wish(), '1')).toBe(null);
    const pinned = on(people(3), { pinned: '2' }, '1');
    expect(pinned.layout).toBe('strip');
    expect(roles(pinned)['2']).toBe('large');
  });

  test('is as before when the pinned one is gone', () => {
    expect(on(people(1), { pinned: '2' })).toEqual(on(people(1)));
  });
});

describe('a screen that somebody shares', () => {
  const tiles = [...people(2), screen(2)];

  test('is large in every layout, and takes all the room there is', () => {
    for (const layout of ['grid', 'speaker', 'strip'] as const)
      expect(roles(on(tiles, { layout }, '1'))['2-screen']).toBe('large');
    expect(on(tiles, { layout: 'speaker' }).places.get('2-screen')).toMatchObject({
      width: 1280,
      height: 640,
    });
  });

  test('gives way to a tile that is pinned', () => {
    expect(largeOf(tiles, wish({ pinned: '1' }), null)).toBe('1');
  });

  test('gives way to the grid that is chosen while it is shared, and the next one does not', () => {
    expect(roles(on(tiles, { despite: '2-screen' }))['2-screen']).toBe('equal');
    expect(largeOf([...people(2), screen(1)], wish({ despite: '2-screen' }), null)).toBe('1-screen');
  });

  test('is not large for oneself', () => {
    const own: ArrangedTile = { key: '0-screen', kind: 'screen', self: true };
    expect(largeOf([OWN, own, camera(1)], wish(), null)).toBe(null);
  });
});
