// The three servers, each as a program of its own, on a free port of loopback.

import { fileURLToPath } from 'node:url';
import net from 'node:net';
import { afterwards } from '../../e2e/harness/afterwards.mjs';
import { freePort } from '../../e2e/harness/free-port.mjs';
import { SERVER_PROGRAM, end, start, temporaryFolder } from '../../e2e/harness/programs.mjs';
import { until } from '../../e2e/harness/until.mjs';
import { OurClient, PeerJsClient, SocketIoClient } from './clients.mjs';

/** @typedef {import('node:test').TestContext} Scope */
/** @typedef {{ enter(): Promise<unknown>, signal(other: any): void, arrived: () => void, end(): void }} Client */

/**
 * A server that is running.
 *
 * @typedef {object} Running
 * @property {number} pid
 * @property {number} startMs from its start to its first accepted WebSocket
 * @property {(size: number) => Promise<any[]>} group connects that many clients, who can reach each other
 */

/** @typedef {'ours' | 'peerjs' | 'socket.io'} Name */

/** @type {Record<Name, (scope: Scope) => Promise<Running>>} */
export const SERVERS = {
  async ours(scope) {
    const { folder, remove } = temporaryFolder();
    afterwards(scope, remove);
    // Every start but an installation's first finds its identity.
    await end(await ready(start(SERVER_PROGRAM, ours(folder, 0))));

    const port = await freePort();
    const [program, startMs] = await started(scope, port, () => start(SERVER_PROGRAM, ours(folder, port)), {
      connect: () => new OurClient(port),
    });
    await ready(program);
    const token = new URL(JSON.parse(program.output).local).hash.split('token=')[1] ?? '';
    const group = async (/** @type {number} */ size) => {
      const members = Array.from({ length: size }, () => new OurClient(port));
      const [first, ...others] = members;
      const room = await first?.enter({ token, capacity: size });
      for (const other of others) await other.enter({ room });
      return members;
    };
    return { pid: pid(program), startMs, group };
  },

  async peerjs(scope) {
    const port = await freePort();
    const run = () =>
      start('node', [module('peer/dist/bin/peerjs.js'), '--port', String(port), '--host', '127.0.0.1']);
    const [program, startMs] = await started(scope, port, run, { connect: () => new PeerJsClient(port) });
    const group = async (/** @type {number} */ size) => {
      const members = Array.from({ length: size }, () => new PeerJsClient(port));
      await Promise.all(members.map((member) => member.enter()));
      return members;
    };
    return { pid: pid(program), startMs, group };
  },

  async 'socket.io'(scope) {
    const port = await freePort();
    const server = fileURLToPath(new URL('../servers/socket-io.mjs', import.meta.url));
    const run = () => start('node', [server, String(port)]);
    const [program, startMs] = await started(scope, port, run, { connect: () => new SocketIoClient(port) });
    let rooms = 0;
    const group = async (/** @type {number} */ size) => {
      const room = `room ${++rooms}`;
      const members = Array.from({ length: size }, () => new SocketIoClient(port));
      await Promise.all(members.map((member) => member.enter({ room })));
      return members;
    };
    return { pid: pid(program), startMs, group };
  },
};

/**
 * Starts a program and connects until it lets one in. How long that took ends with the WebSocket's opening.
 *
 * @param {Scope} scope
 * @param {number} port
 * @param {() => import('../../e2e/harness/programs.mjs').Program} run
 * @param {{ connect: () => { opened: Promise<unknown>, end(): void } }} client
 * @returns {Promise<[import('../../e2e/harness/programs.mjs').Program, number]>}
 */
async function started(scope, port, run, { connect }) {
  const begin = performance.now();
  const program = run();
  afterwards(scope, () => end(program));
  while (!(await listens(port))) if (program.exitCode !== null) throw new Error(program.errors);
  const client = connect();
  await client.opened;
  const startMs = performance.now() - begin;
  client.end();
  return [program, startMs];
}

/** @param {number} port @returns {Promise<boolean>} */
function listens(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** @param {import('../../e2e/harness/programs.mjs').Program} program */
async function ready(program) {
  await until('our server prints its line', () => program.output.includes('\n'));
  return program;
}

/** @param {string} folder @param {number} port */
function ours(folder, port) {
  return ['lobby', '--json', '--port', String(port), '--data-dir', folder];
}

/** @param {import('../../e2e/harness/programs.mjs').Program} program */
function pid(program) {
  return /** @type {number} */ (program.pid);
}

/** @param {string} path below node_modules */
function module(path) {
  return fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));
}
