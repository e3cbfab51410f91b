import { expect, test } from 'vitest';
import { cleanName } from './names';

test.each([
  ['Ada', 'Ada'],
  ['  Ada  Lovelace ', 'Ada Lovelace'],
  ['李明', '李明'],
  ['👩‍👩‍👧', '👩‍👩‍👧'],
  ['', 'Guest'],
  [' \t\n', 'Guest'],
  ['\u202e\u2066\u200b\ufeff', 'Guest'],
  ['\u00ad\u3164', 'Guest'],
  ['\u200d \ufe0f', 'Guest'],
  ['a\u202eb', 'a b'],
  ['a\u0000b\nc', 'a b c'],
  ['lone \ud800 half', 'lone half'],
  ['<b>Ada</b>', '<b>Ada</b>'],
])('%j becomes %j', (typed, name) => {
  expect(cleanName(typed, 'Guest')).toBe(name);
});

test('a long name is cut between characters, not within one', () => {
  expect(cleanName('𝒜'.repeat(1000), 'Guest')).toBe('𝒜'.repeat(64));
  expect(cleanName(`${'x'.repeat(63)} y`, 'Guest')).toBe('x'.repeat(63));
});
