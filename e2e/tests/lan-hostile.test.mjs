// Machines on the network that mean no good, and what leaves it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { Lan } from '../harness/lan.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { announce, counted, startImpostor } from '../harness/neighbours.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** More than a joiner may ask for one ID. */
const LIES = 50;

/** As many hosts may test one guess at a typed ID (docs/security.md). */
const GUESSES = 4;

/** How a page says that somebody is in the middle. */
const INTERCEPTED = /between|middle|intercept/i;

test('somebody in the middle is refused each time, and told apart from a mistyped ID', async (t) => {
  const { lan, a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const host = await startServer(t, 'host', [], { host: a });
  const target = `${a.address()}:${host.port}`;
  const { says } = await startImpostor(t, c, ['proxy', `${c.address()}:0`, target]);
  announce(t, c, says.device, Number(says.address.split(':').at(-1)));
  // Only the one in the middle reaches the host.
  lan.cutTcp(a, b);
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const chromium = await Chromium.start(t, { host: b });
  const bob = await chromium.opens('Bob', lobby.local);
  for (let attempt = 0; attempt < GUESSES; attempt++) {
    await bob.join(host.room);
    await until('he is told', async () => INTERCEPTED.test(await bob.isTold()));
    assert.equal(await bob.tile('You').count(), 0);
  }
  await bob.picture('lobby-intercepted');
  await bob.join(host.room.replace(/.$/, (digit) => String((Number(digit) + 1) % 10)));
  await until('he is told something else', async () => !INTERCEPTED.test(await bob.isTold()));
  assert.equal((await host.status()).participants, 0);

  lan.mendTcp(a, b);
  await bob.join(host.room);
  await bob.isIn();
});

test('a liar with many hosts gets few guesses, and the room is found all the same', async (t) => {
  const { a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const { program, says } = await startImpostor(t, c, ['liar', `${c.address()}:0`, String(LIES)]);
  for (const { device, port } of says.hosts) announce(t, c, device, port);
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const chromium = await Chromium.start(t, { host: b });
  const bob = await chromium.opens('Bob', lobby.local);
  await bob.join('482193775');
  await bob.isTold();
  const { confirmations = 0 } = await counted(program);
  assert.ok(confirmations >= 1 && confirmations <= GUESSES, `${confirmations} guesses`);

  const host = await startServer(t, 'host', [], { host: a });
  await bob.join(`${a.address()}:${host.port} ${host.room}`);
  await bob.isIn();
});

test('no packet leaves the network, and a page asks nobody but its host', async (t) => {
  const { a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const sinks = await Promise.all([a, b, c].map((host) => host.openSink()));
  const host = await startServer(t, 'host', [], { host: a });
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const browsers = await Promise.all([a, b, c].map((each) => Chromium.start(t, { host: each })));
  const [atA, atB, atC] = browsers;
  assert.ok(atA && atB && atC);
  const ada = await atA.opens('Ada', host.local);
  const bob = await atB.opens('Bob', lobby.local);
  const cleo = await atC.opens('Cleo', host.link);
  const pages = [
    { person: ada, page: host.local, join: () => ada.join() },
    { person: bob, page: lobby.local, join: () => bob.join(host.room) },
    { person: cleo, page: host.link, join: () => cleo.join() },
  ];
  for (const { person, page, join } of pages) {
    person.page.on('request', (request) => {
      const asked = new URL(request.url());
      if (!['blob:', 'data:'].includes(asked.protocol) && asked.host !== new URL(page).host) {
        person.faults.push(`${person.name} asks ${asked.host}`);
      }
    });
    await person.page.reload();
    await join();
    await person.isIn();
  }
  await allMediaFlows([ada, bob, cleo]);
  await bob.leave();
  assert.deepEqual(
    sinks.flatMap((sink) => sink.destinations()),
    [],
  );
});
