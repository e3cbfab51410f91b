// Programs of the testkit beside the app: they announce hosts, list those that are announced, or lie.

import assert from 'node:assert/strict';
import { afterwards } from './afterwards.mjs';
import { ANNOUNCER, FINDER, IMPOSTOR, end, hasEnded } from './programs.mjs';
import { until } from './until.mjs';

/** @typedef {import('node:test').TestContext} TestContext */
/** @typedef {import('./lan.mjs').Host} Host */
/** @typedef {import('./programs.mjs').Program} Program */
/** @typedef {{ device: string, addresses: string[], name: string | null }} Found */

/** Announces a host, by default at the machine's own address. @param {TestContext} test @param {Host} host @param {string} device @param {number} port @param {...string} addresses */
export function announce(test, host, device, port, ...addresses) {
  if (addresses.length === 0) addresses = [host.address()];
  return run(test, host, ANNOUNCER, [device, String(port), ...addresses]);
}

/** Lists the hosts that a machine hears of. @param {TestContext} test @param {Host} host */
export function find(test, host) {
  return run(test, host, FINDER, []);
}

/** What the finder lists now. @param {Program} finder @returns {Found[]} */
export function found(finder) {
  assert.ok(!hasEnded(finder), finder.errors);
  const last = finder.output.trimEnd().split('\n').at(-1);
  return last && finder.output.endsWith('\n') ? JSON.parse(last) : [];
}

/** Starts the impostor, and returns what it says when it listens. @param {TestContext} test @param {Host} host @param {string[]} args */
export async function startImpostor(test, host, args) {
  const program = run(test, host, IMPOSTOR, args);
  await until('the impostor listens', () => program.output.includes('\n') || hasEnded(program));
  assert.ok(!hasEnded(program), program.errors);
  return { program, says: JSON.parse(program.output) };
}

/** What the impostor has counted so far; asked once. @param {Program} impostor @returns {Promise<Record<string, number>>} */
export async function counted(impostor) {
  impostor.stdin?.write('\n');
  return JSON.parse(await until('the impostor counts', () => impostor.output.split('\n')[1]));
}

/** @param {TestContext} test @param {Host} host @param {string} program @param {string[]} args */
function run(test, host, program, args) {
  const running = host.start(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  afterwards(test, () => end(running));
  return running;
}
