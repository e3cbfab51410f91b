// How the call is laid out: what a person chooses, who speaks, and that no picture ever starts anew.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { allMediaFlows, mediaFlows } from '../harness/media.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** Chooses in the menu `Layout`. @param {import('../harness/person.mjs').Person} person @param {...string} choices */
async function choose(person, ...choices) {
  await person.button('Layout').click();
  for (const name of choices) await person.page.getByRole('radio', { name, exact: true }).check();
  await person.page.keyboard.press('Escape');
}

/** Where a tile is, once it has come to rest. @param {import('../harness/person.mjs').Person} person @param {string} name */
async function place(person, name) {
  const tile = person.tile(name);
  await until(`${name}'s tile rests`, () =>
    tile.evaluate((figure) => figure.parentElement?.getAnimations().length === 0),
  );
  const box = await tile.boundingBox();
  assert.ok(box);
  return box;
}

/** @param {{ width: number, height: number }} place */
const area = ({ width, height }) => width * height;

/** @param {import('../harness/person.mjs').Person} person @param {string} name */
const waitUntilAway = (person, name) => person.tile(name).waitFor({ state: 'hidden' });

/** Runs in the page: remembers the videos that play now, and what happens to them from now on. */
function watchVideos() {
  const scope = /** @type {any} */ (globalThis);
  scope.watched = [...document.querySelectorAll('figure')].map((figure) => {
    const video = /** @type {HTMLVideoElement} */ (figure.querySelector('video'));
    const one = { name: figure.getAttribute('aria-label'), video, time: video.currentTime, restarts: [] };
    for (const type of ['emptied', 'loadstart', 'pause', 'ended'])
      video.addEventListener(type, () => /** @type {string[]} */ (one.restarts).push(type));
    return one;
  });
}

/** Runs in the page: what became of them. */
function readVideos() {
  const scope = /** @type {any} */ (globalThis);
  return scope.watched.map((/** @type {any} */ { name, video, time, restarts }) => ({
    name,
    stays: video.isConnected && video.closest('figure').getAttribute('aria-label') === name,
    played: video.currentTime - time,
    restarts,
  }));
}

test('no picture starts anew, whatever changes on the stage', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.joins('Bob', server.link);
  const cleo = await chromium.joins('Cleo', server.link);
  await allMediaFlows([ada, bob, cleo]);
  await ada.page.evaluate(watchVideos);
  const began = Date.now();

  await choose(ada, 'Speaker');
  await choose(ada, 'One large');
  await ada.button('Pin Cleo').click();
  await ada.button('Pin Bob').click();
  await ada.button('Pin Bob').click();
  await choose(ada, 'Grid', 'Floating');
  await ada.button('Move your picture').press('ArrowLeft');
  await choose(ada, 'Hidden');
  await choose(ada, 'Among the others');
  await ada.page.setViewportSize({ width: 390, height: 844 });
  await ada.button('Full screen').click();
  await ada.page.waitForFunction(() => document.fullscreenElement !== null);
  await ada.button('Full screen').click();
  await ada.page.waitForFunction(() => document.fullscreenElement === null);
  await ada.button('Settings').click();
  await ada.button('Close settings').click();
  await bob.toggle('Microphone', false);
  await bob.toggle('Camera', false);
  await ada.seesOf('Bob', /camera/i);
  await bob.toggle('Camera', true);
  await ada.seesNoMoreOf('Bob', /camera/i);
  const dan = await chromium.joins('Dan', server.link);
  await ada.sees('Bob', 'Cleo', 'Dan');
  await dan.leave();
  await ada.sees('Bob', 'Cleo');

  for (const name of ['Bob', 'Cleo']) await mediaFlows(ada, name, { sound: false });
  const passed = (Date.now() - began) / 1000;
  for (const { name, stays, played, restarts } of await ada.page.evaluate(readVideos)) {
    assert.ok(stays, `${name}'s video is the same element`);
    assert.deepEqual(restarts, [], `${name}'s video was never stopped`);
    assert.ok(played > 0 && played <= passed + 1, `${name}'s video played on: ${played} of ${passed} s`);
  }
});

