// The lobby: where rooms are created and found.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { LAN_ADDRESS } from '../harness/network.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

test("a room is created in this machine's own lobby, and others join it over the network", async (t) => {
  const server = await startServer(t, 'lobby');
  const chromium = await Chromium.start(t);
  const ada = await chromium.opens('Ada', server.local);
  await ada.create();
  const id = await ada.page.getByLabel('Room ID', { exact: true }).innerText();
  assert.match(id.trim(), /^\d{3} \d{3} \d{3}$/);
  const link = await until('the invite link is shown', () => ada.inviteLink());
  assert.equal(new URL(link).hostname, LAN_ADDRESS);
  assert.equal(new URL(link).hash, `#${id.replaceAll(/\D/g, '')}`);
  await ada.picture('call-created');

  const bob = await chromium.opens('Bob', new URL('/', link).href);
  await bob.join(id);
  await bob.isIn();
  const cleo = await chromium.opens('Cleo', new URL('/', link).href);
  await cleo.join(link);
  await cleo.isIn();
  await allMediaFlows([ada, bob, cleo]);

  for (const person of [bob, cleo, ada]) await person.leave();
  await until(
    'the room has ended with its last participant',
    async () => (await server.status()).rooms === 0,
  );
});

test('a guest finds the room filled in, and cannot create one', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const bob = await chromium.opens('Bob', server.link);
  const room = await bob.field('Room ID or invite link').inputValue();
  assert.equal(room.replaceAll(/\D/g, ''), server.room);
  await bob.button('Join').waitFor();
  assert.equal(await bob.button('Create a room').count(), 0);

  const ada = await chromium.opens('Ada', server.local);
  const own = await ada.field('Room ID or invite link').inputValue();
  assert.equal(own.replaceAll(/\D/g, ''), server.room);
  await ada.button('Create a room').waitFor();
  await until('no secret stays in the address bar', () => !/token|code/.test(ada.page.url()));
});

test('their own invite leads the person at the host into the room, not away to the guests', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.opens('Ada', server.local);
  await ada.button('Create a room').waitFor();
  await ada.join(server.link);
  await ada.isIn();
  assert.equal(new URL(ada.page.url()).origin, new URL(server.local).origin);
});

test('an ID that no room has, and what is no ID, are told', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const unknown = server.room.replace(/^./, (digit) => String((Number(digit) + 1) % 10));
  const bob = await chromium.opens('Bob', new URL('/', server.link).href);
  await bob.join(unknown);
  assert.match(await bob.isTold(), /no room/i);
  await bob.picture('lobby-unknown-room');
  for (const nonsense of ['', 'hello', '12345678', 'https://', '9'.repeat(100_000)]) {
    await bob.join(nonsense);
    assert.ok(await bob.isTold());
  }
  await bob.join(server.room);
  await bob.isIn();
});
