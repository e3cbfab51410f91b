// A screen that is shared from the desktop window, and one that is shared to it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { AtWindow } from '../harness/at-window.mjs';
import { Chromium } from '../harness/browser.mjs';
import { Desk } from '../harness/desk.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { until } from '../harness/until.mjs';

/** @typedef {{ frames: number, width: number }} Shown */

/** Runs in the page: what the tile of this name shows, and how wide it is. @param {string} tile @returns {Shown | null} */
function look(tile) {
  const found = [...document.querySelectorAll('figure')].find(
    (one) => one.getAttribute('aria-label') === tile,
  );
  const video = found?.querySelector('video');
  if (!video) return null;
  const { width } = video.getBoundingClientRect();
  return { frames: video.getVideoPlaybackQuality().totalVideoFrames, width };
}

/** Waits until the picture of a tile goes on. @param {() => Promise<Shown | null>} shown @param {string} what */
async function moves(shown, what) {
  for (let growth = 0; growth < 2; growth++) {
    const before = (await shown())?.frames ?? 0;
    await until(`${what} moves`, async () => ((await shown())?.frames ?? 0) > before);
  }
  return (await shown())?.width ?? 0;
}

test('the window shares its screen, and sees one that is shared', async (t) => {
  const ada = await AtWindow.open(t, 'Ada');
  const link = await ada.create();
  const bob = await (await Chromium.start(t)).joins('Bob', link);
  await ada.sees('Bob');
  await allMediaFlows([ada, bob]);
  const atBob = (/** @type {string} */ tile) => () => bob.page.evaluate(look, tile);
  const atAda = (/** @type {string} */ tile) => () =>
    /** @type {Promise<Shown | null>} */ (ada.window.evaluate(`(${look})(${JSON.stringify(tile)})`));

  await ada.window.press('Share screen');
  await ada.window.says(/You are sharing/);
  const large = await moves(atBob('Ada’s screen'), 'Ada’s screen');
  const small = (await atBob('Ada')())?.width ?? 0;
  assert.ok(large > 2 * small, `the screen is large: ${large} and ${small}`);
  await ada.window.picture('window-sharing');
  await bob.picture('window-sharing-seen');
  await allMediaFlows([ada, bob]);

  // Both at once.
  await bob.button('Share screen').click();
  await moves(atAda('Bob’s screen'), 'Bob’s screen');
  await moves(atBob('Ada’s screen'), 'Ada’s screen beside his own');
  await ada.window.picture('window-sharing-both');

  await ada.window.press('Stop sharing');
  await bob.tile('Ada’s screen').waitFor({ state: 'detached' });
  await ada.window.saysNoMore(/You are sharing/);
  await moves(atAda('Bob’s screen'), 'Bob’s screen after Ada’s');
  await ada.window.picture('window-sharing-seen-there');
  await bob.button('Stop sharing').click();
  await ada.sees('Bob');

  // Once more, over the same lines.
  await ada.window.press('Share screen');
  await moves(atBob('Ada’s screen'), 'Ada’s second screen');
  await ada.window.press('Stop sharing');
  await ada.sees('Bob');
  await allMediaFlows([ada, bob]);
});

test('a shared screen goes on behind a window that is hidden', async (t) => {
  /** Frames of a camera, of which a screen has a third, and what stands still is said again a thirtieth as often. */
  const CAMERA_FRAMES = 90;
  const SCREEN_FRAMES = 12;
  const desk = await Desk.make(t, { tray: true });
  const ada = await AtWindow.open(t, 'Ada', { desk });
  const bob = await (await Chromium.start(t)).joins('Bob', await ada.create());
  await ada.sees('Bob');
  await allMediaFlows([ada, bob]);
  await ada.window.press('Share screen');
  await ada.window.says(/You are sharing/);
  const atBob = (/** @type {string} */ tile) => () => bob.page.evaluate(look, tile);
  await moves(atBob('Ada’s screen'), 'Ada’s screen');

  await ada.window.askToClose();
  await until('the page is hidden', () => ada.window.evaluate('document.hidden'));
  const frames = async (/** @type {string} */ tile) => (await atBob(tile)())?.frames ?? 0;
  const [camera, screen] = [await frames('Ada'), await frames('Ada’s screen')];
  await until('her camera goes on', async () => (await frames('Ada')) > camera + CAMERA_FRAMES);
  const shown = (await frames('Ada’s screen')) - screen;
  assert.ok(shown > SCREEN_FRAMES, `${shown} frames of the screen, ${CAMERA_FRAMES} of the camera`);
});
