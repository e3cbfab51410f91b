// mDNS between hosts: what the desktop app and visavis-server find each other by.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Host, Lan } from '../harness/lan.mjs';
import { announce as announceAt, find, found } from '../harness/neighbours.mjs';
import { end } from '../harness/programs.mjs';
import { until } from '../harness/until.mjs';

/** @typedef {import('../harness/programs.mjs').Program} Program */

const PORT = 7000;

/** @param {number} n of the device */
const deviceId = (n) => n.toString(16).padStart(2, '0').repeat(32);

test('a host is found, followed to its next address, and gone when it leaves', async (t) => {
  const { a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const finder = find(t, b);
  const announcer = announce(t, a, deviceId(1));
  await until('it is found', () => isAt(finder, 1, a.address()));
  assert.equal(found(finder)[0]?.device, deviceId(1));

  const before = a.address();
  a.move('10.79.0.77');
  say(announcer, a.address());
  await until('its new address is known', () => isAt(finder, 1, a.address()));
  await until('and the old one gone', () => !isAt(finder, 1, before));

  say(announcer, '');
  await until('it has withdrawn', () => found(finder).length === 0);
  say(announcer, a.address());
  await until('it is back', () => isAt(finder, 1, a.address()));
  announcer.stdin?.end();
  await until('it has left', () => found(finder).length === 0);
  assert.deepEqual(await end(announcer), { code: 0, signal: null });
  assert.equal(finder.errors + announcer.errors, '');
});

test('the address may be told before the interface has it', async (t) => {
  const { a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const finder = find(t, b);
  announce(t, a, deviceId(1), '10.81.0.1');
  announce(t, a, deviceId(2));
  await until('what is told after it is found', () => isAt(finder, 2, a.address()));
  a.move('10.81.0.1');
  await until('it is found', () => isAt(finder, 1, '10.81.0.1'));
});

test('both find each other again after their own addresses changed, and when they were on no network', async (t) => {
  const { lan, a } = await Lan.make(t, { hosts: ['a'] });
  const late = await Host.make(t, 'late');
  const finder = find(t, late);
  const announcer = announce(t, a, deviceId(1));
  lan.join(late);
  await until('the host is found', () => isAt(finder, 1, a.address()));
  late.move('10.82.0.2');
  a.move('10.82.0.1');
  say(announcer, a.address());
  await until('and again', () => isAt(finder, 1, a.address()));
});

test('each network is told its own address, and a link-local one is found with its interface', async (t) => {
  const { lan, a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const { lan: other, c } = await Lan.make(t, { hosts: ['c'], subnet: '10.80.0' });
  other.join(a);
  const linkLocal = await until(
    'a link-local address',
    () =>
      /inet6 (fe80::[0-9a-f:]+)\/64 scope link \n/.exec(a.run('ip', 'address', 'show', 'dev', 'lan0'))?.[1],
  );
  const [atB, atC] = [find(t, b), find(t, c)];
  announce(t, a, deviceId(1), a.address(lan), a.address(other), linkLocal);
  await until('it is found here', () => isAt(atB, 1, a.address(lan)));
  await until('and there', () => isAt(atC, 1, a.address(other)));
  const scoped = () => found(atB)[0]?.addresses.find((address) => address.startsWith(`[${linkLocal}%`));
  await until('a link-local address, with its interface', scoped);
  assert.ok(
    !isAt(atB, 1, a.address(other)) && !isAt(atC, 1, a.address(lan)),
    'no address of another network',
  );
});

test('where multicast is dropped nobody is found, and everybody once it passes', async (t) => {
  const { lan, a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const atB = find(t, b);
  announce(t, c, deviceId(2));
  await until('another host is found', () => isAt(atB, 2, c.address()));
  lan.dropMulticast();
  const announcer = announce(t, a, deviceId(1));
  const own = find(t, a);
  say(announcer, '');
  say(announcer, a.address());
  await until('the announcement was made', () => isAt(own, 1, a.address()));
  assert.ok(!isAt(atB, 1, a.address()), 'and not heard elsewhere');
  lan.passMulticast();
  await until('it is found', () => isAt(atB, 1, a.address()));
});

test('a crowd of liars is listed only so far, and who was there first stays', async (t) => {
  const LIARS = 70;
  const { a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const finder = find(t, b);
  announce(t, a, deviceId(255));
  await until('the first is found', () => isAt(finder, 255, a.address()));
  for (let n = 1; n <= LIARS; n++) announce(t, c, deviceId(n));
  await until('the list is full', () => found(finder).length === 64);
  assert.ok(isAt(finder, 255, a.address()));
});

test('a flood of records is not kept, and the host is found again after it', async (t) => {
  const { a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const finder = find(t, b);
  announce(t, a, deviceId(1));
  await until('it is found', () => isAt(finder, 1, a.address()));
  c.run('node', '-e', FLOOD, c.address());
  await until('it is found again', () => isAt(finder, 1, a.address()));
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${finder.pid}/status`, 'utf8')) ?? [];
  assert.ok(Number(kilobytes) < FLOOD_KILOBYTES, `${kilobytes} kB at most`);
});

/** What the finder may have taken at any time: half of what the flood fills if all of it is kept. */
const FLOOD_KILOBYTES = 100_000;

/** Sends half a million records (SRV), each of another instance, from the address that is given. */
const FLOOD = `
  const { randomBytes } = require('node:crypto');
  const [PACKETS, RECORDS, TTL_SECONDS] = [25_000, 20, 4500];
  const header = Buffer.from([0, 0, 0x84, 0, 0, 0, 0, RECORDS, 0, 0, 0, 0]);
  const name = (label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label), Buffer.from([0])]);
  const fields = Buffer.from([0, 33, 0, 1, 0, 0, TTL_SECONDS >> 8, TTL_SECONDS & 255, 0, 9, 0, 0, 0, 0, 0, 9]);
  const record = () => [name(randomBytes(8).toString('hex')), fields, name('h')];
  const packet = () => Buffer.concat([header, ...Array.from({ length: RECORDS }, record).flat()]);
  const socket = require('node:dgram').createSocket('udp4');
  socket.bind(5353, async () => {
    socket.setMulticastInterface(process.argv[1]);
    for (let sent = 0; sent < PACKETS; sent++) {
      await new Promise((resolve) => socket.send(packet(), 5353, '224.0.0.251', resolve));
    }
    socket.close();
  });
`;

/** Announces a host at these addresses, its own if none are named. @param {import('node:test').TestContext} t @param {Host} host @param {string} device @param {...string} addresses */
function announce(t, host, device, ...addresses) {
  return announceAt(t, host, device, PORT, ...addresses);
}

/** Gives the announcer other addresses, or none. @param {Program} announcer @param {string} addresses */
function say(announcer, addresses) {
  announcer.stdin?.write(`${addresses}\n`);
}

/** Whether the finder lists a device at this address. @param {Program} finder @param {number} device @param {string} address */
function isAt(finder, device, address) {
  const host = found(finder).find((one) => one.device === deviceId(device));
  return host?.addresses.includes(`${address}:${PORT}`) ?? false;
}
