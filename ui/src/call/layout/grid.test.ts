import { expect, test } from 'vitest';
import { layoutTiles, type Rectangle } from './grid';

const SIZES = [
  [1280, 720],
  [1920, 1080],
  [390, 844],
  [844, 390],
  [1000, 200],
  [200, 1000],
  [320, 320],
] as const;
/** Less than what a screen can show. */
const EPSILON = 1e-6;

const overlap = (a: Rectangle, b: Rectangle) =>
  a.x + a.width > b.x + EPSILON &&
  b.x + b.width > a.x + EPSILON &&
  a.y + a.height > b.y + EPSILON &&
  b.y + b.height > a.y + EPSILON;

const cases = SIZES.flatMap(([width, height]) =>
  Array.from({ length: 12 }, (_, index) => ({ count: index + 1, width, height })),
);

test.each(cases)('$count tiles in $width × $height', ({ count, width, height }) => {
  const tiles = layoutTiles(count, width, height);
  expect(tiles).toHaveLength(count);
  const [first] = tiles as [Rectangle];
  const aspect = first.width / first.height;
  const allowed = height > width ? [16 / 9, 4 / 3, 1, 3 / 4] : [16 / 9, 4 / 3];
  expect(Math.min(...allowed.map((one) => Math.abs(aspect - one)))).toBeLessThan(EPSILON);

  tiles.forEach((tile, index) => {
    expect([tile.width, tile.height]).toEqual([first.width, first.height]);
    expect(Math.min(tile.x, tile.y)).toBeGreaterThanOrEqual(-EPSILON);
    expect(tile.x + tile.width).toBeLessThanOrEqual(width + EPSILON);
    expect(tile.y + tile.height).toBeLessThanOrEqual(height + EPSILON);
    expect(tiles.slice(index + 1).some((other) => overlap(tile, other))).toBe(false);
  });

  // Each row lies in the middle, the last one too.
  for (const y of new Set(tiles.map((tile) => tile.y))) {
    const row = tiles.filter((tile) => tile.y === y);
    const left = Math.min(...row.map((tile) => tile.x));
    const right = Math.max(...row.map((tile) => tile.x + tile.width));
    expect(left).toBeCloseTo(width - right, 6);
  }
});

test('two share a wide window side by side and a tall one one above the other', () => {
  const [a, b] = layoutTiles(2, 1280, 720) as [Rectangle, Rectangle];
  expect(a.y).toBe(b.y);
  const [c, d] = layoutTiles(2, 390, 844) as [Rectangle, Rectangle];
  expect(c.x).toBe(d.x);
});

test('one fills a window of its shape', () => {
  expect(layoutTiles(1, 1600, 900)).toEqual([{ x: 0, y: 0, width: 1600, height: 900 }]);
});

test('no tiles and no room are no fault', () => {
  expect(layoutTiles(0, 1280, 720)).toEqual([]);
  for (const tile of layoutTiles(3, 0, 0)) expect([tile.width, tile.height]).toEqual([0, 0]);
  for (const tile of layoutTiles(12, 20, 20))
    expect(Math.min(tile.width, tile.height)).toBeGreaterThanOrEqual(0);
});
