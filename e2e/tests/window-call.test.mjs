// Calls in the desktop window, on a webview without WebRTC: the app's own peer carries them.

import assert from 'node:assert/strict';
import test from 'node:test';
import { AtWindow } from '../harness/at-window.mjs';
import { Chromium } from '../harness/browser.mjs';
import { allMediaFlows, mediaFlows, stopsGrowing } from '../harness/media.mjs';
import { breakLoopback } from '../harness/network.mjs';
import { until } from '../harness/until.mjs';

/** Where a change of the page could make the webview hang, it did so at one visit in ten to thirty. */
const VISITS = 30;

test('the window and a browser see and hear each other', async (t) => {
  const ada = await AtWindow.open(t, 'Ada');
  const link = await ada.create();
  const chromium = await Chromium.start(t);
  const bob = await chromium.joins('Bob', link);
  await ada.sees('Bob');
  await bob.sees('Ada');
  await allMediaFlows([ada, bob]);
  await ada.window.picture('window-call');
  await Promise.all([ada.seesSpeak('You'), ada.seesSpeak('Bob')]);

  await ada.toggle('Microphone', false);
  await ada.seesSpeak('You', false);
  await stopsGrowing(bob, 'Ada', 'energy');
  await mediaFlows(bob, 'Ada', { sound: false });
  await ada.toggle('Microphone', true);
  await ada.seesSpeak('You');
  await bob.toggle('Microphone', false);
  await stopsGrowing(ada, 'Bob', 'energy');
  await bob.toggle('Microphone', true);
  await allMediaFlows([ada, bob]);

  await ada.toggle('Camera', false);
  await stopsGrowing(bob, 'Ada', 'frames');
  await ada.toggle('Camera', true);
  await allMediaFlows([ada, bob]);

  await bob.leave();
  await ada.sees();
});

test('two windows and a browser in one room, and a window that loads again', async (t) => {
  const ada = await AtWindow.open(t, 'Ada');
  const link = await ada.create();
  const chromium = await Chromium.start(t);
  const bob = await chromium.joins('Bob', link);
  const carol = await AtWindow.open(t, 'Carol');
  await carol.join(link);
  await ada.sees('Bob', 'Carol');
  await allMediaFlows([ada, bob, carol]);
  await ada.window.picture('window-call-three');

  await carol.window.run('location.reload()');
  await until('the page has begun again', async () => !(await carol.names()).includes('Bob')).catch(() => {});
  await carol.sees('Ada', 'Bob');
  await allMediaFlows([ada, bob, carol]);
  assert.deepEqual(await ada.names(), ['Bob', 'Carol', 'You']);
});

test('the window answers however often somebody goes into a room and out again', async (t) => {
  const ada = await AtWindow.open(t, 'Ada');
  for (let visit = 0; visit < VISITS; visit += 1) await ada.window.evaluate(visitRoom);
});

test('a call that the window has lost its own peer of begins anew by itself', async (t) => {
  const ada = await AtWindow.open(t, 'Ada');
  const chromium = await Chromium.start(t);
  const bob = await chromium.joins('Bob', await ada.create());
  await allMediaFlows([ada, bob]);
  if (!(await breakLoopback('WebKitNetworkPr'))) return t.skip('this kernel breaks no connections');
  await ada.window.says(/Reconnecting/);
  await ada.window.saysNoMore(/Reconnecting|Not connected|Connecting/);
  await allMediaFlows([ada, bob]);
});

/** Runs in the page: presses what is there as soon as it is, so that pictures begin while the page changes. */
async function visitRoom() {
  /** @template T @param {() => T} look */
  const until = async (look) => {
    for (;;) {
      const seen = look();
      if (seen) return seen;
      await new Promise(requestAnimationFrame);
    }
  };
  const picture = () => Number(document.querySelector('video')?.videoWidth) > 0;
  for (const name of ['Create a room', 'Leave', 'Back to the lobby']) {
    const button = await until(() =>
      Array.from(document.querySelectorAll('button')).find(
        (one) => (one.getAttribute('aria-label') ?? one.innerText.trim()) === name,
      ),
    );
    button.click();
    if (name !== 'Leave') await until(picture);
  }
}
