// A state of the interface: a picture of each appearance, and everything that is checked of it.

import assert from 'node:assert/strict';
import path from 'node:path';
import { OUTPUT } from '../programs.mjs';
import { APPEARANCES, Wardrobe } from './appearance.mjs';
import { AXE, axeFaults, RULES, RULES_WITHOUT_COLOURS } from './axe.mjs';
import {
  comesToRest,
  edgeFaults,
  focused,
  layoutFaults,
  listControls,
  motionFaults,
  prepareLook,
  textFaults,
} from './in-page.mjs';

/** @typedef {import('./appearance.mjs').Appearance} Appearance */
/** @typedef {import('../person.mjs').Person} Person */

/** How large a control is at least, in px: for a finger (WCAG 2.5.5), and for a pointer (WCAG 2.5.8). */
const TARGET = { desktop: 24, phone: 44, landscape: 44, small: 24 };

/** The text size that nothing may break at (WCAG 1.4.4). */
const LARGE_TEXT = 2;

/** What the checks that need no other are made in. @type {Appearance} */
const PLAIN = { screen: 'desktop', scheme: 'light', language: 'en' };

const PICTURES = path.join(OUTPUT, 'views');

/**
 * Takes the pictures of a state, and fails if anything is wrong with it.
 *
 * @param {string} state
 * @param {Person} person who sees it
 */
export async function shows(state, { page }) {
  const showing = new Showing(state, page, await Wardrobe.of(page));
  await showing.run();
  assert.equal(showing.faults.join('\n'), '', `nothing is wrong with ${state}`);
}

class Showing {
  /** @type {string[]} */
  faults = [];

  /** @param {string} state @param {import('playwright-core').Page} page @param {Wardrobe} wardrobe */
  constructor(state, page, wardrobe) {
    this.state = state;
    this.page = page;
    this.wardrobe = wardrobe;
  }

  async run() {
    await this.page.evaluate(prepareLook);
    if (!(await this.page.evaluate('typeof axe === "object"'))) await this.page.evaluate(AXE);
    for (const appearance of APPEARANCES) {
      await this.wardrobe.wear(appearance);
      await this.#check(appearance);
    }
    await this.#largeText();
    await this.wardrobe.wear(PLAIN);
    await this.#wishes();
    await this.#keyboard();
  }

  /** @param {Appearance} appearance */
  async #check({ screen, scheme, language }) {
    const name = `${screen}-${scheme}-${language}`;
    await this.#picture(name);
    // What is no colour is the same in both schemes: each language is looked at in one of them.
    if (screen !== 'landscape' && (language === 'en') !== (scheme === 'light')) return;
    await this.#look(name, screen);
    this.#note(name, await this.page.evaluate(axeFaults, RULES));
  }

  async #largeText() {
    await this.wardrobe.enlarge(LARGE_TEXT);
    for (const screen of /** @type {const} */ (['desktop', 'phone'])) {
      const name = `${screen}-large-text`;
      await this.wardrobe.wear({ ...PLAIN, screen });
      await this.#picture(name);
      await this.#look(name, screen);
      this.#note(name, await this.page.evaluate(axeFaults, RULES));
    }
    await this.wardrobe.enlarge(1);
  }

  /** What a person may have set for all pages. */
  async #wishes() {
    await this.page.evaluate(comesToRest);
    await this.wardrobe.prefer({ reducedMotion: 'reduce' });
    // Another screen is what moves the most.
    await this.wardrobe.wear({ ...PLAIN, screen: 'landscape' });
    await this.wardrobe.wear(PLAIN);
    this.#note('reduced-motion', await this.page.evaluate(motionFaults));
    await this.wardrobe.prefer({ reducedMotion: null, forcedColors: 'active' });
    for (const scheme of /** @type {const} */ (['dark', 'light'])) {
      const name = scheme === 'light' ? 'forced-colours' : 'forced-colours-dark';
      await this.wardrobe.wear({ ...PLAIN, scheme });
      await this.#picture(name);
      this.#note(name, await this.page.evaluate(edgeFaults));
      this.#note(name, await this.page.evaluate(axeFaults, RULES_WITHOUT_COLOURS));
    }
    await this.wardrobe.prefer({ forcedColors: null });
  }

  /** The Tab key reaches every control, and one sees where one is. */
  async #keyboard() {
    const controls = await this.page.evaluate(listControls);
    const left = new Map(controls.map(({ number, name }) => [number, name]));
    /** Twice round: where one begins is in the middle. */
    let presses = 2 * left.size + 2;
    const faults = new Set();
    while (left.size > 0 && presses-- > 0) {
      await this.page.keyboard.press('Tab');
      const at = await this.page.evaluate(focused);
      if (!at) continue;
      left.delete(at.number);
      for (const fault of at.faults) faults.add(fault);
    }
    for (const name of left.values()) faults.add(`the keyboard does not reach ${name}`);
    this.#note('keyboard', [...faults]);
  }

  /** @param {string} name @param {Appearance['screen']} screen */
  async #look(name, screen) {
    this.#note(name, await this.page.evaluate(layoutFaults, { target: TARGET[screen] }));
    this.#note(name, await this.page.evaluate(textFaults));
  }

  /** @param {string} name */
  async #picture(name) {
    const file = path.join(PICTURES, `${this.state}-${name}.png`);
    await this.page.screenshot({ path: file, animations: 'disabled' });
  }

  /** @param {string} name @param {string[]} faults */
  #note(name, faults) {
    this.faults.push(...faults.map((fault) => `${name}: ${fault}`));
  }
}
