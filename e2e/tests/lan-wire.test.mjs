// Several machines, seen on the wire: the way from a typed ID to its host, past others who have such a room too, or say so.

import assert from 'node:assert/strict';
import test from 'node:test';
import { afterwards } from '../harness/afterwards.mjs';
import { Lan } from '../harness/lan.mjs';
import { announce, counted, find, found, startImpostor } from '../harness/neighbours.mjs';
import { end, temporaryFolder } from '../harness/programs.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { Client } from '../harness/wire.mjs';

/** @typedef {import('node:test').TestContext} TestContext */
/** @typedef {import('../harness/server.mjs').Server} Server */

/** A network that none of the hosts is on (RFC 5737), and where nothing listens. */
const ELSEWHERE = '203.0.113.7';
const PORT = 7000;

/** Forty rooms of each of two people have two with the same tag more often than not. */
const ROOMS_AT_ONCE = 20;

/** How a server that stops closes its connections (RFC 6455, section 7.4.1). */
const GOING_AWAY = 1001;

/** All that is told of a room before its secret is proved. @param {string} room */
const tagOf = (room) => room.slice(0, 3);

/** A room that nobody has. @param {string} room of somebody */
const unlike = (room) => `${(Number(tagOf(room)) + 1) % 1000}`.padStart(3, '0') + room.slice(3);

