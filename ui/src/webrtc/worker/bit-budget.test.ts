import { expect, test } from 'vitest';
import { LEAST_BITS, share, useful } from './bit-budget';

test('each gets an equal part, and what the modest leave goes to the others', () => {
  const [small = 0, large = 0, larger = 0] = share(1_000_000, [100_000, 2_000_000, 3_000_000]);
  expect(small).toBe(100_000);
  expect(large).toBe(larger);
  expect(small + large + larger).toBeLessThanOrEqual(1_000_000);
});

test('nobody gets more than a limit, nor so little that nothing can be made out', () => {
  expect(share(100_000_000, [500_000])).toEqual([500_000]);
  expect(share(10_000, [500_000, 500_000])).toEqual([LEAST_BITS, LEAST_BITS]);
  expect(useful(640, 480, 200_000)).toBe(200_000);
  expect(useful(16, 16, undefined)).toBe(LEAST_BITS);
});
