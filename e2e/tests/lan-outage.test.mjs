// A call between machines while the network between them is not as it was.

import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Chromium } from '../harness/browser.mjs';
import { Lan } from '../harness/lan.mjs';
import { allMediaFlows, mediaFlows, received } from '../harness/media.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** A call of Ada at the host, Bob at another machine's own lobby, and Cleo, a guest. @param {import('node:test').TestContext} t */
async function callOfThree(t) {
  const { lan, a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const host = await startServer(t, 'host', [], { host: a });
  const lobby = await startServer(t, 'lobby', [], { host: b });
  const ada = await (await Chromium.start(t, { host: a })).joins('Ada', host.local);
  const bob = await (await Chromium.start(t, { host: b })).opens('Bob', lobby.local);
  await bob.join(host.room);
  await bob.isIn();
  const cleo = await (await Chromium.start(t, { host: c })).joins('Cleo', host.link);
  await allMediaFlows([ada, bob, cleo]);
  return { lan, a, b, c, host, ada, bob, cleo };
}

for (const seconds of [10, 40]) {
  test(`the relay's link is cut for ${seconds} s: media go on, nothing is lost or doubled`, async (t) => {
    const { lan, a, b, host, ada, bob, cleo } = await callOfThree(t);
    const before = await received(ada, 'Bob');
    lan.cutTcp(a, b);
    const mended = pause(seconds * 1_000);
    await bob.toggle('Microphone', false);
    await bob.toggle('Microphone', true);
    await bob.toggle('Camera', false);
    await cleo.toggle('Camera', false);
    await mediaFlows(ada, 'Bob', { picture: false });
    await mediaFlows(bob, 'Ada');
    await mended;
    await mediaFlows(bob, 'Ada');
    lan.mendTcp(a, b);

    await ada.seesOf('Bob', /camera/i);
    await ada.seesNoMoreOf('Bob', /microphone|reconnecting/i);
    await bob.seesOf('Cleo', /camera/i);
    await bob.toggle('Camera', true);
    await cleo.toggle('Camera', true);
    await allMediaFlows([ada, bob, cleo]);
    await ada.sees('Bob', 'Cleo');
    await bob.sees('Ada', 'Cleo');
    const after = await received(ada, 'Bob');
    assert.equal(after?.connection, before?.connection, 'it is still the same connection');
    assert.equal((await host.status()).participants, 3);
  });
}

test("the host's address changes: the app's people go on, a guest is told how to come back", async (t) => {
  const { a, ada, bob, cleo } = await callOfThree(t);
  const before = await received(bob, 'Ada');
  a.move('10.79.0.77');
  await mediaFlows(bob, 'Ada');
  await mediaFlows(ada, 'Bob');
  const after = await received(bob, 'Ada');
  assert.equal(after?.connection, before?.connection, 'by another path of the same connection');
  await ada.seesNoMoreOf('Bob', /reconnecting/i);
  await cleo.reads(/new link|again with the link|ask .* link/i);

  await ada.button('Invite').click();
  const link = await until('the link has the new address', async () => {
    const shown = await ada.inviteLink();
    return shown && new URL(shown).hostname === a.address() ? shown : null;
  });
  await cleo.page.goto(link);
  await cleo.join();
  await cleo.isIn();
  // Her seat of before is kept for a while, and with it her name.
  cleo.name = 'Cleo 2';
  await allMediaFlows([ada, bob, cleo]);
});
