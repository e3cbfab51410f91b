import assert from 'node:assert/strict';
import test from 'node:test';
import { tally } from './tally.mjs';

test('a tool counts as one', () => {
  assert.deepEqual(tally('tool', 0, 'test result: ok. 9 passed;'), [1, 0, 0]);
  assert.deepEqual(tally('tool', 2, ''), [0, 1, 0]);
});

test("cargo's test programs are summed", () => {
  const line = (counts) => `test result: ok. ${counts}; 0 measured; 0 filtered out; finished in 0.01s\n`;
  const log = line('12 passed; 1 failed; 0 ignored') + line('3 passed; 0 failed; 2 ignored');
  assert.deepEqual(tally('cargo', 101, log), [15, 1, 2]);
});

test("vitest's summary is read through its colours", () => {
  const log =
    '\u001b[2m Test Files \u001b[22m 2 passed (2)\n\u001b[2m      Tests \u001b[22m 1 failed | 12 passed | 2 skipped (15)\n';
  assert.deepEqual(tally('vitest', 1, log), [12, 1, 2]);
});

test("what node's runner cancels has failed", () => {
  const log = 'ℹ tests 6\nℹ pass 3\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\n';
  assert.deepEqual(tally('node', 1, log), [3, 2, 1]);
});

test('an error without a failed test, and a run without a test, are failures', () => {
  assert.deepEqual(tally('cargo', 101, 'error: could not compile'), [0, 1, 0]);
  assert.deepEqual(tally('vitest', 1, '      Tests  4 passed (4)\n'), [4, 1, 0]);
  assert.deepEqual(tally('node', 0, 'ℹ pass 0\nℹ fail 0\n'), [0, 1, 0]);
});
