import { expect, test } from 'vitest';
import { DEFAULT_CAPACITY } from '../protocol/messages';
import { carriedBy, crowdIn } from './crowd';

test('as many as were measured are carried by two cores; one carries a call of two, and none more than twelve', () => {
  expect([1, 2, 64].map(carriedBy)).toEqual([
    Math.max(2, Math.floor(DEFAULT_CAPACITY / 2)),
    DEFAULT_CAPACITY,
    12,
  ]);
});

test.each([
  [3, 12, 'fits'],
  [4, 12, 'last'],
  [4, 4, 'fits'],
  [5, 12, 'over'],
  [5, 5, 'over'],
])('%i people in a room for %i, on a machine that carries four: %s', (people, capacity, crowd) => {
  expect(crowdIn(people, capacity, 4)).toBe(crowd);
});
