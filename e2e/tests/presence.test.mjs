// Links and pages that break, and what becomes of the seats.

import assert from 'node:assert/strict';
import test from 'node:test';
import { afterwards } from '../harness/afterwards.mjs';
import { Chromium } from '../harness/browser.mjs';
import { Link } from '../harness/link.mjs';
import { allMediaFlows, mediaFlows, received } from '../harness/media.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

test('who vanishes is shown as reconnecting, then as gone, and may come back', async (t) => {
  const server = await startServer(t, 'host');
  const [mine, killed, frozen] = await Promise.all([Chromium.start(t), Chromium.start(t), Chromium.start(t)]);
  const ada = await mine.joins('Ada', server.local);
  const bob = await killed.joins('Bob', server.link);
  const cleo = await frozen.joins('Cleo', server.link);
  await allMediaFlows([ada, bob, cleo]);

  killed.signal('SIGKILL'); // the system closes its sockets
  frozen.signal('SIGSTOP'); // its sockets stay open and say nothing, like a cut cable
  afterwards(t, () => frozen.signal('SIGCONT'));
  await ada.seesOf('Bob', /reconnecting/i);
  await ada.seesOf('Cleo', /reconnecting/i);
  await ada.picture('call-reconnecting');
  assert.equal((await server.status()).participants, 3, 'a seat in grace counts');
  await ada.sees();

  frozen.signal('SIGCONT');
  await ada.sees('Cleo');
  await allMediaFlows([ada, cleo]);
});

test('a reload comes back to the same seat', async (t) => {
  const server = await startServer(t, 'host', ['--capacity', '2']);
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.joins('Bob', server.link);
  await allMediaFlows([ada, bob]);
  for (const person of [bob, ada]) {
    await person.page.reload();
    await person.isIn();
    await allMediaFlows([ada, bob]);
    await ada.sees('Bob');
    await bob.sees('Ada');
  }
  assert.equal((await server.status()).participants, 2);
});

test('a call survives its signaling link, and nothing said meanwhile is lost', async (t) => {
  const server = await startServer(t, 'host');
  const link = await Link.open(t, server.port);
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const roaming = await Chromium.start(t, { args: [link.flag] });
  const bob = await roaming.joins('Bob', server.link);
  assert.ok(link.connections > 0, 'the link is in use');
  await allMediaFlows([ada, bob]);
  const before = await received(ada, 'Bob');

  link.cut();
  await ada.seesOf('Bob', /reconnecting/i);
  await bob.toggle('Microphone', false);
  await mediaFlows(ada, 'Bob', { sound: false });
  await mediaFlows(bob, 'Ada');
  await bob.picture('call-own-link-lost');

  link.mend();
  await ada.seesNoMoreOf('Bob', /reconnecting/i);
  await ada.seesOf('Bob', /microphone/i);
  await bob.toggle('Microphone', true);
  await allMediaFlows([ada, bob]);
  const after = await received(ada, 'Bob');
  assert.equal(after?.connection, before?.connection, 'it is still the same connection');
  await ada.sees('Bob');

  // Again, with somebody new arriving meanwhile: what Bob missed reaches him later.
  link.cut();
  const cleo = await chromium.joins('Cleo', server.link);
  await cleo.sees('Ada', 'Bob');
  link.mend();
  await allMediaFlows([ada, bob, cleo]);
});

test('everybody is told when the host stops', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.joins('Bob', server.link);
  await allMediaFlows([ada, bob]);
  server.program.kill('SIGINT');
  await until('the server has ended', () => server.program.exitCode === 0);
  assert.match(await bob.isTold(), /host/i);
  await bob.picture('host-stopped');
});