test('each layout shows what it says', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.joins('Bob', server.link);
  await ada.sees('Bob');
  const [own, other] = [await place(ada, 'You'), await place(ada, 'Bob')];
  assert.ok(area(other) > 4 * area(own), 'one’s own picture floats, small, over the only other one');
  assert.ok(own.x > other.x && own.x + own.width <= 960, 'it is on the stage');

  const cleo = await chromium.joins('Cleo', server.link);
  await ada.sees('Bob', 'Cleo');
  const equal = await Promise.all(['You', 'Bob', 'Cleo'].map((name) => place(ada, name)));
  assert.equal(new Set(equal.map((box) => Math.round(area(box)))).size, 1);

  await choose(ada, 'One large');
  await ada.button('Pin Cleo').click();
  assert.ok(area(await place(ada, 'Cleo')) > 4 * area(await place(ada, 'Bob')), 'the pinned one is large');
  await ada.picture('call-strip');
  await cleo.toggle('Microphone', false);
  await ada.button('Pin Cleo').click();
  await until('Bob, who speaks, is large', async () => {
    return area(await place(ada, 'Bob')) > 4 * area(await place(ada, 'Cleo'));
  });

  await choose(ada, 'Speaker');
  await waitUntilAway(ada, 'Cleo');
  await ada.tile('Bob').waitFor();
  await ada.picture('call-speaker');
  await cleo.toggle('Microphone', true);
  await bob.toggle('Microphone', false);
  await waitUntilAway(ada, 'Bob');
  await ada.tile('Cleo').waitFor();
});

test('who speaks is outlined, and who is muted is not', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.joins('Bob', server.link);
  await allMediaFlows([ada, bob]);
  /** @param {string} name */
  const outlined = (name) =>
    ada.tile(name).evaluate((tile) => getComputedStyle(tile, '::after').opacity === '1');
  await until('Bob is outlined', () => outlined('Bob'));
  await until('so is oneself', () => outlined('You'));
  await ada.seesOf('Bob', /good connection/i);
  await bob.toggle('Microphone', false);
  await until('Bob is no longer outlined', async () => !(await outlined('Bob')));
  await ada.toggle('Microphone', false);
  await until('nor is oneself', async () => !(await outlined('You')));
});

test('one’s own picture is mirrored, goes where it is put, and can be hidden', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  await chromium.joins('Bob', server.link);
  await ada.sees('Bob');
  const mirrored = (/** @type {string} */ name) =>
    ada
      .tile(name)
      .locator('video')
      .evaluate((video) => getComputedStyle(video).transform.startsWith('matrix(-1'));
  assert.deepEqual([await mirrored('You'), await mirrored('Bob')], [true, false]);

  const { mouse } = ada.page;
  const before = await place(ada, 'You');
  const centre = { x: before.x + before.width / 2, y: before.y + before.height / 2 };
  await mouse.move(centre.x, centre.y);
  await mouse.down();
  await mouse.move(centre.x - 200, centre.y - 100, { steps: 4 });
  await mouse.up();
  const dragged = await place(ada, 'You');
  assert.ok(Math.abs(dragged.x - before.x + 200) < 2 && Math.abs(dragged.y - before.y + 100) < 2);

  const move = ada.button('Move your picture');
  await move.press('ArrowLeft');
  assert.ok((await place(ada, 'You')).x < dragged.x - 10);
  await move.press('Enter');
  const corner = await place(ada, 'You');
  await move.press('Enter');
  assert.notDeepEqual(await place(ada, 'You'), corner, 'each press is another corner');

  await ada.button('Hide your picture').click();
  await waitUntilAway(ada, 'You');
  assert.equal(await ada.button('Layout').evaluate((button) => button === document.activeElement), true);
  await choose(ada, 'Floating');
  await ada.tile('You').waitFor();
});

test('a picture goes into a little window of its own and comes back', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.joins('Bob', server.link);
  await allMediaFlows([ada, bob]);
  const button = ada.button('Picture in picture: Bob');
  await button.click();
  await ada.page.waitForFunction(() => document.pictureInPictureElement !== null);
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  await ada.page.evaluate(() => document.exitPictureInPicture());
  await until('it is back', async () => (await button.getAttribute('aria-pressed')) === 'false');
  await mediaFlows(ada, 'Bob');
});
