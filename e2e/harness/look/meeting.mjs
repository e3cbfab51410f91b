// A call whose states are looked at.

import assert from 'node:assert/strict';
import { until } from '../until.mjs';
import { Signaling } from './signaling.mjs';
import * as around from './surroundings.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('../browser.mjs').Chromium} Chromium */
/** @typedef {import('../person.mjs').Person} Person */

/** One call: Ada hosts and looks, the others come by and by. */
export class Meeting {
  /** @param {Chromium} chromium @param {import('../server.mjs').Server} server */
  constructor(chromium, server) {
    this.chromium = chromium;
    this.server = server;
    /** @type {Map<string, Person>} */
    this.people = new Map();
    /** @type {Map<string, Signaling>} */
    this.signaling = new Map();
  }

  /** @param {string} name @param {(page: Page) => Promise<unknown>} [arrange] what is there besides, before the page */
  async comes(name, arrange) {
    const person = await this.chromium.opens(name, name === 'Ada' ? this.server.local : this.server.link, {
      arrange: async (page) => {
        await page.addInitScript(around.sitsInFront, this.people.size);
        await page.addInitScript(around.hasSlides);
        await arrange?.(page);
        this.signaling.set(name, await Signaling.of(page));
      },
    });
    this.people.set(name, person);
    await person.join();
    await person.isIn();
    for (const other of this.people.keys())
      if (other !== name) await until(`${name} sees ${other}`, () => connected(person, other));
    return this.who('Ada');
  }

  /** @param {string} name */
  who(name) {
    const person = this.people.get(name);
    assert.ok(person, `${name} is there`);
    return person;
  }

  /** Breaks somebody's way to the room. @param {string} name */
  async cut(name) {
    await this.wayOf(name).cut();
  }

  /** @param {string} name */
  wayOf(name) {
    const signaling = this.signaling.get(name);
    assert.ok(signaling, `${name} was there`);
    return signaling;
  }
}

/** @param {Person} person @param {string} other */
async function connected(person, other) {
  return !/Connecting/.test(await person.tileText(other));
}
