// Going through states: all of them, or those that somebody wants to look at.

import { shows } from './gallery.mjs';

/** @typedef {import('../person.mjs').Person} Person */

/** `VIEWS=lobby-a e2e/run.sh tests/views-lobby.test.mjs`: only pictures of the states whose names match are taken. */
const WANTED = new RegExp(process.env.VIEWS ?? '');

/**
 * Brings about each state and looks at it.
 *
 * @template Place
 * @param {import('node:test').TestContext} test
 * @param {Record<string, (place: Place) => Promise<Person>>} states by name: how one gets there, and who is there then
 * @param {Place} place
 * @param {object} [options]
 * @param {boolean} [options.chained] each state is reached from the one before
 */
export async function showAll(test, states, place, { chained = false } = {}) {
  for (const [state, bring] of Object.entries(states)) {
    if (!chained && !WANTED.test(state)) continue;
    await test.test(state, async () => {
      const person = await bring(place);
      if (WANTED.test(state)) await shows(state, person);
      if (!chained) await person.close();
    });
  }
}
