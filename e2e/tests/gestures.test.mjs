// Hands, reactions and the keyboard in a call, and what is said to who speaks while muted.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** @typedef {import('../harness/person.mjs').Person} Person */

/** @param {Person} person @param {string} button @param {boolean} on */
async function isPressed(person, button, on) {
  await until(
    `${person.name}'s ${button} is ${on ? 'on' : 'off'}`,
    async () => (await person.button(button).getAttribute('aria-pressed')) === String(on),
  );
}

test('hands go up in order, reactions are seen, and all of it goes by keyboard', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.joins('Bob', server.link);
  await ada.sees('Bob');

  await bob.page.keyboard.press('h');
  await ada.seesOf('Bob', /Hand raised, number 1/);
  await ada.button('React').click();
  await ada.button('Raise hand').click();
  await isPressed(ada, 'Raise hand', true);
  await bob.seesOf('Ada', /Hand raised, number 2/);
  assert.deepEqual(await ada.page.getByRole('listitem').allInnerTexts(), ['Bob', 'You']);
  await ada.button('Applause').click();
  await bob.reads(/^Ada applauds$/);
  await ada.picture('call-hands');
  await ada.page.keyboard.press('Escape');
  await ada.button('Raise hand').waitFor({ state: 'hidden' });
  await bob.page.keyboard.press('h');
  await ada.seesNoMoreOf('Bob', /Hand/);
  await bob.seesOf('Ada', /Hand raised, number 1/);

  await bob.page.keyboard.press('m');
  await ada.seesOf('Bob', /Microphone off/);
  await bob.page.keyboard.press('v');
  await ada.seesOf('Bob', /Camera off/);
  await bob.page.keyboard.down(' ');
  await ada.seesNoMoreOf('Bob', /Microphone off/);
  await bob.page.keyboard.up(' ');
  await ada.seesOf('Bob', /Microphone off/);

  await bob.page.keyboard.press('?');
  const list = bob.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await list.waitFor();
  await bob.picture('call-shortcuts');
  // In a dialog, and once they are turned off, the letters are just letters.
  await bob.page.keyboard.press('v');
  await list.getByRole('switch').uncheck();
  await bob.page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  await bob.page.keyboard.press('v');
  await bob.page.keyboard.press('h');
  await bob.toggle('Microphone', true);
  await ada.seesNoMoreOf('Bob', /Microphone off/);
  assert.match(await ada.tileText('Bob'), /Camera off/);
  assert.doesNotMatch(await ada.tileText('Bob'), /Hand/);
});

/** Somebody who speaks without a pause: a tone of two seconds, as a WAV file (16 bits, one channel). */
function spokenSound() {
  const [rate, seconds, pitch] = [48_000, 2, 220];
  const bytes = rate * seconds * 2;
  const file = Buffer.alloc(44 + bytes);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + bytes, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(bytes, 40);
  for (let at = 0; at < rate * seconds; at++) {
    file.writeInt16LE(Math.round(20_000 * Math.sin((2 * Math.PI * pitch * at) / rate)), 44 + 2 * at);
  }
  return file;
}

test('who speaks while muted is told, and is heard again with one press', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'visavis-sound-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const sound = path.join(folder, 'speech.wav');
  writeFileSync(sound, spokenSound());
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t, { args: [`--use-file-for-fake-audio-capture=${sound}`] });
  const ada = await chromium.joins('Ada', server.local);
  await ada.toggle('Microphone', false);
  assert.match(await ada.isTold(), /You are muted/);
  await ada.button('Turn on the microphone').click();
  await isPressed(ada, 'Microphone', true);
  await ada.alert.waitFor({ state: 'detached' });
});
