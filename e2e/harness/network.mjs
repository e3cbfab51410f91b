// The network that own-network.sh made around the tests.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { afterwards } from './afterwards.mjs';
import { start } from './programs.mjs';

/** This machine's address on its only LAN. */
export const LAN_ADDRESS = '10.77.0.1';

assert.ok(
  Object.values(networkInterfaces())
    .flat()
    .some((entry) => entry?.address === LAN_ADDRESS),
  'The end-to-end tests run in a network of their own: start them with e2e/run.sh.',
);

/** This machine, as a host among others. */
export const here = {
  start,
  address: () => LAN_ADDRESS,
  /** @param {number} port */
  doorTo: async (port) => port,
  /** @param {string} program */
  wrapper: (program) => program,
};

/** The interface that has the address. */
const INTERFACE = 'lan0';

/** Its name and address on another LAN, which it is on until the test ends. @param {import('node:test').TestContext} test */
export async function joinOtherNetwork(test) {
  const [name, address] = ['lan1', '10.78.0.1'];
  await ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}-peer`);
  afterwards(test, () => ip('link', 'delete', name));
  await ip('address', 'add', `${address}/24`, 'dev', name);
  for (const end of [name, `${name}-peer`]) await ip('link', 'set', end, 'up');
  return { name, address };
}

/** This machine is on no network from now on. */
export async function loseNetwork() {
  await ip('address', 'flush', 'dev', INTERFACE);
}

/** It is back, with the address that it had. */
export async function regainNetwork() {
  await ip('address', 'replace', `${LAN_ADDRESS}/24`, 'dev', INTERFACE);
}

/**
 * Breaks the connections of a program to others on this machine, as a driver's fault would. Not every kernel does.
 *
 * @param {string} program as much of its name as the kernel keeps
 * @returns {Promise<boolean>} whether they are broken
 */
export async function breakLoopback(program) {
  const ofProgram = async () =>
    (await ss('-tnpH', 'state', 'established', 'src', '127.0.0.1')).split('\n').flatMap((line) => {
      const [, , local] = line.trim().split(/\s+/);
      return local && line.includes(`"${program}"`) ? [local] : [];
    });
  const connections = await ofProgram();
  for (const local of connections) await ss('-K', 'src', local);
  const left = await ofProgram();
  return connections.length > 0 && !connections.some((local) => left.includes(local));
}

/** @param {...string} args */
async function ss(...args) {
  const program = start('ss', args);
  await once(program, 'close');
  return program.output;
}

/** @param {...string} args */
async function ip(...args) {
  const [code] = await once(start('ip', args), 'exit');
  assert.equal(code, 0, `ip ${args.join(' ')}`);
}
