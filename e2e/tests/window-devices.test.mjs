// Cameras and microphones of the desktop window: chosen, lost and found again during a call.

import assert from 'node:assert/strict';
import test from 'node:test';
import { AtWindow } from '../harness/at-window.mjs';
import { Chromium } from '../harness/browser.mjs';
import { allMediaFlows, mediaFlows } from '../harness/media.mjs';
import { keepPlugs } from '../harness/plugs.mjs';
import { until } from '../harness/until.mjs';

/** As WebKit calls its made-up devices. */
const CAMERAS = /** @type {const} */ (['Mock video device 1', 'Mock video device 2']);
const MICROPHONES = /** @type {const} */ (['Mock audio device 1', 'Mock audio device 2']);

/** Chooses in the settings. @param {AtWindow} person @param {string} camera @param {string} microphone */
async function chooses(person, camera, microphone) {
  await person.window.press('Settings');
  // The lobby behind has lists of the same names.
  await until('the settings are open', () =>
    person.window.run("return !!document.querySelector('dialog[open]')"),
  );
  await person.window.choose('Camera', camera);
  await person.window.choose('Microphone', microphone);
  await uses(person, camera, microphone);
}

/** Ada in the window and Bob at Chromium, in one room. @param {import('node:test').TestContext} t */
async function meet(t) {
  const ada = await AtWindow.open(t, 'Ada');
  await ada.window.run(`(${keepPlugs})()`);
  await chooses(ada, CAMERAS[0], MICROPHONES[0]);
  await ada.window.press('Close settings');
  const link = await ada.create();
  const bob = await (await Chromium.start(t)).joins('Bob', link);
  await ada.sees('Bob');
  await allMediaFlows([ada, bob]);
  return { ada, bob };
}

/** Waits until exactly these are in use. @param {AtWindow} person @param {...string} labels */
async function uses(person, ...labels) {
  const expected = JSON.stringify(labels.sort());
  const used = async () => JSON.stringify(await person.window.run('return plugs.used()'));
  await until(`${expected} are in use`, async () => (await used()) === expected);
}

/** How light a picture's edge is, 0 to 255: WebKit's cameras have backgrounds of their own. @param {import('../harness/person.mjs').Person} person @param {string} whose */
function lightness(person, whose) {
  return person
    .tile(whose)
    .locator('video')
    .evaluate((/** @type {HTMLVideoElement} */ video) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 16, height: 12 });
      const context = canvas.getContext('2d');
      context?.drawImage(video, 0, 0, canvas.width, canvas.height);
      return context?.getImageData(canvas.width - 1, canvas.height - 1, 1, 1).data[1] ?? 0;
    });
}

test('another camera and another microphone are chosen in the call, and the others go on seeing and hearing', async (t) => {
  const { ada, bob } = await meet(t);
  const before = await lightness(bob, 'Ada');
  await chooses(ada, CAMERAS[1], MICROPHONES[1]);
  await ada.window.picture('window-devices-chosen');
  await ada.window.press('Close settings');
  await until('the other camera is seen', async () => Math.abs((await lightness(bob, 'Ada')) - before) > 30);
  await allMediaFlows([ada, bob]);
  assert.equal(await bob.tile('Ada').count(), 1);
});

test('a camera and a microphone that go away make way for the next best, and are used again when they are back', async (t) => {
  const { ada, bob } = await meet(t);
  const plug = (/** @type {'pull' | 'push'} */ how, /** @type {string} */ label) =>
    ada.window.run(`plugs.${how}('${label}')`);

  await plug('pull', CAMERAS[0]);
  await ada.window.says(new RegExp(`${CAMERAS[0]} was disconnected\\. ${CAMERAS[1]} is used`));
  await mediaFlows(bob, 'Ada');
  await ada.window.picture('window-device-replaced');

  await plug('pull', CAMERAS[1]);
  await ada.window.says(new RegExp(`${CAMERAS[0]} was disconnected, so the others do not see you`));
  await bob.seesOf('Ada', /camera off/i);
  await plug('pull', MICROPHONES[0]);
  await ada.window.says(new RegExp(`${MICROPHONES[0]} was disconnected\\. .* is used until`));
  await mediaFlows(bob, 'Ada', { picture: false });
  await ada.window.picture('window-device-lost');

  await plug('push', CAMERAS[0]);
  await plug('push', MICROPHONES[0]);
  await uses(ada, CAMERAS[0], MICROPHONES[0]);
  await allMediaFlows([ada, bob]);
  await ada.window.saysNoMore(/disconnected/);
});
