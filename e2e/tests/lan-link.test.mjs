// Machines on one network, with nothing but the link between them.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { Lan } from '../harness/lan.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { startServer } from '../harness/server.mjs';
import { Window } from '../harness/window.mjs';

test('a guest on another machine comes by the link, and no packet leaves the network', async (t) => {
  const { a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const sinks = await Promise.all([a, b].map((host) => host.openSink()));
  const server = await startServer(t, 'host', [], { host: a });
  const [atA, atB] = [await Chromium.start(t, { host: a }), await Chromium.start(t, { host: b })];
  const ada = await atA.joins('Ada', server.local);
  assert.equal(new URL(server.link).hostname, a.address());
  const bob = await atB.joins('Bob', server.link);
  await allMediaFlows([ada, bob]);
  assert.equal((await server.status()).participants, 2);
  assert.deepEqual(
    sinks.flatMap((sink) => sink.destinations()),
    [],
  );
});

test('the window on one machine hosts a guest on another', async (t) => {
  const { a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const window = await Window.open(t, { host: a });
  await window.fill('Your name', 'Ada');
  await window.press('Create a room');
  const link = await window.inviteLink();
  assert.equal(new URL(link).hostname, a.address());
  const chromium = await Chromium.start(t, { host: b });
  const bob = await chromium.joins('Bob', link);
  await window.says(/\bBob\b/);
  await bob.leave();
  await window.saysNoMore(/\bBob\b/);
});
