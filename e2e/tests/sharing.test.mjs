// Screens that are shared: who sees what of them, and that nothing else stops for it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** @typedef {import('../harness/person.mjs').Person} Person */

const SHARE = 'Share screen';

/** The tile of somebody's screen. @param {Person} person @param {string} whose */
const screenOf = (person, whose) => person.tile(`${whose}’s screen`).locator('video');

/** Waits until the picture of a video goes on. @param {import('playwright-core').Locator} video @param {string} what */
async function moves(video, what) {
  await video.waitFor();
  const frames = () =>
    video.evaluate(
      (/** @type {HTMLVideoElement} */ shown) => shown.getVideoPlaybackQuality().totalVideoFrames,
    );
  for (let growth = 0; growth < 2; growth++) {
    const before = await frames();
    await until(`${what} moves`, async () => (await frames()) > before);
  }
}

/**
 * Remembers the video of a tile. What it returns looks whether it is still the same, and has never paused or begun anew.
 *
 * @param {Person} person
 * @param {string} name
 */
async function keepVideo(person, name) {
  const video = person.tile(name).locator('video');
  const element = await video.elementHandle();
  assert.ok(element);
  const kept = await element.evaluateHandle((shown) => {
    const own = /** @type {HTMLVideoElement} */ (shown);
    const before = { stream: own.srcObject, time: own.currentTime, begun: /** @type {string[]} */ ([]) };
    for (const event of ['emptied', 'loadstart', 'pause'])
      own.addEventListener(event, () => before.begun.push(event));
    return before;
  });
  return async () => {
    const now = await element.evaluate((shown, before) => {
      const own = /** @type {HTMLVideoElement} */ (shown);
      const { stream, time, begun } = before;
      return {
        there: own.isConnected,
        sameStream: own.srcObject === stream,
        plays: !own.paused,
        later: own.currentTime > time,
        begun,
      };
    }, kept);
    const unbroken = { there: true, sameStream: true, plays: true, later: true, begun: [] };
    assert.deepEqual(now, unbroken, `${person.name}'s video of ${name}`);
  };
}

test('a screen is shared, is seen large by the others, and no other picture stops for it', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.joins('Bob', server.link);
  await allMediaFlows([ada, bob]);
  const unbroken = [await keepVideo(ada, 'Bob'), await keepVideo(bob, 'Ada'), await keepVideo(bob, 'You')];

  await ada.button(SHARE).click();
  await ada.reads(/You are sharing/);
  await moves(screenOf(bob, 'Ada'), "Ada's screen");
  const sizes = await Promise.all(
    [screenOf(bob, 'Ada'), bob.tile('Ada').locator('video')].map(
      async (video) => (await video.boundingBox())?.width ?? 0,
    ),
  );
  assert.ok(sizes[0] > 2 * sizes[1], `the screen is large: ${sizes}`);
  await bob.picture('call-screen');
  await ada.picture('call-sharing');

  // What moves is sent as such from now on, and still arrives.
  await ada.page.getByRole('radio', { name: 'Motion' }).check();
  await moves(screenOf(bob, 'Ada'), "Ada's moving screen");

  // Both at once, and somebody who comes later sees both.
  await bob.button(SHARE).click();
  await moves(screenOf(ada, 'Bob'), "Bob's screen");
  const cleo = await chromium.joins('Cleo', server.link);
  await moves(screenOf(cleo, 'Ada'), "Ada's screen, late");
  await moves(screenOf(cleo, 'Bob'), "Bob's screen, late");
  await moves(screenOf(bob, 'Ada'), "Ada's screen beside Bob's");

  await ada.button('Stop sharing').click();
  await screenOf(bob, 'Ada').waitFor({ state: 'detached' });
  await moves(screenOf(cleo, 'Bob'), "Bob's screen after Ada's");

  // Once more, over the same lines, until the browser's own button ends it.
  await ada.button(SHARE).click();
  await moves(screenOf(bob, 'Ada'), "Ada's second screen");
  await ada
    .tile('Your screen')
    .locator('video')
    .evaluate((/** @type {HTMLVideoElement} */ own) => {
      const [track] = /** @type {MediaStream} */ (own.srcObject).getVideoTracks();
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
    });
  await screenOf(bob, 'Ada').waitFor({ state: 'detached' });
  await ada.page.getByText('You are sharing').waitFor({ state: 'detached' });

  await allMediaFlows([ada, bob, cleo]);
  for (const check of unbroken) await check();
});
