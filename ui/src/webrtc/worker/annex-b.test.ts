import { expect, test } from 'vitest';
import { toAnnexB } from './annex-b';

test('lengths become start codes, unit by unit', () => {
  const bytes = Uint8Array.of(0, 0, 0, 2, 0x67, 1, 0, 0, 0, 3, 0x65, 2, 3);
  toAnnexB(bytes);
  expect([...bytes]).toEqual([0, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x65, 2, 3]);
});

test('what has start codes is left alone, though they could be lengths', () => {
  const bytes = Uint8Array.of(0, 0, 0, 1, 0x67, 0, 0, 0, 1, 0x65);
  const before = [...bytes];
  toAnnexB(bytes);
  expect([...bytes]).toEqual(before);
});

test('a length that leads beyond the end ends it', () => {
  const bytes = Uint8Array.of(0, 0, 0, 9, 0x65);
  toAnnexB(bytes);
  expect([...bytes]).toEqual([0, 0, 0, 1, 0x65]);
});
