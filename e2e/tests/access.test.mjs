// By keyboard alone and by ear: where the focus is, and what a screen reader is told.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { SCREENS } from '../harness/look/appearance.mjs';
import { Signaling } from '../harness/look/signaling.mjs';
import { keepPlugs, plugIn, unplug } from '../harness/plugs.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** @typedef {import('../harness/person.mjs').Person} Person */

/** How much of a phone's screen its keyboard leaves free, in px: the tallest ones take half. */
const BESIDE_THE_KEYBOARD = 420;

/** As Chromium calls its made-up camera. */
const CAMERA = 'fake_device_0';

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

test('a screen reader is told of hands, reactions and screens', async (t) => {
  const [server, chromium] = await Promise.all([startServer(t, 'host'), Chromium.start(t)]);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.joins('Bob', server.link);
  await ada.sees('Bob');

  await bob.page.keyboard.press('h');
  await hears(ada, 'Bob raised a hand');
  await hears(bob, 'Your hand is up');
  await bob.page.keyboard.press('h');
  await hears(ada, 'Bob took the hand down');
  await hears(bob, 'Your hand is down');

  await bob.button('React').click();
  await bob.button('Applause').click();
  await hears(ada, 'Bob applauds');
  await bob.page.keyboard.press('Escape');

  await bob.page.keyboard.press('s');
  await hears(ada, 'Bob shares a screen');
  await hears(bob, 'You are sharing');
  await tabsTo(bob, /^button: Stop sharing/);
  await bob.page.keyboard.press('Enter');
  await hears(ada, 'Bob no longer shares a screen');
  await hears(bob, 'You are no longer sharing');
  await hasFocus(bob, 'button: Share screen');
});

test('a screen reader is told what is lost and what comes back', async (t) => {
  const [server, chromium] = await Promise.all([startServer(t, 'host'), Chromium.start(t)]);
  const ada = await chromium.joins('Ada', server.local);
  /** @type {Signaling | undefined} */
  let way;
  const bob = await chromium.opens('Bob', server.link, {
    before: keepPlugs,
    arrange: async (page) => (way = await Signaling.of(page)),
  });
  await bob.join();
  await ada.sees('Bob');

  await unplug(bob, CAMERA);
  assert.match(await bob.isTold(), /was disconnected, so the others do not see you/);
  await tabsTo(bob, /^button: Dismiss/);
  await bob.page.keyboard.press('Enter');
  await hasFocus(bob, 'h1: Call');
  await plugIn(bob, CAMERA);
  await hears(bob, `${CAMERA} is in use again`);

  await way?.cut();
  assert.match(await bob.isTold(), /Reconnecting to the room/);
  await hears(ada, 'Bob is reconnecting');
  way?.mend();
  await hears(ada, 'Bob is back');
  await hears(bob, 'Connected to the room again');

  await server.program.kill('SIGTERM');
  assert.match(await bob.isTold(), /The host has closed the room/);
  await hasFocus(bob, 'h1: The call has ended');
});

test('whatever closes leaves the focus where one goes on', async (t) => {
  const [server, chromium] = await Promise.all([startServer(t, 'host'), Chromium.start(t)]);
  const ada = await chromium.joins('Ada', server.local);
  const { keyboard } = ada.page;
  await hasFocus(ada, 'h1: Call');
  await keyboard.press('?');
  await hasFocus(ada, 'h2: Keyboard shortcuts');
  await keyboard.press('Escape');
  await hasFocus(ada, 'h1: Call');

  // The invitation goes by itself when somebody comes.
  await tabsTo(ada, /^button: Copy invite link/);
  await chromium.joins('Bob', server.link);
  await ada.sees('Bob');
  await hasFocus(ada, 'button: Invite');
  await keyboard.press('Enter');
  await tabsTo(ada, /^button: Copy invite link/);
  await keyboard.press('Escape');
  await hasFocus(ada, 'button: Invite');

  for (const [menu, within] of /** @type {const} */ ([
    ['React', /^button: Raise hand/],
    ['Layout', /^input: Speaker/],
  ])) {
    await tabsTo(ada, new RegExp(`^button: ${menu}$`));
    await keyboard.press('Enter');
    if (menu === 'Layout') await ada.page.getByRole('radio', { name: 'Speaker' }).focus();
    else await tabsTo(ada, within);
    await keyboard.press('Escape');
    await hasFocus(ada, `button: ${menu}`);
  }

  await tabsTo(ada, /^button: React$/);
  await keyboard.press('Enter');
  await tabsTo(ada, /^button: Keyboard shortcuts/);
  await keyboard.press('Enter');
  await hasFocus(ada, 'h2: Keyboard shortcuts');
  await keyboard.press('Escape');
  await hasFocus(ada, 'button: React');
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
