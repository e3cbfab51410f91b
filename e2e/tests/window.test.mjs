// The desktop window where it cannot carry calls: it is the lobby and the host.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { LAN_ADDRESS } from '../harness/network.mjs';
import { Window, windowProcesses } from '../harness/window.mjs';

test('the window creates a room, lists the guest, hands the call to the browser, and leaves nothing behind', async (t) => {
  const window = await Window.open(t, { carriesCalls: false });
  await window.seesOneself();
  await window.fill('Your name', 'Ada');
  await window.picture('lobby');
  await window.press('Create a room');
  const [id] = await window.says(/\b\d{3} \d{3} \d{3}\b/);
  const link = await window.inviteLink();
  assert.equal(new URL(link).hostname, LAN_ADDRESS);
  assert.equal(new URL(link).hash, `#${id.replaceAll(' ', '')}`);

  const chromium = await Chromium.start(t);
  const bob = await chromium.joins('Bob', link);
  await window.says(/\bBob\b/);
  await bob.sees();
  await window.picture('observing');

  await window.press('Join in your browser');
  const ada = await chromium.opens('Ada', await window.openedLink());
  await ada.join();
  await ada.isIn();
  await allMediaFlows([ada, bob]);
  await bob.sees('Ada');
  await window.says(/\bAda\b/);
  await window.picture('observing-two');

  await bob.leave();
  await window.saysNoMore(/\bBob\b/);
  await window.askToClose();
  await window.pressIn('alertdialog', 'Close').catch(() => {});
  await window.hasEnded();
  assert.match(await ada.isTold(), /host|room/i);
  assert.deepEqual(windowProcesses(), []);
});
