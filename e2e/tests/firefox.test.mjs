// Somebody who comes with Firefox.

import test from 'node:test';
import { AtWindow } from '../harness/at-window.mjs';
import { Chromium } from '../harness/browser.mjs';
import { Firefox } from '../harness/firefox.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { startServer } from '../harness/server.mjs';

test('Firefox and Chromium see and hear each other', async (t) => {
  const host = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', host.link);
  const firefox = await Firefox.start(t);
  const bob = await firefox.joins('Bob', host.link);
  await ada.sees('Bob');
  await bob.sees('Ada');
  await allMediaFlows([ada, bob]);
});

test('Firefox and the window see and hear each other', async (t) => {
  const ada = await AtWindow.open(t, 'Ada');
  const link = await ada.create();
  const firefox = await Firefox.start(t);
  const bob = await firefox.joins('Bob', link);
  await ada.sees('Bob');
  await bob.sees('Ada');
  await allMediaFlows([ada, bob]);
});
