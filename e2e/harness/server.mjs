// visavis-server as a person starts it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { afterwards } from './afterwards.mjs';
import { here } from './network.mjs';
import { SERVER_PROGRAM, end, hasEnded, temporaryFolder } from './programs.mjs';
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
 * @property {() => Promise<number>} door a port of the tests that leads to the local page
 * @property {() => Promise<Record<string, number>>} status
 */

/**
 * What no log may hold, of all servers of a test file: a joiner's server knows the host's room, address and people, too.
 * Each with what it is. @type {Map<string, string>}
 */
const PRIVATE = new Map([
  ['a=ice-ufrag', 'a session description'],
  // The names of the people in the tests.
  ...['Ada', 'Bob', 'Cleo'].map((name) => /** @type {[string, string]} */ ([name, 'a name'])),
]);

/**
 * Starts `visavis-server MODE --json` on free ports with an identity of its own, and stops it after the test.
 * Its log is on, at its loudest: when it stops it must hold nothing that is private.
 *
 * @param {import('node:test').TestContext} test
 * @param {'host' | 'lobby'} mode
 * @param {string[]} [flags]
 * @param {object} [options]
 * @param {typeof here | import('./lan.mjs').Host} [options.host] where it runs
 * @param {string} [options.data] the folder of one that was here before; it stays
 * @returns {Promise<Server>}
 */
export async function startServer(test, mode, flags = [], { host = here, data } = {}) {
  const { folder, remove } = data ? { folder: data, remove: () => {} } : temporaryFolder();
  const program = host.start(
    SERVER_PROGRAM,
    [mode, '--json', '--port', '0', '--data-dir', folder, ...flags],
    {
      env: { ...process.env, VISAVIS_LOG: 'trace' },
    },
  );
  afterwards(test, async () => {
    const ending = await end(program);
    remove();
    assert.deepEqual(ending, { code: 0, signal: null }, `a clean end on SIGTERM:\n${program.errors}`);
    assertNothingPrivate(program.errors);
  });
  await until('the server prints its line', () => program.output.includes('\n') || hasEnded(program));
  assert.ok(!hasEnded(program), `the server runs:\n${program.errors}`);
  /** @type {Record<string, string>} */
  const line = JSON.parse(program.output);
  const { room = '', link = '', local = '' } = line;
  const port = Number(new URL(link || local).port);
  keepPrivate(line, host.address());
  /** @type {Promise<number> | undefined} */
  let made;
  const door = () => (made ??= host.doorTo(Number(new URL(local).port)));
  const status = async () => readStatus(local, await door());
  return { program, line, room, link, local, port, door, status };
}

/** @param {string} local @param {number} port that leads there */
async function readStatus(local, port) {
  const path = `http://127.0.0.1:${port}/status`;
  const [response] = await once(http.get(path, { headers: { Host: new URL(local).host } }), 'response');
  assert.equal(response.statusCode, 200);
  let body = '';
  for await (const part of response.setEncoding('utf8')) body += part;
  return /** @type {Record<string, number>} */ (JSON.parse(body));
}

/** @param {Record<string, string>} line what a server printed @param {string} address */
function keepPrivate(line, address) {
  const fragment = new URLSearchParams(new URL(line.local ?? 'http://localhost').hash.slice(1));
  const secrets = { 'a room': line.room, 'a token': fragment.get('token'), 'an address': address };
  for (const [what, secret] of Object.entries(secrets)) if (secret) PRIVATE.set(secret, what);
}

/** @param {string} log */
function assertNothingPrivate(log) {
  for (const [secret, what] of PRIVATE) assert.ok(!log.includes(secret), `${what} is in the log`);
}
