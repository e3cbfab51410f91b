// Somebody at a browser: only what a person can see and press, found by its accessible name.

import path from 'node:path';
import { readStatistics } from './media.mjs';
import { OUTPUT } from './programs.mjs';
import { PATIENCE, until } from './until.mjs';

const SCREENS = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
/** Where no picture is taken, six people's screens have to be drawn by two cores. */
export const SMALL_SCREEN = { width: 960, height: 600 };
const SCHEMES = /** @type {const} */ (['light', 'dark']);

export class Person {
  /**
   * @param {string} name as it is shown to the others
   * @param {import('playwright-core').Page} page
   */
  constructor(name, page) {
    this.name = name;
    this.page = page;
    /** What went wrong in the page and was not handled. @type {string[]} */
    this.faults = [];
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => this.faults.push(String(error)));
  }

  /** @param {string} name exact accessible name */
  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** @param {string} name exact accessible name */
  field(name) {
    return this.page.getByRole('textbox', { name, exact: true });
  }

  /** The tile of a participant. @param {string} name */
  tile(name) {
    return this.page.getByRole('figure', { name, exact: true });
  }

  get alert() {
    return this.page.getByRole('alert').filter({ hasText: /\S/ });
  }

  /** Waits until the lobby shows one's own picture, and the microphone moves its meter. */
  async seesOneself() {
    const video = this.page.getByRole('figure').locator('video');
    await until("one's own picture", () =>
      video.evaluate((/** @type {HTMLVideoElement} */ own) => own.videoWidth > 0),
    );
    const meter = this.page.getByRole('meter');
    await until('the meter moves', async () => Number(await meter.getAttribute('aria-valuenow')) > 0);
  }

  /** Types the name and presses `Join`. @param {string} [room] typed first if given */
  async join(room) {
    await this.field('Your name').fill(this.name);
    if (room !== undefined) await this.field('Room ID or invite link').fill(room);
    await this.button('Join').click();
  }

  /** Presses `Microphone` or `Camera` and waits until it is so. @param {string} device @param {boolean} on */
  async toggle(device, on) {
    const button = this.button(device);
    await until(
      `the ${device} is ready`,
      async () => (await button.getAttribute('aria-pressed')) === String(!on),
    );
    await button.click();
    await until(
      `the ${device} is switched`,
      async () => (await button.getAttribute('aria-pressed')) === String(on),
    );
  }

  async create() {
    await this.field('Your name').fill(this.name);
    await this.button('Create a room').click();
    await this.isIn();
  }

  /** Waits for one's own tile. */
  async isIn() {
    await this.tile('You').waitFor();
  }

  async leave() {
    await this.button('Leave').click();
    await this.tile('You').waitFor({ state: 'detached' });
  }

  /** Closes the browser profile, as a person closes the tab. */
  async close() {
    await this.page.context().close();
  }

  /** The names of the tiles, one's own (`You`) included. */
  async names() {
    const page = await this.page.locator('body').ariaSnapshot();
    return [...page.matchAll(FIGURE)].map(([line, name = '""']) => unquote(line, name)).sort();
  }

  /** Waits until exactly these others have a tile. @param {...string} others */
  async sees(...others) {
    const expected = JSON.stringify(['You', ...others].sort());
    let seen = '';
    const look = async () => (seen = JSON.stringify(await this.names())) === expected;
    await until('', look).catch((cause) => {
      throw new Error(`${this.name} sees ${seen}, not ${expected}`, { cause });
    });
  }

  /** Waits until the tile of somebody says something. @param {string} name @param {RegExp} words */
  async seesOf(name, words) {
    await until(`${this.name} sees of ${name}: ${words}`, async () => words.test(await this.tileText(name)));
  }

  /** @param {string} name @param {RegExp} words */
  async seesNoMoreOf(name, words) {
    await until(`${this.name} no longer sees of ${name}: ${words}`, async () => {
      return !words.test(await this.tileText(name));
    });
  }

  /** Everything that a tile says, its accessible tree as text. @param {string} name */
  tileText(name) {
    return this.tile(name).ariaSnapshot();
  }

  /** Waits for an alert, and returns what it says. */
  async isTold() {
    await this.alert.first().waitFor();
    return (await this.alert.allInnerTexts()).join(' ');
  }

  /** Waits until the page says something, wherever. @param {RegExp} words */
  async reads(words) {
    await this.page.getByText(words).filter({ visible: true }).first().waitFor();
  }

  /** The invite link as it is shown, or nothing. */
  async inviteLink() {
    const fields = await this.page.getByRole('textbox').all();
    const typed = await Promise.all(fields.map((field) => field.inputValue()));
    const shown = await this.page.locator('body').innerText();
    return [shown, ...typed].join(' ').match(/https:\/\/\S+#\d{9}/)?.[0];
  }

  /** What came from the others so far, by their names. */
  received() {
    return this.page.evaluate(readStatistics);
  }

  /** Pictures for people to look at: large and small screen, light and dark. @param {string} state */
  async picture(state) {
    for (const [screen, size] of Object.entries(SCREENS)) {
      await this.page.setViewportSize(size);
      for (const colorScheme of SCHEMES) {
        await this.page.emulateMedia({ colorScheme });
        const file = path.join(OUTPUT, `${state}-${screen}-${colorScheme}.png`);
        await this.page.screenshot({ path: file, animations: 'disabled' });
      }
    }
    await this.page.emulateMedia({ colorScheme: null });
    await this.page.setViewportSize(SMALL_SCREEN);
  }
}

/** A figure with its name in an accessible tree as text. */
const FIGURE = /^ *- '?figure ("(?:[^"\\]|\\.)*")?.*$/gm;

/** @param {string} line @param {string} name quoted @returns {string} */
function unquote(line, name) {
  // The tree is YAML: a line that would mean something else there is in single quotes.
  return JSON.parse(/^ *- '/.test(line) ? name.replaceAll("''", "'") : name);
}
