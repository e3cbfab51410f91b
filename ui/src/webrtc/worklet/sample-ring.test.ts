import { expect, test } from 'vitest';
import { SampleRing } from './sample-ring';

function read(ring: SampleRing, count: number): number[] {
  const into = new Float32Array(count).fill(9);
  ring.read(into);
  return [...into];
}

test('what was written comes out in order, and then silence', () => {
  const ring = new SampleRing(4);
  ring.write(Float32Array.of(1, 2, 3));
  expect(read(ring, 2)).toEqual([1, 2]);
  ring.write(Float32Array.of(4, 5));
  expect(ring.length).toBe(3);
  expect(read(ring, 5)).toEqual([3, 4, 5, 0, 0]);
  expect(ring.length).toBe(0);
});

test('too much at once makes the oldest give way', () => {
  const ring = new SampleRing(3);
  ring.write(Float32Array.of(1, 2, 3, 4, 5));
  expect(read(ring, 3)).toEqual([3, 4, 5]);
});
