// A call with Vis-à-vis: the real server and interface.

import path from 'node:path';
import { afterwards } from '../../e2e/harness/afterwards.mjs';
import { SERVER_PROGRAM, end, start, temporaryFolder } from '../../e2e/harness/programs.mjs';
import { until } from '../../e2e/harness/until.mjs';
import { pressJoin } from './pages.mjs';
import { keepTimeline, readTransport } from './timeline.mjs';

/** @typedef {import('../../e2e/harness/browser.mjs').Chromium} Chromium */
/** @typedef {import('./measure.mjs').Result} Result */

const HOST = 'Ada';
const GUEST = 'Bob';

/**
 * Starts a server and opens a room.
 *
 * @param {import('node:test').TestContext} scope
 * @param {string[]} [more] flags
 */
export async function startOurs(scope, more = []) {
  const { folder, remove } = temporaryFolder();
  const flags = ['host', '--json', '--port', '0', '--data-dir', folder, ...more];
  const program = start(SERVER_PROGRAM, flags, { env: { ...process.env, VISAVIS_LOG: 'off' } });
  afterwards(scope, async () => {
    await end(program);
    remove();
  });
  await until('our server prints its line', () => program.output.includes('\n'));
  const { room, local } = JSON.parse(program.output);
  const port = new URL(local).port;
  return {
    local,
    /** What a guest opens. @param {string} origin */
    link: (origin) => `${origin}:${port}/#${room}`,
    key: path.join(folder, 'identity.pem'),
    certificate: path.join(folder, 'certificate.pem'),
  };
}

/** Somebody waits in the room. @param {Chromium} chromium @param {string} local */
export async function hostOurs(chromium, local) {
  const host = await chromium.joins(HOST, local);
  return {
    /** Waits until nobody else is there, so that the next call begins like the first. */
    alone: () => host.sees(),
  };
}

/**
 * One call, from the press.
 *
 * @param {Chromium} chromium
 * @param {string} link
 * @param {() => Promise<unknown>} ready just before the press
 * @returns {Promise<Result>}
 */
export async function callOurs(chromium, link, ready) {
  const guest = await chromium.opens(GUEST, link, { before: keepTimeline });
  await guest.seesOneself();
  await guest.field('Your name').fill(GUEST);
  await ready();
  const [pressed = 0, seen = 0] = await guest.page.evaluate(pressJoin, HOST);
  const timeline = await guest.page.evaluate(() => /** @type {any} */ (globalThis).timeline);
  const transport = await guest.page.evaluate(readTransport);
  await guest.leave();
  await guest.close();
  return { ms: seen - pressed, pressed, timeline, transport };
}
