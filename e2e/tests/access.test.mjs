// By keyboard alone and by ear: where the focus is, and what a screen reader is told.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { SCREENS } from '../harness/look/appearance.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** @typedef {import('../harness/person.mjs').Person} Person */

/** How much of a phone's screen its keyboard leaves free, in px: the tallest ones take half. */
const BESIDE_THE_KEYBOARD = 420;

/** What has the focus: its role or element, and its name or text. @param {Person} person @returns {Promise<string>} */
function focus({ page }) {
  return page.evaluate(() => {
    const { activeElement } = document;
    const label =
      activeElement instanceof HTMLInputElement ? activeElement.labels?.[0]?.textContent : undefined;
    const name = activeElement?.getAttribute('aria-label') ?? label ?? activeElement?.textContent ?? '';
    return `${activeElement?.localName}: ${name.trim().replace(/\s+/g, ' ')}`;
  });
}

/** @param {Person} person @param {string | RegExp} where */
async function hasFocus(person, where) {
  let at = '';
  const matches = () => (typeof where === 'string' ? at === where : where.test(at));
  const look = async () => {
    at = await focus(person);
    return matches();
  };
  await until('', look).catch((cause) => {
    throw new Error(`the focus is at ${at}, not at ${where}`, { cause });
  });
}

/** Presses Tab until the focus is there. @param {Person} person @param {RegExp} where */
async function tabsTo(person, where) {
  /** More than any view has controls. */
  const MOST_PRESSES = 60;
  for (let press = 0; press < MOST_PRESSES; press++) {
    if (where.test(await focus(person))) return;
    await person.page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not lead to ${where}`);
}

/** Waits until a screen reader is told, politely. @param {Person} person @param {string} words */
async function hears(person, words) {
  await person.page.getByRole('status').filter({ hasText: words }).first().waitFor({ state: 'attached' });
}

test('somebody with a keyboard alone creates a room, sets something, leaves and is back', async (t) => {
  const [server, chromium] = await Promise.all([startServer(t, 'lobby'), Chromium.start(t)]);
  const ada = await chromium.opens('Ada', server.local);
  const { keyboard } = ada.page;
  await ada.button('Create a room').waitFor();
  await tabsTo(ada, /^input: Your name/);
  await keyboard.type('Ada');
  await tabsTo(ada, /^button: Create a room/);
  await keyboard.press('Enter');
  await ada.isIn();
  await hasFocus(ada, 'h1: Call');
  await hears(ada, 'You are in the room');

  await tabsTo(ada, /^button: Settings/);
  await keyboard.press('Enter');
  await hasFocus(ada, 'h2: Settings');
  const inDialog = () => ada.page.evaluate('document.activeElement.closest("dialog") !== null');
  for (let press = 0; press < 5; press++) {
    await keyboard.press('Tab');
    assert.ok(await inDialog(), 'the focus stays in the dialog');
  }
  await keyboard.press('Escape');
  await hasFocus(ada, /^button: Settings/);

  await tabsTo(ada, /^button: Leave/);
  await keyboard.press('Enter');
  await hasFocus(ada, 'h1: You left the room.');
  await tabsTo(ada, /^button: Back to the lobby/);
  await keyboard.press('Enter');
  await hasFocus(ada, /^h1: /);
  await ada.button('Create a room').waitFor();
});

test('a screen reader is told who joins, leaves and is away, and what went wrong', async (t) => {
  const [server, chromium] = await Promise.all([startServer(t, 'host'), Chromium.start(t)]);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.joins('Bob', server.link);
  await hears(ada, 'Bob joined');
  await bob.leave();
  await hears(ada, 'Bob left');

  await ada.toggle('Microphone', false);
  await hears(ada, 'Microphone off');

  const cleo = await chromium.opens('Cleo', new URL('/', server.link).href);
  await cleo.join('12');
  assert.match(await cleo.isTold(), /nine digits/, 'errors are alerts');
});

test('the keyboard of a phone covers nothing that is being filled in', async (t) => {
  const [server, chromium] = await Promise.all([startServer(t, 'host'), Chromium.start(t)]);
  const bob = await chromium.opens('Bob', server.link);
  const { width } = SCREENS.phone;
  for (const [field, next] of /** @type {const} */ ([
    ['Your name', 'Your name'],
    ['Room ID or invite link', 'Join'],
  ])) {
    await bob.page.setViewportSize(SCREENS.phone);
    await bob.field(field).click();
    await bob.page.setViewportSize({ width, height: BESIDE_THE_KEYBOARD });
    await bob.page.keyboard.type(' ');
    const shown = next === 'Join' ? bob.button(next) : bob.field(next);
    // Its middle: the browser scrolls to where one writes.
    await until(`${next} is beside the keyboard`, async () => {
      const box = await shown.boundingBox();
      return box && box.y >= 0 && box.y + box.height / 2 < BESIDE_THE_KEYBOARD;
    });
  }
});
