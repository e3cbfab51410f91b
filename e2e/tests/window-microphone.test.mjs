// The window with microphones of the system instead of the webview's made-up ones.

import assert from 'node:assert/strict';
import test from 'node:test';
import { AtWindow } from '../harness/at-window.mjs';
import { Chromium } from '../harness/browser.mjs';
import { Desk } from '../harness/desk.mjs';
import { mediaFlows } from '../harness/media.mjs';
import { SoundSystem } from '../harness/sound-system.mjs';
import { until } from '../harness/until.mjs';
import { Window } from '../harness/window.mjs';

/** There is no camera: a person without one is in calls all the same. */
const SOUND = { picture: false };

/** Ada, who has one microphone, in the window, and Bob at Chromium. @param {import('node:test').TestContext} t */
async function meet(t) {
  const desk = await Desk.make(t);
  const sound = await SoundSystem.start(t, desk);
  sound.plugIn('Table');
  const window = await Window.open(t, { desk, mockDevices: false });
  await window.says(/No camera was found/);
  const level = "return Number(document.querySelector('[role=meter]')?.getAttribute('aria-valuenow'))";
  await until('the meter moves', () => window.run(level));
  await window.fill('Your name', 'Ada');
  const ada = new AtWindow('Ada', window);
  const link = await ada.create();
  const bob = await (await Chromium.start(t)).joins('Bob', link);
  await ada.sees('Bob');
  await mediaFlows(bob, 'Ada', SOUND);
  await mediaFlows(ada, 'Bob');
  return { ada, bob, sound };
}

/** @param {SoundSystem} sound @param {...string} names */
async function isRecorded(sound, ...names) {
  const wanted = names.join();
  await until(`recorded: ${wanted}`, () => sound.recorded.join() === wanted);
}

test('a microphone that is unplugged is replaced by another, and used again when it is back', async (t) => {
  const { ada, bob, sound } = await meet(t);
  await isRecorded(sound, 'Table');
  sound.plugIn('Headset');
  sound.pull('Table');
  await ada.window.says(/Table was disconnected\. Headset is used until it is back/);
  await isRecorded(sound, 'Headset');
  await mediaFlows(bob, 'Ada', SOUND);

  sound.pull('Headset');
  await ada.window.says(/Table was disconnected, so the others do not hear you/);
  await ada.window.picture('without-microphone');

  sound.plugIn('Table');
  await ada.window.saysNoMore(/disconnected/);
  await isRecorded(sound, 'Table');
  await mediaFlows(bob, 'Ada', SOUND);
});

test('another microphone is chosen in the call', async (t) => {
  const { ada, bob, sound } = await meet(t);
  sound.plugIn('Headset');
  await ada.window.press('Settings');
  const listed = `return [...document.querySelectorAll('dialog[open] option')].some((one) => one.innerText.trim() === 'Headset')`;
  await until('the headset is listed', () => ada.window.run(listed));
  await ada.window.choose('Microphone', 'Headset');
  await isRecorded(sound, 'Headset');
  await mediaFlows(bob, 'Ada', SOUND);
  sound.pull('Table');
  await mediaFlows(bob, 'Ada', SOUND);
  assert.deepEqual(sound.recorded, ['Headset']);
});
