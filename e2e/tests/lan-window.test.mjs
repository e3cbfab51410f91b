// The desktop window among other machines: as a guest that hands its call to the browser, and as a host that is attacked.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { Lan } from '../harness/lan.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { announce, startImpostor } from '../harness/neighbours.mjs';
import { startServer } from '../harness/server.mjs';
import { Window, windowProcesses } from '../harness/window.mjs';
import { Client } from '../harness/wire.mjs';

/** @typedef {import('node:test').TestContext} TestContext */
/** @typedef {import('../harness/lan.mjs').Host} Host */

/** As many wrong IDs in ten minutes is the person at the host told of. */
const WRONG_IDS = 20;

const GUESSED_AT = /trying out room IDs/;
const INTERCEPTED = /stood between/;

test('the window hands a call on another machine to the browser, and shows who is there', async (t) => {
  const { a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const host = await startServer(t, 'host', [], { host: a });
  const ada = await (await Chromium.start(t, { host: a })).joins('Ada', host.local);
  const window = await Window.open(t, { host: b, carriesCalls: false });
  await window.fill('Your name', 'Bob');
  await window.fill('Room ID or invite link', host.room);
  await window.press('Join');
  await window.says(/\bAda\b/);
  await ada.sees();

  await window.press('Join in your browser');
  const link = await window.openedLink();
  const bob = await (await Chromium.start(t, { host: b })).joins('Bob', link);
  assert.equal(new URL(bob.page.url()).hostname, '127.0.0.1', 'the page is that of the own machine');
  await allMediaFlows([ada, bob]);
  await ada.sees('Bob');
  await bob.sees('Ada');
  await window.says(/\bBob\b/);
  await window.picture('observing-elsewhere');
  assert.equal((await host.status()).participants, 2);

  await window.press('Leave');
  await allMediaFlows([ada, bob]);
  await bob.leave();
  await ada.sees();
  await window.close();
  assert.deepEqual(windowProcesses(), []);
});

test('who hosts at the window is told that somebody tries out IDs', async (t) => {
  const { a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const { window, host, origin, room } = await hostAtWindow(t, a);
  const { hostname, port } = new URL(origin);
  const door = await b.doorTo(Number(port), hostname);
  const headers = { Host: host, Origin: origin };
  const guesser = await Client.connect(t, `https://127.0.0.1:${door}`, { headers });
  guesser.say({ type: 'hello', versions: [1] });
  for (let guess = 1; guess <= WRONG_IDS; guess++) {
    const wrong = String((Number(room) + guess) % 1_000_000_000).padStart(9, '0');
    guesser.say({ type: 'join', room: wrong, name: 'Mallory' });
    assert.match(await guesser.isRefused(), /^(unknown-room|try-later)$/);
  }
  await window.says(GUESSED_AT);
  await window.picture('observing-guessed-at');
  assert.doesNotMatch(await window.text(), INTERCEPTED);
});

test('who hosts at the window is told that somebody stands in between', async (t) => {
  const { lan, a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const { window, host, room } = await hostAtWindow(t, a);
  const { says } = await startImpostor(t, c, ['proxy', `${c.address()}:0`, host]);
  announce(t, c, says.device, Number(says.address.split(':').at(-1)));
  // Only the one in the middle reaches the host.
  lan.cutTcp(a, b);
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const bob = await Client.atHome(t, lobby);
  bob.say({ type: 'join', room, name: 'Bob' });
  assert.equal(await bob.isRefused(), 'intercepted');
  await window.says(INTERCEPTED);
  await window.picture('observing-intercepted');
  assert.doesNotMatch(await window.text(), GUESSED_AT);
});

/** Ada creates a room at the window. @param {TestContext} t @param {Host} at */
async function hostAtWindow(t, at) {
  const window = await Window.open(t, { host: at });
  await window.fill('Your name', 'Ada');
  await window.press('Create a room');
  const { host, origin, hash } = new URL(await window.inviteLink());
  return { window, host, origin, room: hash.slice(1) };
}
