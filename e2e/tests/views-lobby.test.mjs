// Every state before and after a call: how it looks, and whether everybody can use it.

import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { Signaling } from '../harness/look/signaling.mjs';
import { showAll } from '../harness/look/states.mjs';
import * as around from '../harness/look/surroundings.mjs';
import { startServer } from '../harness/server.mjs';
import { Client } from '../harness/wire.mjs';

/** @typedef {import('../harness/person.mjs').Person} Person */
/** @typedef {import('playwright-core').Page} Page */
/** @typedef {(page: Page) => Promise<unknown>} Arrangement */

/** The rooms that there are, and who comes to them. */
class Rooms {
  /** @param {import('node:test').TestContext} test @param {Chromium} chromium @param {import('../harness/server.mjs').Server} own @param {import('../harness/server.mjs').Server} other */
  constructor(test, chromium, own, other) {
    this.test = test;
    this.chromium = chromium;
    this.own = own;
    this.other = other;
  }

  /** Somebody at the own machine. @param {() => void} [before] @param {Arrangement} [arrange] */
  home(before, arrange) {
    return this.#opens('Ada', this.own.local, before, arrange);
  }

  /** Somebody with a link to another machine's room. @param {() => void} [before] @param {Arrangement} [arrange] */
  guest(before, arrange) {
    return this.#opens('Bob', this.other.link, before, arrange);
  }

  /** @param {string} name @param {string} link @param {() => void} [before] @param {Arrangement} [arrange] */
  #opens(name, link, before = () => {}, arrange) {
    return this.chromium.opens(name, link, {
      before,
      arrange: async (page) => {
        await page.addInitScript(around.sitsInFront, name === 'Ada' ? 0 : 1);
        await arrange?.(page);
      },
    });
  }

  /** Somebody at the lobby, who knows it. @param {Page} page */
  static known(page) {
    return page.addInitScript(around.isKnown, 'Ada');
  }
}

/** Each state by its name, and how one gets there. @type {Record<string, (rooms: Rooms) => Promise<Person>>} */
const STATES = {
  'lobby-first-start': async (rooms) => seesOneself(await rooms.home()),
  'lobby-returning': async (rooms) => seesOneself(await rooms.home(undefined, Rooms.known)),
  'lobby-invited': async (rooms) => seesOneself(await rooms.guest()),
  'lobby-asking': (rooms) => rooms.home(around.asksForDevices),
  'lobby-denied': async (rooms) => told(await rooms.home(around.deniesDevices), /not allowed/),
  'lobby-no-device': async (rooms) => told(await rooms.home(around.hasNoDevices), /were found/),
  'lobby-camera-busy': async (rooms) => told(await rooms.home(around.hasBusyCamera), /in use/),
  'lobby-insecure': async (rooms) => told(await rooms.guest(around.isInsecure), /secure page/),
  'lobby-devices-off': async (rooms) => {
    const ada = await seesOneself(await rooms.home());
    await ada.toggle('Microphone', false);
    await ada.toggle('Camera', false);
    return ada;
  },
  'lobby-two-cameras': async (rooms) => {
    const ada = await rooms.home(undefined, (page) => page.addInitScript(around.hasTwoCameras));
    await ada.button('Switch camera').waitFor();
    return ada;
  },
  'lobby-nothing-typed': async (rooms) => {
    const ada = await rooms.home();
    await ada.join('');
    return told(ada, /first/);
  },
  'lobby-full': async (rooms) => {
    // Before any wrong ID: guesses slow newcomers down.
    await Client.joined(rooms.test, rooms.other.link, 'Cleo');
    await Client.joined(rooms.test, rooms.other.link, 'Dan');
    const bob = await rooms.guest();
    await bob.join();
    return told(bob, /full/);
  },
  'lobby-wrong-id': async (rooms) => {
    const bob = await rooms.guest();
    await bob.join(rooms.other.room === '111111111' ? '222222222' : '111111111');
    return told(bob, /no room/);
  },
  'lobby-not-found': async (rooms) => {
    const ada = await rooms.home();
    await ada.join('111111111');
    return told(ada, /no room|No other app|asked/);
  },
  'lobby-searching': async (rooms) => {
    const ada = await rooms.home(undefined, async (page) => {
      (await Signaling.of(page)).holdBack((type) => type === 'error');
    });
    await ada.join('222222222');
    await ada.reads(/Looking for the room/);
    return ada;
  },
  'lobby-entering': async (rooms) => {
    const ada = await rooms.home(undefined, async (page) => {
      (await Signaling.of(page)).holdBack((type) => type === 'welcome');
    });
    await ada.button('Create a room').click();
    await ada.reads(/Entering the room/);
    return ada;
  },
  'lobby-too-old': (rooms) => rooms.guest(around.isTooOld),
  settings: async (rooms) => {
    const bob = await rooms.guest();
    await bob.button('Settings').click();
    await bob.page.getByRole('dialog').waitFor();
    return bob;
  },
};

/** @param {Person} person */
async function seesOneself(person) {
  await person.seesOneself();
  return person;
}

/** @param {Person} person @param {RegExp} words */
async function told(person, words) {
  await person.alert.filter({ hasText: words }).first().waitFor();
  return person;
}

test('every state of the lobby can be seen, read and used', { timeout: 300_000 }, async (t) => {
  const [own, other, chromium] = await Promise.all([
    startServer(t, 'lobby'),
    startServer(t, 'host', ['--capacity', '2']),
    Chromium.start(t),
  ]);
  await showAll(t, STATES, new Rooms(t, chromium, own, other));
});
