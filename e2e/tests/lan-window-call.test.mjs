// Calls in the desktop window over a network that changes, and one that is far and loses packets.

import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { AtWindow } from '../harness/at-window.mjs';
import { Chromium } from '../harness/browser.mjs';
import { FarNetwork, NEAR_ADDRESS } from '../harness/far-network.mjs';
import { Lan } from '../harness/lan.mjs';
import { allMediaFlows, received } from '../harness/media.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** 100 ms there and back. */
const BAD = { delayMs: 50, loss: 0.05 };
/** Long enough for the pictures that were on their way, short enough for the connection. */
const CUT_MS = 1000;

test('the address of the machine with the window changes: the call goes on by a new way', async (t) => {
  const { a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const host = await startServer(t, 'host', [], { host: a });
  const ada = await (await Chromium.start(t, { host: a })).joins('Ada', host.local);
  const bob = await AtWindow.open(t, 'Bob', { host: b });
  await bob.join(host.room);
  await allMediaFlows([ada, bob]);
  b.move('10.79.0.78');
  await allMediaFlows([ada, bob]);
  await ada.sees('Bob');
});

test('100 ms away and with every twentieth packet lost, the call stays up; after a cut the picture comes back', async (t) => {
  const far = await FarNetwork.open(t);
  const ada = await AtWindow.open(t, 'Ada');
  const link = new URL(await ada.create());
  link.hostname = NEAR_ADDRESS;
  const bob = await (await Chromium.start(t, { host: far })).joins('Bob', link.href);
  await allMediaFlows([ada, bob]);
  await far.set(BAD);
  for (let look = 0; look < 3; look++) await allMediaFlows([ada, bob]);

  await far.set({ ...BAD, loss: 1 });
  const frames = async () => [(await received(ada, 'Bob'))?.frames, (await received(bob, 'Ada'))?.frames];
  await until('nothing comes', async () => {
    const before = await frames();
    await pause(CUT_MS);
    return String(await frames()) === String(before);
  });
  const before = await frames();
  await far.set(BAD);
  const began = performance.now();
  await until('pictures come again', async () => {
    return (await frames()).every((count = 0, side) => count > (before[side] ?? 0));
  });
  t.diagnostic(`back after ${Math.round(performance.now() - began)} ms`);
  await allMediaFlows([ada, bob]);
});
