// Chromium, with the machine's fake camera and microphone or with none.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { afterwards } from './afterwards.mjs';
import { keepPeerConnections } from './media.mjs';
import { Person, SMALL_SCREEN } from './person.mjs';

export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

const QUIET = [
  '--disable-gpu', // there is none
  '--disable-quic', // one transport less
  '--no-first-run',
  '--no-proxy-server', // the network of the tests has none, whatever the environment says
  // There is no internet to look up; trying would only slow the start.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // What it asks its maker all the same: a name that it has no answer for, without asking the network.
  '--host-resolver-rules=MAP *.google.com ~NOTFOUND, MAP *.googleapis.com ~NOTFOUND, MAP *.gstatic.com ~NOTFOUND',
  // A page in the background is a person who still looks: do not slow its timers and frames.
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
];

/** Few frames: thirty streams of six people share two cores. */
const FAKE_DEVICES = '--use-fake-device-for-media-stream=fps=5';

/** Answers every question for the camera and the microphone with yes. */
const ALLOW = '--use-fake-ui-for-media-stream';

const DEVICES = {
  /** A moving picture and a beep each second. */
  fake: [FAKE_DEVICES, ALLOW],
  /** A machine without a camera. */
  microphone: ['--use-fake-device-for-media-stream=device-count=0', ALLOW],
  /** A machine without any: requests fail with NotFoundError. */
  none: [ALLOW],
  /** Devices that the person does not allow to use: headless, an unanswered question is a no. */
  refused: [FAKE_DEVICES, '--deny-permission-prompts'],
};

/** A running Chromium. Each profile in it is a person of its own. */
export class Chromium {
  #server;
  #browser;

  /**
   * @param {import('playwright-core').BrowserServer} server
   * @param {import('playwright-core').Browser} browser
   */
  constructor(server, browser) {
    this.#server = server;
    this.#browser = browser;
    /** @type {Person[]} */
    this.people = [];
  }

  /**
   * Starts Chromium and ends it after the test; no page may have failed until then.
   *
   * @param {import('node:test').TestContext} test
   * @param {object} [options]
   * @param {keyof typeof DEVICES} [options.devices]
   * @param {string[]} [options.args]
   * @param {{ wrapper: (program: string) => string }} [options.host] where it runs
   */
  static async start(test, { devices = 'fake', args = [], host } = {}) {
    const server = await chromium.launchServer({
      executablePath: host?.wrapper(CHROMIUM) ?? CHROMIUM,
      chromiumSandbox: false, // the namespaces of own-network.sh are the sandbox; Chromium's own refuses root
      args: [...QUIET, ...DEVICES[devices], ...args],
    });
    const started = new Chromium(server, await chromium.connect(server.wsEndpoint()));
    afterwards(test, async () => {
      await server.kill();
      const faults = started.people.flatMap((person) => person.faults);
      assert.deepEqual(faults, [], 'no page has failed');
    });
    return started;
  }

  /**
   * Somebody opens a link.
   *
   * @param {string} name
   * @param {string} link
   * @param {object} [options]
   * @param {() => void} [options.before] runs in the page before its own scripts
   * @param {(page: import('playwright-core').Page) => Promise<unknown>} [options.arrange] what is there before the page
   */
  async opens(name, link, { before, arrange } = {}) {
    const context = await this.#browser.newContext({ ignoreHTTPSErrors: true, viewport: SMALL_SCREEN });
    await context.addInitScript(keepPeerConnections);
    if (before) await context.addInitScript(before);
    const person = new Person(name, await context.newPage());
    this.people.push(person);
    await arrange?.(person.page);
    await person.page.goto(link);
    return person;
  }

  /** Somebody opens a link and joins the room that it names. @param {string} name @param {string} link */
  async joins(name, link) {
    const person = await this.opens(name, link);
    await person.join();
    await person.isIn();
    return person;
  }

  /** Of its first process, which has started the others. */
  get pid() {
    return /** @type {number} */ (this.#server.process().pid);
  }

  /** For all of its processes at once. @param {NodeJS.Signals} signal */
  signal(signal) {
    process.kill(-this.pid, signal);
  }
}
