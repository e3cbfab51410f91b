// Every state that only the desktop app has: how it looks, and whether everybody can use it. The app around the page is
// what a page sees of it; the real window is in window.test.mjs and desktop.test.mjs.

import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { showAll } from '../harness/look/states.mjs';
import * as around from '../harness/look/surroundings.mjs';
import { startServer } from '../harness/server.mjs';
import { Client } from '../harness/wire.mjs';

/** @typedef {import('../harness/person.mjs').Person} Person */
/** @typedef {import('../harness/server.mjs').Server} Server */

/** One machine, and whatever its window shows. */
class Machine {
  /** @param {import('node:test').TestContext} test @param {Chromium} chromium @param {Server} server */
  constructor(test, chromium, server) {
    this.test = test;
    this.chromium = chromium;
    this.server = server;
  }

  /** Opens the window. @param {{ desktop?: object, carriesCalls?: boolean }} [app] */
  async window({ desktop = {}, carriesCalls = true } = {}) {
    const { host, hash } = new URL(this.server.local);
    const server = { url: `ws://${host}/ws`, token: new URLSearchParams(hash.slice(1)).get('token') ?? '' };
    const app = { server, desktop: { ...around.DESKTOP, ...desktop }, carriesCalls };
    return this.chromium.opens('Ada', new URL('/', this.server.local).href, {
      arrange: async (page) => {
        await page.addInitScript(around.sitsInFront, 0);
        await page.addInitScript(around.isInTheApp, app);
      },
    });
  }

  /** The window shows the room that it has opened, and a browser is to have the seat. */
  async observing() {
    const ada = await this.window({ carriesCalls: false });
    await ada.button('Create a room').click();
    await ada.page.getByRole('heading', { name: 'The room is open' }).waitFor();
    return ada;
  }
}

/** What the app tells the page. @param {Person} person @param {object} event */
async function tells(person, event) {
  await person.page.evaluate((told) => /** @type {any} */ (globalThis).appTells(told), event);
  await person.page.getByRole('alertdialog').waitFor();
  return person;
}

/** Each state by its name, and how one gets there. @type {Record<string, (machine: Machine) => Promise<Person>>} */
const STATES = {
  'desktop-lobby-notices': (machine) =>
    machine.window({
      desktop: {
        notices: [
          { type: 'settings-set-aside', file: 'settings.broken.json' },
          { type: 'port-taken', port: 7443, used: 40123 },
          { type: 'no-network' },
        ],
      },
    }),
  'desktop-settings': async (machine) => {
    const ada = await machine.window();
    await ada.button('Settings').click();
    await ada.page.getByRole('dialog').waitFor();
    return ada;
  },
  'desktop-settings-machine': async (machine) => {
    const ada = await machine.window();
    await ada.button('Settings').click();
    await ada.page.getByText('STUN and TURN servers').scrollIntoViewIfNeeded();
    return ada;
  },
  'desktop-help': async (machine) => {
    const ada = await machine.window();
    await ada.button('Settings').click();
    await ada.button('Help').click();
    return ada;
  },
  'desktop-question-join': async (machine) =>
    tells(await machine.window(), { type: 'link', link: 'https://192.0.2.10:7443/#482193775' }),
  'desktop-question-close': async (machine) =>
    tells(await machine.window(), { type: 'close-asked', endsRooms: true }),
  'desktop-observing-nobody': (machine) => machine.observing(),
  'desktop-observing': async (machine) => {
    const ada = await machine.observing();
    const link = await ada.inviteLink();
    for (const name of ['Bob', 'Cleo']) await Client.joined(machine.test, link ?? '', name);
    await ada.reads(/Cleo/);
    return ada;
  },
};

test('every state of the desktop app can be seen, read and used', { timeout: 300_000 }, async (t) => {
  const [server, chromium] = await Promise.all([startServer(t, 'lobby'), Chromium.start(t)]);
  await showAll(t, STATES, new Machine(t, chromium, server));
});
