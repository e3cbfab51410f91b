import { expect, test } from 'vitest';
import { nextSpeaker, Speech } from './speaking';

/** For each measurement whether somebody speaks then. */
function heard(...loudness: number[]): string {
  const speech = new Speech();
  return loudness.map((one) => (speech.hear(one), speech.speaking ? 'x' : '.')).join('');
}

test('a quiet room is nobody speaking', () => {
  expect(heard(0, 0.004, 0.015, 0.009)).toBe('....');
});

test('who speaks is seen at once, and a pause between two words is none', () => {
  expect(heard(0, 0.3, 0, 0, 0, 0.3, 0)).toBe('.xxxxxx');
});

test('a soft syllable goes on, but does not begin', () => {
  expect(heard(0.015, 0.3, 0.015, 0.015, 0.015, 0.015, 0.015, 0.015)).toBe('.xxxxxxx');
});

test('silence is an end', () => {
  expect(heard(0.3, 0, 0, 0, 0, 0.015)).toBe('xxxx..');
});

test('the floor is kept while one speaks, and by the last one in silence', () => {
  expect(nextSpeaker(null, new Set<number>())).toBe(null);
  expect(nextSpeaker(null, new Set([2]))).toBe(2);
  expect(nextSpeaker(2, new Set([1, 2]))).toBe(2);
  expect(nextSpeaker(2, new Set([1]))).toBe(1);
  expect(nextSpeaker(2, new Set<number>())).toBe(2);
});
