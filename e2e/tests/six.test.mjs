// A full room.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { shows } from '../harness/look/gallery.mjs';
import { startServer } from '../harness/server.mjs';

test('six people all see and hear each other, and a seventh is told that the room is full', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const people = [await chromium.joins('Ada', server.local)];
  for (const name of ['Bob', 'Cleo', 'Dan', 'Eve', 'Fay'])
    people.push(await chromium.joins(name, server.link));
  for (const person of people) {
    await person.sees(...people.filter((other) => other !== person).map((other) => other.name));
  }
  await allMediaFlows(people);
  await shows('call-six', /** @type {import('../harness/person.mjs').Person} */ (people[0]));

  const gus = await chromium.opens('Gus', server.link);
  await gus.join();
  assert.match(await gus.isTold(), /full/i);
  assert.equal((await server.status()).participants, 6);

  await people.pop()?.leave();
  await gus.button('Join').click();
  await gus.isIn();
  await allMediaFlows([...people.slice(0, 1), gus]);
});

test('a room for two refuses a third', async (t) => {
  const server = await startServer(t, 'host', ['--capacity', '2']);
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  await chromium.joins('Bob', server.link);
  const cleo = await chromium.opens('Cleo', server.link);
  await cleo.join();
  assert.match(await cleo.isTold(), /full/i);
  await cleo.picture('lobby-room-full');
  await ada.sees('Bob');
});
