// What a call says and shows beside the pictures, one after the other: how it looks, and whether everybody can use it.

import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { Meeting } from '../harness/look/meeting.mjs';
import { showAll } from '../harness/look/states.mjs';
import * as around from '../harness/look/surroundings.mjs';
import { devicesInUse, keepPlugs, unplug } from '../harness/plugs.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** @typedef {import('../harness/person.mjs').Person} Person */

/** How long a reaction is shown, in ms (`REACTION_SHOWN_MS`). */
const REACTION_SHOWN = 5000;

/** What somebody whose machine is busy is told at last. */
const BUSY = /** @type {const} */ ({
  Bob: 'a smaller picture of you',
  Cleo: 'fewer frames of you',
  Dan: 'the others only hear you',
});

/** Each state by its name, and how one gets there from the one before. @type {Record<string, (call: Meeting) => Promise<Person>>} */
const STATES = {
  'call-crowd-last': async (call) => {
    await call.comes('Ada', async (page) => {
      await page.addInitScript(around.isWeak, 3);
      await page.addInitScript(around.maySpeak);
      await page.addInitScript(around.mayLinger, REACTION_SHOWN);
      await page.addInitScript(keepPlugs);
    });
    for (const name of /** @type {const} */ (['Bob', 'Cleo'])) await comesBusy(call, name);
    return reads(call.who('Ada'), /With one more/);
  },
  'call-crowd-over': async (call) => {
    await comesBusy(call, 'Dan');
    return reads(call.who('Ada'), /and more are here/);
  },
  'call-hands-raised': async (call) => {
    const ada = call.who('Ada');
    await ada.button('Dismiss').click();
    for (const [place, name] of ['Dan', 'Bob', 'Ada'].entries()) {
      await call.who(name).page.keyboard.press('h');
      await ada.seesOf(name === 'Ada' ? 'You' : name, new RegExp(`number ${place + 1}`));
    }
    return ada;
  },
  'call-reactions': async (call) => {
    const { page } = call.who('Ada');
    await page.evaluate(() => /** @type {any} */ (globalThis).linger(true));
    await page.evaluate(withoutAnimations);
    for (const [name, reaction] of /** @type {const} */ ([
      ['Bob', 'Heart'],
      ['Cleo', 'Applause'],
      ['Dan', 'Surprise'],
      ['Ada', 'Thumbs up'],
      ['Bob', 'Celebration'],
    ])) {
      const person = call.who(name);
      await person.button('React').click();
      await person.button(reaction).click();
      await person.page.keyboard.press('Escape');
    }
    await until('all reactions are there', async () => (await page.locator('.reaction').count()) === 5);
    return call.who('Ada');
  },
  'call-muted-speaking': async (call) => {
    const ada = call.who('Ada');
    await ada.page.evaluate(() => /** @type {any} */ (globalThis).linger(false));
    await ada.toggle('Microphone', false);
    await speaks(ada, true);
    return reads(ada, /You are muted/);
  },
  'call-devices-lost': async (call) => {
    const ada = call.who('Ada');
    await speaks(ada, false);
    await ada.toggle('Microphone', true);
    for (const device of await devicesInUse(ada)) await unplug(ada, device);
    await reads(ada, /so the others do not see you/);
    return reads(ada, /is used until it is back/);
  },
  'call-less-pixels': (call) => reads(call.who('Bob'), new RegExp(BUSY.Bob)),
  'call-less-frames': (call) => reads(call.who('Cleo'), new RegExp(BUSY.Cleo)),
  'call-no-picture': (call) => reads(call.who('Dan'), new RegExp(BUSY.Dan)),
  'call-searching': async (call) => {
    await call.wayOf('Ada').refuse('host-unreachable');
    return reads(call.who('Ada'), /Looking for the room’s host/);
  },
  'call-intercepted': async (call) => {
    await call.wayOf('Ada').refuse('intercepted');
    return reads(call.who('Ada'), /stands between/);
  },
  'call-moved': async (call) => {
    await call.cut('Bob');
    return reads(call.who('Bob'), /address/);
  },
  'joining-entering': async (call) => {
    call.wayOf('Cleo').holdBack((type) => type === 'welcome');
    await call.who('Cleo').page.reload();
    return reads(call.who('Cleo'), /Entering the room/);
  },
  'joining-reconnecting': async (call) => {
    await call.cut('Cleo');
    return reads(call.who('Cleo'), /does not answer/);
  },
  'joining-searching': async (call) => {
    await call.wayOf('Dan').refuse('host-unreachable');
    await call.who('Dan').page.reload();
    return reads(call.who('Dan'), /Looking for the room/);
  },
  'joining-intercepted': async (call) => {
    await call.wayOf('Dan').refuse('intercepted');
    return reads(call.who('Dan'), /stands between/);
  },
};

/** @param {Meeting} call @param {keyof typeof BUSY} name */
function comesBusy(call, name) {
  return call.comes(name, (page) => page.addInitScript(around.isBusyUntil, BUSY[name]));
}

/** @param {Person} person @param {RegExp} words */
async function reads(person, words) {
  await person.reads(words);
  return person;
}

/** @param {Person} person @param {boolean} speaks */
function speaks(person, speaks) {
  return person.page.evaluate((is) => void Object.assign(globalThis, { speaks: is }), speaks);
}

/** A picture of what only passes by is taken of how it is without moving. */
function withoutAnimations() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.reaction { animation: none !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

test('whatever a call says can be seen, read and used', { timeout: 300_000 }, async (t) => {
  const [server, chromium] = await Promise.all([startServer(t, 'host'), Chromium.start(t)]);
  await showAll(t, STATES, new Meeting(chromium, server), { chained: true });
});
