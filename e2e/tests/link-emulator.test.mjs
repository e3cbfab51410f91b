// The bad network of tests and measurements, seen by real sockets at both of its ends.

import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import test from 'node:test';
import { afterwards } from '../harness/afterwards.mjs';
import { FarNetwork, NEAR_ADDRESS } from '../harness/far-network.mjs';
import { start } from '../harness/programs.mjs';
import { until } from '../harness/until.mjs';

/** Fewer than an interface's own queue holds (500): no other than the link loses any. */
const PACKETS = 200;

/** One direction of a slow link, in ms: much longer than it takes to say something locally. */
const SLOW_MS = 3000;

const skip = !mayMakeInterfaces() && 'network interfaces take root here';

test('a link delays and loses what it is told to, and nothing else', { skip }, async (context) => {
  const far = await FarNetwork.open(context);
  const arrived = await listen(context);

  await sendFromFar(far, arrived.port);
  await until('all packets are here', () => arrived.numbers.length === PACKETS);
  assert.deepEqual(arrived.numbers, [...Array(PACKETS).keys()], 'in their order');

  // What leaves first over a slow link comes after what takes another way.
  arrived.numbers.length = 0;
  await far.set({ delayMs: SLOW_MS, loss: 0 });
  await sendFromFar(far, arrived.port);
  await arrived.sayLocally(-1);
  await until('all packets are here', () => arrived.numbers.length === PACKETS + 1);
  assert.notEqual(arrived.numbers.at(-1), -1);
  assert.deepEqual(
    arrived.numbers.filter((number) => number >= 0),
    [...Array(PACKETS).keys()],
  );

  arrived.numbers.length = 0;
  const before = await far.set({ delayMs: 0, loss: 0.5 });
  await sendFromFar(far, arrived.port);
  const after = async () => {
    const now = await far.set({ delayMs: 0, loss: 0.5 });
    return { delivered: now.delivered - before.delivered, lost: now.lost - before.lost };
  };
  await until('each packet is delivered or lost', async () => {
    const { delivered, lost } = await after();
    return delivered + lost >= PACKETS;
  });
  const { lost } = await after();
  assert.ok(lost > 0 && arrived.numbers.length > 0, `${lost} lost, ${arrived.numbers.length} here`);
  assert.ok(arrived.numbers.length < PACKETS, 'not all are here');

  arrived.numbers.length = 0;
  await far.set({ delayMs: 0, loss: 1 });
  await sendFromFar(far, arrived.port);
  await far.set({ delayMs: 0, loss: 0 });
  await sendFromFar(far, arrived.port);
  await until('what was sent after the outage is here', () => arrived.numbers.length >= PACKETS);
  assert.equal(arrived.numbers.length, PACKETS, 'nothing of the outage');
});

/** A socket at the near end. @param {import('node:test').TestContext} context */
async function listen(context) {
  /** @type {number[]} */
  const numbers = [];
  const socket = dgram.createSocket('udp4', (message) => void numbers.push(Number(String(message))));
  socket.bind(0, NEAR_ADDRESS);
  await once(socket, 'listening');
  afterwards(context, () => socket.close());
  const { port } = socket.address();
  return {
    numbers,
    port,
    /** From this very machine: not over the link. @param {number} number */
    sayLocally: (number) =>
      new Promise((resolve) => void socket.send(String(number), port, NEAR_ADDRESS, () => resolve(null))),
  };
}

/** Numbered packets from the far end. @param {FarNetwork} far @param {number} port */
async function sendFromFar(far, port) {
  const script = `
    const socket = require('node:dgram').createSocket('udp4');
    let number = 0;
    const next = () =>
      number < ${PACKETS} ? socket.send(String(number++), ${port}, '${NEAR_ADDRESS}', next) : socket.close();
    next();`;
  const sender = start(...far.command('node', ['-e', script]));
  const [code] = await once(sender, 'exit');
  assert.equal(code, 0, sender.errors);
}

function mayMakeInterfaces() {
  try {
    closeSync(openSync('/dev/net/tun', 'r+'));
    return true;
  } catch {
    return false;
  }
}
