import { expect, test } from 'vitest';
import { loudnessOf } from './meter';

test.each([
  [0, 0],
  [0.0001, 0],
  [1, 1],
  [0.0316, 0.5],
  [2, 1],
])('an amplitude of %d is shown as %d', (amplitude, level) => {
  const samples = Float32Array.from({ length: 512 }, (_, index) => (index % 2 ? amplitude : -amplitude));
  expect(loudnessOf(samples)).toBeCloseTo(level, 2);
});