test('of two rooms with the same first three digits each ID leads to its own host', async (t) => {
  const { a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const [atA, atB, lobby] = [
    await startServer(t, 'lobby', [], { host: a }),
    await startServer(t, 'lobby', [], { host: b }),
    await startServer(t, 'lobby', [], { host: c }),
  ];
  const rooms = await roomsOfOneTag(t, { Ada: atA, Bob: atB });
  for (const [name, room] of Object.entries(rooms)) {
    const answer = await join(t, lobby, room);
    assert.equal(answer.room, room, `${answer.code}`);
    assert.deepEqual(namesIn(answer), [name, 'Cleo']);
  }
});

test('hosts that stop in the middle of the handshake keep nobody from the room', async (t) => {
  const { a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const stages = ['tcp', 'tls', 'answer'];
  const mutes = await Promise.all(
    stages.map((stage) => startImpostor(t, c, ['mute', `${c.address()}:0`, stage])),
  );
  for (const { says } of mutes) announce(t, c, says.device, portOf(says.address));
  const host = await startServer(t, 'host', [], { host: a });
  const finder = find(t, b);
  await until('all are announced', () => found(finder).length === 1 + stages.length);
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const welcome = await join(t, lobby, host.room);
  assert.equal(welcome.room, host.room, `${welcome.code}`);

  const refusal = await join(t, lobby, unlike(host.room));
  assert.equal(refusal.code, 'unknown-room');
  assert.deepEqual(refusal.tried, { found: 1, known: 0 }, 'only one has answered');
  for (const [index, { program }] of mutes.entries()) {
    const { held = 0 } = await counted(program);
    assert.ok(held > 0, `the one that stops after ${stages[index]} was asked`);
  }
});

test('an address elsewhere that somebody announces is not knocked at, one that a person types is', async (t) => {
  const { a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const sink = await b.openSink();
  c.run('ip', 'address', 'add', `${ELSEWHERE}/24`, 'dev', 'lan0');
  announce(t, c, '01'.repeat(32), PORT, c.address(), ELSEWHERE);
  const host = await startServer(t, 'host', [], { host: a });
  const finder = find(t, b);
  await until('the address is told', () => isAt(finder, ELSEWHERE, PORT));
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const welcome = await join(t, lobby, host.room);
  assert.equal(welcome.room, host.room, `${welcome.code}`);
  const refusal = await join(t, lobby, unlike(host.room));
  assert.equal(refusal.code, 'unknown-room');
  assert.deepEqual(sink.destinations(), []);

  await join(t, lobby, unlike(host.room), { at: `${ELSEWHERE}:${PORT}` });
  assert.deepEqual(sink.destinations(), [`${ELSEWHERE} tcp ${PORT}`]);
});

for (const who of /** @type {const} */ (['a newcomer', 'who was there before'])) {
  test(`a liar under the device ID of a host does not hide it: ${who}`, async (t) => {
    const { a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
    const { folder: data, remove } = temporaryFolder();
    afterwards(t, remove);
    const host = await startServer(t, 'host', [], { host: a });
    if (who === 'who was there before') {
      const before = await startServer(t, 'lobby', [], { host: b, data });
      await enter(t, before, host.room, 'Cleo');
      await end(before.program);
    }
    const lobby = await startServer(t, 'lobby', [], { host: b, data });
    // From here on it listens to what is announced.
    const cleo = await Client.atHome(t, lobby);
    const finder = find(t, b);
    const device = await until('the host is found', () => found(finder)[0]?.device);
    await coverUp(t, c, device, finder);
    cleo.say({ type: 'join', room: host.room, name: 'Cleo' });
    const answer = await cleo.hears('welcome', 'error');
    assert.equal(answer.room, host.room, `${answer.code}`);
  });
}

test('a liar under the device ID of a host does not hide it: the liar came first', async (t) => {
  const { a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const { folder: data, remove } = temporaryFolder();
  afterwards(t, remove);
  const before = await startServer(t, 'host', [], { host: a, data });
  const finder = find(t, b);
  const device = await until('the host is found', () => found(finder)[0]?.device);
  await end(before.program);
  await until('the host is gone', () => found(finder).length === 0);
  await coverUp(t, c, device, finder);
  const host = await startServer(t, 'host', [], { host: a, data });
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const answer = await join(t, lobby, host.room);
  assert.equal(answer.room, host.room, `${answer.code}`);
});

test('a liar under the device ID of a host cuts nobody off from it', async (t) => {
  const { a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const host = await startServer(t, 'host', [], { host: a });
  const finder = find(t, b);
  const device = await until('the host is found', () => found(finder)[0]?.device);
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const cleo = await enter(t, lobby, host.room, 'Cleo');
  await coverUp(t, c, device, finder);
  await enter(t, host, host.room, 'Ada');
  assert.equal((await cleo.hears('joined')).participant.name, 'Ada');
  assert.equal(cleo.closed, null);
});

test('who is in a room elsewhere is told when the own lobby stops, and the others at once', async (t) => {
  const { a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const host = await startServer(t, 'host', [], { host: a });
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const ada = await enter(t, host, host.room, 'Ada');
  const cleo = await enter(t, lobby, host.room, 'Cleo');
  await ada.hears('joined');
  const ending = end(lobby.program);
  assert.equal(await cleo.isClosed(), GOING_AWAY);
  await ada.hears('reconnecting', 'left');
  assert.deepEqual(await ending, { code: 0, signal: null });
  assert.doesNotMatch(lobby.program.errors, /did not end in time/);
});

/**
 * Has two people create rooms until each of them has one with the same tag: at one server no two have.
 *
 * @template {string} Name
 * @param {TestContext} t
 * @param {Record<Name, Server>} servers by who creates rooms there
 * @returns {Promise<Record<Name, string>>}
 */
async function roomsOfOneTag(t, servers) {
  const people = /** @type {[Name, Server][]} */ (Object.entries(servers));
  /** @type {Map<string, Record<string, string>>} */
  const byTag = new Map();
  for (;;) {
    const creators = people.flatMap((person) => Array.from({ length: ROOMS_AT_ONCE }, () => person));
    const rooms = await Promise.all(creators.map(([name, server]) => create(t, server, name)));
    for (const { name, room } of rooms) {
      const ofTag = { ...byTag.get(tagOf(room)), [name]: room };
      byTag.set(tagOf(room), ofTag);
      if (Object.keys(ofTag).length === people.length) return /** @type {Record<Name, string>} */ (ofTag);
    }
  }
}

/** Somebody creates a room, and stays in it. @param {TestContext} t @param {Server} server @param {string} name */
async function create(t, server, name) {
  const client = await Client.atHome(t, server);
  client.say({ type: 'create', name });
  const { room } = await client.hears('welcome');
  return { name, room };
}

/** Cleo types an ID into a lobby: what comes of it. @param {TestContext} t @param {Server} lobby @param {string} room @param {{ at?: string }} [more] */
async function join(t, lobby, room, more = {}) {
  const cleo = await Client.atHome(t, lobby);
  cleo.say({ type: 'join', room, name: 'Cleo', ...more });
  return cleo.hears('welcome', 'error');
}

/** Somebody comes into a room from the own lobby. @param {TestContext} t @param {Server} lobby @param {string} room @param {string} name */
async function enter(t, lobby, room, name) {
  const client = await Client.atHome(t, lobby);
  client.say({ type: 'join', room, name });
  await client.hears('welcome');
  return client;
}

/**
 * A liar, who has every room, takes the place of a host in what is announced.
 *
 * @param {TestContext} t
 * @param {import('../harness/lan.mjs').Host} liar
 * @param {string} device of the host
 * @param {import('../harness/programs.mjs').Program} finder
 */
async function coverUp(t, liar, device, finder) {
  const { says } = await startImpostor(t, liar, ['liar', `${liar.address()}:0`, '1']);
  const [{ port }] = says.hosts;
  announce(t, liar, device, port);
  await until('the lie is told', () => isAt(finder, liar.address(), port));
}

/** Whether any host is said to be there. @param {import('../harness/programs.mjs').Program} finder @param {string} address @param {number} port */
function isAt(finder, address, port) {
  return found(finder).some(({ addresses }) => addresses.includes(`${address}:${port}`));
}

/** @param {Record<string, any>} welcome @returns {string[]} */
function namesIn(welcome) {
  return welcome.participants.map((/** @type {{ name: string }} */ { name }) => name);
}

/** @param {string} address */
function portOf(address) {
  return Number(address.split(':').at(-1));
}
