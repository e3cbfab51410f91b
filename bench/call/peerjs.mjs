// A call with PeerJS: its server and its client library, in a page of its documentation's own calls.

import { fileURLToPath } from 'node:url';
import { afterwards } from '../../e2e/harness/afterwards.mjs';
import { end, start } from '../../e2e/harness/programs.mjs';
import { until } from '../../e2e/harness/until.mjs';
import { pressCall } from './pages.mjs';
import { keepTimeline, readTransport } from './timeline.mjs';

/** @typedef {import('../../e2e/harness/browser.mjs').Chromium} Chromium */
/** @typedef {import('./measure.mjs').Result} Result */

const PROGRAM = fileURLToPath(new URL('../servers/peerjs-page.mjs', import.meta.url));

/**
 * Starts a server.
 *
 * @param {import('node:test').TestContext} scope
 * @param {string} address
 * @param {{ key: string, certificate: string }} [tls] plain HTTP without
 */
export async function startPeerJs(scope, address, tls) {
  const program = start('node', [PROGRAM, address, ...(tls ? [tls.key, tls.certificate] : [])]);
  afterwards(scope, () => end(program));
  const port = await until(`PeerJS prints its port: ${program.errors}`, () => program.output.trim());
  return { page: `${tls ? 'https' : 'http'}://${address}:${port}/page.html` };
}

/** Somebody waits for calls. @param {Chromium} chromium @param {string} page */
export async function hostPeerJs(chromium, page) {
  const host = await chromium.opens('Ada', page);
  return host.page.evaluate(async () => {
    const own = /** @type {any} */ (globalThis);
    await own.prepare();
    return /** @type {Promise<string>} */ (own.host());
  });
}

/**
 * One call, from the press.
 *
 * @param {Chromium} chromium
 * @param {string} page
 * @param {string} host the ID to call
 * @param {boolean} connected whether the Peer is made and connected before the press
 * @param {() => Promise<unknown>} ready just before the press
 * @returns {Promise<Result>}
 */
export async function callPeerJs(chromium, page, host, connected, ready) {
  const guest = await chromium.opens('Bob', page, { before: keepTimeline });
  await guest.page.evaluate(async (early) => {
    const own = /** @type {any} */ (globalThis);
    await own.prepare();
    if (early) await own.connect();
  }, connected);
  await ready();
  const [pressed = 0, seen = 0] = await guest.page.evaluate(pressCall, host);
  const timeline = await guest.page.evaluate(() => /** @type {any} */ (globalThis).timeline);
  const transport = await guest.page.evaluate(readTransport);
  await guest.close();
  return { ms: seen - pressed, pressed, timeline, transport };
}
