// A call between machines: found by its ID, joined through the joiner's own app, or by the link with only a browser.

import assert from 'node:assert/strict';
import test from 'node:test';
import { AtWindow } from '../harness/at-window.mjs';
import { Chromium } from '../harness/browser.mjs';
import { Lan } from '../harness/lan.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { end } from '../harness/programs.mjs';
import { startServer } from '../harness/server.mjs';

/** How a page says that hosts were asked, and none has the room; and that there was nobody to ask. */
const NO_ROOM = /no room with this ID|none has a room/i;
const NOBODY_ANSWERED = /no other app answered/i;

/** @param {string} room */
const inGroups = (room) => room.replace(/(\d{3})(?=\d)/g, '$1 ');

/** Another ID with the same tag, or with another one. @param {string} room @param {'secret' | 'tag'} part */
function another(room, part) {
  const at = part === 'secret' ? room.length - 1 : 0;
  return room.slice(0, at) + ((Number(room[at]) + 1) % 10) + room.slice(at + 1);
}

test('the ID alone leads into the call on another machine, the link leads a browser there', async (t) => {
  const { a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const host = await startServer(t, 'host', [], { host: a });
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const [atA, atB, atC] = await Promise.all([a, b, c].map((each) => Chromium.start(t, { host: each })));
  const ada = await atA?.joins('Ada', host.local);
  const bob = await atB?.opens('Bob', lobby.local);
  assert.ok(ada && bob);
  await bob.join(inGroups(host.room));
  await bob.isIn();
  const cleo = await atC?.joins('Cleo', host.link);
  assert.ok(cleo);

  await allMediaFlows([ada, bob, cleo]);
  await ada.sees('Bob', 'Cleo');
  await bob.sees('Ada', 'Cleo');
  await cleo.sees('Ada', 'Bob');
  assert.equal((await host.status()).participants, 3);
  assert.equal((await lobby.status()).participants, 0, 'the room is not hosted there');

  await bob.leave();
  await ada.sees('Cleo');
});

test('the window finds a room on another machine by its ID, and is in the call', async (t) => {
  const { a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const host = await startServer(t, 'host', [], { host: a });
  const chromium = await Chromium.start(t, { host: a });
  const ada = await chromium.joins('Ada', host.local);
  const bob = await AtWindow.open(t, 'Bob', { host: b });
  await bob.join(inGroups(host.room));
  await allMediaFlows([ada, bob]);
  await ada.sees('Bob');
  await bob.sees('Ada');
  await bob.window.press('Leave');
  await ada.sees();
  await bob.window.close();
});

test('where multicast is dropped a person is told so, and the typed address works', async (t) => {
  const { lan, a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  lan.dropMulticast();
  const host = await startServer(t, 'host', [], { host: a });
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const [atA, atB] = [await Chromium.start(t, { host: a }), await Chromium.start(t, { host: b })];
  const ada = await atA.joins('Ada', host.local);
  const bob = await atB.opens('Bob', lobby.local);
  await bob.seesOneself();
  await bob.join(host.room);
  assert.match(await bob.isTold(), NOBODY_ANSWERED);
  await bob.picture('lobby-host-not-found');

  await bob.join(`${a.address()}:${host.port} ${inGroups(host.room)}`);
  await bob.isIn();
  await allMediaFlows([ada, bob]);

  // From now on the host is known: the ID alone is enough.
  await bob.leave();
  await bob.button('Back to the lobby').click();
  await bob.join(host.room);
  await bob.isIn();
});

test('an invite link typed into the own lobby leads into the call, too', async (t) => {
  const { lan, a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  lan.dropMulticast();
  const host = await startServer(t, 'host', [], { host: a });
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const chromium = await Chromium.start(t, { host: b });
  const bob = await chromium.opens('Bob', lobby.local);
  await bob.join(host.link);
  await bob.isIn();
  assert.equal(new URL(bob.page.url()).origin, new URL(lobby.local).origin, 'it stays in its own lobby');
});

test('a wrong ID, and a room that has ended, are told; the right one still works', async (t) => {
  const { a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const host = await startServer(t, 'host', [], { host: a });
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const chromium = await Chromium.start(t, { host: b });
  const bob = await chromium.opens('Bob', lobby.local);
  for (const part of /** @type {const} */ (['secret', 'tag'])) {
    await bob.join(another(host.room, part));
    assert.match(await bob.isTold(), NO_ROOM, `another ${part}`);
    await bob.button('Create a room').waitFor();
  }
  await bob.join(host.room);
  await bob.isIn();
  await end(host.program);
  assert.match(await bob.isTold(), /host|room/i);
  await bob.button('Back to the lobby').click();
  await bob.join(host.room);
  assert.match(await bob.isTold(), NOBODY_ANSWERED);
});

test('a host on two networks has a joiner on each', async (t) => {
  const { a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const { lan: other, c } = await Lan.make(t, { hosts: ['c'], subnet: '10.80.0' });
  other.join(a);
  const host = await startServer(t, 'host', [], { host: a });
  const people = await Promise.all(
    [b, c].map(async (joiner) => {
      const lobby = await startServer(t, 'lobby', [], { host: joiner });
      const chromium = await Chromium.start(t, { host: joiner });
      const person = await chromium.opens(joiner.name, lobby.local);
      await person.join(host.room);
      await person.isIn();
      return person;
    }),
  );
  const ada = await (await Chromium.start(t, { host: a })).joins('Ada', host.local);
  for (const person of people) await allMediaFlows([ada, person]);
});
