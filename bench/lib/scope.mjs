// What a measurement has started, ended with it. The harness of the tests takes it for a test.

/** @typedef {import('node:test').TestContext} TestContext */

/**
 * Runs a measurement and cleans up after it, also if it fails.
 *
 * @template T
 * @param {(scope: TestContext) => Promise<T>} measure
 * @returns {Promise<T>}
 */
export async function within(measure) {
  /** @type {(() => unknown)[]} */
  const tasks = [];
  const scope = { after: (/** @type {() => unknown} */ task) => void tasks.push(task) };
  try {
    return await measure(/** @type {TestContext} */ (/** @type {unknown} */ (scope)));
  } finally {
    for (const task of tasks.reverse()) await task();
  }
}
