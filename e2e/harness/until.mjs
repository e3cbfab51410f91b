// Waiting for a state instead of for a time.

import { setTimeout as pause } from 'node:timers/promises';

/** How long a state may take to come about, in ms: generous, since two cores carry six browsers. */
export const PATIENCE = 60_000;

/** Between two looks, in ms. */
const LOOK_EVERY = 200;

/**
 * Looks until `look` returns something truthy, and returns it.
 *
 * @template T
 * @param {string} what for the message of the failure
 * @param {() => T | Promise<T>} look
 * @param {number} [patience] in ms
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, look, patience = PATIENCE) {
  const end = performance.now() + patience;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > end) throw new Error(`not within ${patience / 1000} s: ${what}`);
    await pause(LOOK_EVERY);
  }
}
