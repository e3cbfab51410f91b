import { expect, test } from 'vitest';
import { commandOf } from './shortcuts';

const key = (pressed: string, change: Partial<KeyboardEvent> = {}) => ({
  key: pressed,
  repeat: false,
  isComposing: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...change,
});

test.each([
  ['m', 'microphone'],
  ['M', 'microphone'],
  ['v', 'camera'],
  ['s', 'share'],
  ['h', 'hand'],
  ['?', 'help'],
  [' ', 'talk'],
  ['x', null],
  ['Escape', null],
])('the key %j is for %s', (pressed, command) => {
  expect(commandOf(key(pressed))).toBe(command);
});

test.each([{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }, { isComposing: true }])(
  'a key is the browser’s own, or held, or part of a word: %j',
  (change) => {
    expect(commandOf(key('s', change))).toBeNull();
  },
);
