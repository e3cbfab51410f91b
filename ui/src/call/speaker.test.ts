import { expect, test } from 'vitest';
import { speakerToUse } from './speaker';

const HEADSET = { id: 'headset', label: 'Headset' };
const MONITOR = { id: 'monitor', label: 'Monitor' };

test.each([
  ['none is chosen', null, [HEADSET], null],
  ['it is there', 'headset', [MONITOR, HEADSET], 'headset'],
  ['it is unplugged', 'headset', [MONITOR], null],
  ['the browser does not tell which there are', 'headset', [], 'headset'],
  ['the browser does not let choose', 'headset', null, 'headset'],
])('where %s', (_what, chosen, speakers, used) => {
  expect(speakerToUse(chosen, speakers)).toBe(used);
});
