// Every state of a call, one after the other: how it looks, and whether everybody can use it.

import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { Meeting } from '../harness/look/meeting.mjs';
import { showAll } from '../harness/look/states.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** @typedef {import('../harness/person.mjs').Person} Person */

/** Each state by its name, and how one gets there from the one before. @type {Record<string, (call: Meeting) => Promise<Person>>} */
const STATES = {
  'call-alone': (call) => call.comes('Ada'),
  'call-two': (call) => call.comes('Bob'),
  'call-layout-menu': async (call) => {
    await presses(call.who('Ada'), 'Layout');
    await call.who('Ada').page.getByRole('radio', { name: 'Grid' }).waitFor();
    return call.who('Ada');
  },
  'call-speaker': async (call) => {
    await call.who('Ada').page.keyboard.press('Escape');
    return chooses(call.who('Ada'), 'Speaker');
  },
  'call-pinned': async (call) => {
    const { page } = call.who('Ada');
    await call.who('Ada').tile('Bob').hover();
    await page.getByRole('button', { name: 'Pin Bob' }).click();
    return call.who('Ada');
  },
  'call-inviting': async (call) => {
    await call.who('Ada').tile('Bob').hover();
    await presses(call.who('Ada'), 'Pin Bob');
    await chooses(call.who('Ada'), 'Grid');
    return presses(call.who('Ada'), 'Invite');
  },
  'call-settings': async (call) => {
    const ada = await presses(call.who('Ada'), 'Invite');
    await presses(ada, 'Settings');
    await ada.page.getByRole('dialog').waitFor();
    return ada;
  },
  'call-shortcuts': async (call) => {
    const { page } = call.who('Ada');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Settings' }).waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    return call.who('Ada');
  },
  'call-hands': async (call) => {
    const { page } = call.who('Ada');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor({ state: 'detached' });
    for (const name of ['Bob', 'Ada']) await call.who(name).page.keyboard.press('h');
    await presses(call.who('Ada'), 'React');
    await call.who('Ada').reads(/Raised hands/);
    return call.who('Ada');
  },
  'call-other-shares': async (call) => {
    const { page } = call.who('Ada');
    await page.keyboard.press('Escape');
    await presses(call.who('Bob'), 'Share screen');
    const screen = page.getByRole('figure', { name: 'Bob’s screen' }).locator('video');
    await until('the screen is shown', () =>
      screen.evaluate((/** @type {HTMLVideoElement} */ shown) => shown.videoWidth > 0),
    );
    return call.who('Ada');
  },
  'call-sharing': async (call) => {
    await presses(call.who('Bob'), 'Stop sharing');
    await presses(call.who('Ada'), 'Share screen');
    await call.who('Ada').reads(/You are sharing/);
    return call.who('Ada');
  },
  'call-devices-off': async (call) => {
    const [ada, bob] = [call.who('Ada'), call.who('Bob')];
    await presses(ada, 'Stop sharing');
    for (const person of [ada, bob])
      for (const device of ['Microphone', 'Camera']) await person.toggle(device, false);
    await ada.seesOf('Bob', /camera/i);
    return ada;
  },
  'call-four': async (call) => {
    for (const device of ['Microphone', 'Camera']) await call.who('Bob').toggle(device, true);
    await call.who('Ada').toggle('Camera', true);
    await call.comes('Cleo');
    return call.comes('Dan');
  },
  'call-other-reconnecting': async (call) => {
    await call.cut('Dan');
    await call.who('Ada').seesOf('Dan', /reconnecting/i);
    return call.who('Ada');
  },
  'call-link-lost': async (call) => {
    await call.cut('Ada');
    await call.who('Ada').reads(/Reconnecting to the room/);
    return call.who('Ada');
  },
  'ended-left': async (call) => {
    await call.who('Cleo').leave();
    return call.who('Cleo');
  },
  'ended-host-stopped': async (call) => {
    call.server.program.kill('SIGINT');
    await call.who('Bob').isTold();
    return call.who('Bob');
  },
};

/** @param {Person} person @param {string} layout */
async function chooses(person, layout) {
  await presses(person, 'Layout');
  await person.page.getByRole('radio', { name: layout }).check();
  await person.page.keyboard.press('Escape');
  return person;
}

/** @param {Person} person @param {string} button */
async function presses(person, button) {
  await person.button(button).click();
  return person;
}

test('every state of a call can be seen, read and used', { timeout: 300_000 }, async (t) => {
  const [server, chromium] = await Promise.all([startServer(t, 'host'), Chromium.start(t)]);
  await showAll(t, STATES, new Meeting(chromium, server), { chained: true });
});
