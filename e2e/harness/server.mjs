// visavis-server as a person starts it.

import assert from 'node:assert/strict';
import { afterwards } from './afterwards.mjs';
import { LAN_ADDRESS } from './network.mjs';
import { SERVER_PROGRAM, end, hasEnded, start, temporaryFolder } from './programs.mjs';
import { until } from './until.mjs';

/**
 * A running server.
 *
 * @typedef {object} Server
 * @property {import('./programs.mjs').Program} program
 * @property {Record<string, string>} line what it printed with `--json`
 * @property {string} room nine digits; empty in a lobby
 * @property {string} link the invite; empty in a lobby
 * @property {string} local this machine's own page
 * @property {number} port on the LAN
 * @property {() => Promise<Record<string, number>>} status
 */

/**
 * Starts `visavis-server MODE --json` on free ports with an identity of its own, and stops it after the test.
 * Its log is on, at its loudest: when it stops it must hold nothing that is private.
 *
 * @param {import('node:test').TestContext} test
 * @param {'host' | 'lobby'} mode
 * @param {string[]} [flags]
 * @returns {Promise<Server>}
 */
export async function startServer(test, mode, flags = []) {
  const { folder, remove } = temporaryFolder();
  const program = start(SERVER_PROGRAM, [mode, '--json', '--port', '0', '--data-dir', folder, ...flags], {
    env: { ...process.env, VISAVIS_LOG: 'trace' },
  });
  afterwards(test, async () => {
    const ending = await end(program);
    remove();
    assert.deepEqual(ending, { code: 0, signal: null }, `a clean end on SIGTERM:\n${program.errors}`);
    assertNothingPrivate(program.errors, line);
  });
  await until('the server prints its line', () => program.output.includes('\n') || hasEnded(program));
  assert.ok(!hasEnded(program), `the server runs:\n${program.errors}`);
  /** @type {Record<string, string>} */
  const line = JSON.parse(program.output);
  const { room = '', link = '', local = '' } = line;
  const port = Number(new URL(link || local).port);
  return { program, line, room, link, local, port, status: () => readStatus(local) };
}

/** @param {string} local */
async function readStatus(local) {
  const response = await fetch(new URL('/status', local));
  assert.equal(response.status, 200);
  return /** @type {Record<string, number>} */ (await response.json());
}

/**
 * @param {string} log
 * @param {Record<string, string>} line
 */
function assertNothingPrivate(log, line) {
  const fragment = new URLSearchParams(new URL(line.local ?? 'http://localhost').hash.slice(1));
  const secrets = { room: line.room, token: fragment.get('token'), address: LAN_ADDRESS, sdp: 'a=ice-ufrag' };
  for (const [what, secret] of Object.entries(secrets)) {
    assert.ok(!secret || !log.includes(secret), `the ${what} is in the log`);
  }
}
