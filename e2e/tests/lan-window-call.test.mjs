// Calls in the desktop window over a network that changes, and one that is far and loses packets.

import test from 'node:test';
import { AtWindow } from '../harness/at-window.mjs';
import { Chromium } from '../harness/browser.mjs';
import { Lan } from '../harness/lan.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { startServer } from '../harness/server.mjs';

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
