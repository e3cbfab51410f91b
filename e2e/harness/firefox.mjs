// Firefox with its made-up camera and microphone, driven through WebDriver BiDi (W3C).

import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';
import { afterwards } from './afterwards.mjs';
import { keepPeerConnections, readStatistics } from './media.mjs';
import { PATIENCE } from './until.mjs';

const PLACES = [process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'];
const FIREFOX = PLACES.find((place) => place && existsSync(place)) ?? 'firefox';

const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true, // every question is answered with yes
  'media.gmp-manager.updateEnabled': false, // what it would load from its maker
  'network.proxy.type': 0, // the network of the tests has none, whatever the environment says
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** Somebody at Firefox: found and pressed as {@link import('./person.mjs').Person} does. */
class FirefoxPerson {
  /** @param {string} name @param {import('puppeteer-core').Page} page */
  constructor(name, page) {
    this.name = name;
    this.page = page;
    page.setDefaultTimeout(PATIENCE);
  }

  /** What came from the others so far, by their names. */
  received() {
    return this.page.evaluate(readStatistics);
  }

  /** Types the name, presses `Join` and waits until one's own tile is there. */
  async join() {
    await this.page.locator('aria/Your name[role="textbox"]').fill(this.name);
    await this.page.locator('aria/Join[role="button"]').click();
    await this.page.waitForSelector('figure[aria-label="You"]');
  }

  /** Waits for the tile of somebody. @param {string} other */
  async sees(other) {
    await this.page.waitForSelector(`figure[aria-label="${other}"]`);
  }
}

export class Firefox {
  /** @param {import('puppeteer-core').Browser} browser */
  constructor(browser) {
    this.browser = browser;
  }

  /**
   * Starts Firefox and ends it after the test.
   *
   * @param {import('node:test').TestContext} test
   * @param {{ host?: { wrapper: (program: string) => string } }} [options] `host`: where it runs
   */
  static async start(test, { host } = {}) {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: host?.wrapper(FIREFOX) ?? FIREFOX,
      headless: true,
      acceptInsecureCerts: true,
      extraPrefsFirefox: PREFERENCES,
      timeout: PATIENCE,
    });
    afterwards(test, () => browser.close());
    return new Firefox(browser);
  }

  /** Somebody opens a link. @param {string} name @param {string} link */
  async opens(name, link) {
    const page = await this.browser.newPage();
    await page.evaluateOnNewDocument(keepPeerConnections);
    await page.goto(link);
    return new FirefoxPerson(name, page);
  }

  /** Somebody opens a link and joins the room that it names. @param {string} name @param {string} link */
  async joins(name, link) {
    const person = await this.opens(name, link);
    await person.join();
    return person;
  }
}
