import { expect, test } from 'vitest';
import { floatAt, nextCorner, positionAt, stepped, type Position } from './floating';

const SIZES = [
  [1280, 640],
  [390, 600],
  [844, 260],
] as const;

test.each(SIZES)('stays on a stage of %i × %i, at each position', (width, height) => {
  for (const x of [0, 0.3, 1])
    for (const y of [0, 0.7, 1]) {
      const place = floatAt({ x, y }, width, height);
      expect(Math.min(place.x, place.y)).toBeGreaterThanOrEqual(0);
      expect(place.x + place.width).toBeLessThanOrEqual(width);
      expect(place.y + place.height).toBeLessThanOrEqual(height);
      const again = positionAt(place.x, place.y, width, height);
      expect(again.x).toBeCloseTo(x);
      expect(again.y).toBeCloseTo(y);
    }
});

test('goes no further than the edge', () => {
  expect(positionAt(-500, 5000, 1280, 640)).toEqual({ x: 0, y: 1 });
  expect(stepped({ x: 0, y: 1 }, -1, 1)).toEqual({ x: 0, y: 1 });
  expect(stepped({ x: 1, y: 1 }, -1, 0).x).toBeCloseTo(0.9);
});

test('goes through all corners', () => {
  const visited: Position[] = [{ x: 0.8, y: 0.9 }];
  for (let press = 0; press < 4; press++) visited.push(nextCorner(visited.at(-1)!));
  expect(visited.slice(1)).toEqual([
    { x: 0, y: 1 },
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 1, y: 1 },
  ]);
});

test('a stage without room is no fault', () => {
  expect(positionAt(10, 10, 0, 0)).toEqual({ x: 0, y: 0 });
  expect(floatAt({ x: 1, y: 1 }, 0, 0).width).toBe(0);
});
