// Counts what a step of test.sh did: tally.mjs COUNTER STATUS LOG prints `PASSED FAILED SKIPPED`.
//
// A `tool` (a formatter, a compiler) counts as one. A test runner counts its tests, as its own summary says.
// A runner that ends with an error but names no failed test, or that ran nothing, counts as one failed.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * Where each runner's summary names a number; every match is added.
 *
 * @type {Record<string, { passed: RegExp, failed: RegExp, skipped: RegExp }>}
 */
const SUMMARIES = {
  // test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
  cargo: {
    passed: /^test result:.*? (\d+) passed;/gm,
    failed: /^test result:.*? (\d+) failed;/gm,
    skipped: /^test result:.*? (\d+) ignored;/gm,
  },
  //       Tests  1 failed | 12 passed | 2 skipped | 1 todo (16)
  vitest: {
    passed: /^ *Tests .*?(\d+) passed/gm,
    failed: /^ *Tests .*?(\d+) failed/gm,
    skipped: /^ *Tests .*?(\d+) skipped/gm,
  },
  // `ℹ pass 12`, `# pass 12` in TAP; cancelled: ended before their time, which is a failure
  node: {
    passed: /^[ℹ#] pass (\d+)$/gm,
    failed: /^[ℹ#] (?:fail|cancelled) (\d+)$/gm,
    skipped: /^[ℹ#] (?:skipped|todo) (\d+)$/gm,
  },
};

const COLOURS = /\u001b\[[0-9;]*m/g;

/**
 * @param {string} counter `tool` or a runner's name
 * @param {number} status the exit code
 * @param {string} log everything that the step printed
 * @returns {[passed: number, failed: number, skipped: number]}
 */
export function tally(counter, status, log) {
  const summary = SUMMARIES[counter];
  if (!summary) return status === 0 ? [1, 0, 0] : [0, 1, 0];
  const text = log.replace(COLOURS, '');
  const [passed, failed, skipped] = [summary.passed, summary.failed, summary.skipped].map((pattern) =>
    [...text.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0),
  );
  const unnamed = failed === 0 && (status !== 0 || passed === 0);
  return [passed, unnamed ? 1 : failed, skipped];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , counter, status, file] = process.argv;
  console.log(tally(counter, Number(status), readFileSync(file, 'utf8')).join(' '));
}
