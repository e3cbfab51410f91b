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
    assertNothingPrivate(program.errors, line, host.address());
  });
  await until('the server prints its line', () => program.output.includes('\n') || hasEnded(program));
  assert.ok(!hasEnded(program), `the server runs:\n${program.errors}`);
  /** @type {Record<string, string>} */
  const line = JSON.parse(program.output);
  const { room = '', link = '', local = '' } = line;
  const port = Number(new URL(link || local).port);
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

/**
 * @param {string} log
 * @param {Record<string, string>} line
 * @param {string} address
 */
function assertNothingPrivate(log, line, address) {
  const fragment = new URLSearchParams(new URL(line.local ?? 'http://localhost').hash.slice(1));
  const secrets = { room: line.room, token: fragment.get('token'), address, sdp: 'a=ice-ufrag' };
  for (const [what, secret] of Object.entries(secrets)) {
    assert.ok(!secret || !log.includes(secret), `the ${what} is in the log`);
  }
}
