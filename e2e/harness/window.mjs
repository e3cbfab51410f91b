// The desktop window on a display of its own, driven through WebKitWebDriver (W3C WebDriver).

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterwards } from './afterwards.mjs';
import { Desk } from './desk.mjs';
import { freePort } from './free-port.mjs';
import { here } from './network.mjs';
import { OUTPUT, WINDOW_PROGRAM, end } from './programs.mjs';
import { PATIENCE, until } from './until.mjs';
import { Display } from './x11.mjs';

/** @typedef {import('./scratch-machine.mjs').ScratchMachine} ScratchMachine */
/** @typedef {import('./programs.mjs').Program} Program */

/** The member that WebDriver wraps an element's reference in. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** In WM_CLASS; the desktop entry has it too. */
const WINDOW_NAME = 'visavis';

export class Window {
  /**
   * @param {string} session the session's address at the driver
   * @param {Desk} desk
   * @param {string} program
   * @param {Program} driver
   */
  constructor(session, desk, program, driver) {
    this.session = session;
    this.desk = desk;
    this.program = program;
    this.driver = driver;
  }

  /**
   * Starts the app, as a new person unless a desk is named, and ends everything after the test.
   *
   * @param {import('node:test').TestContext} test
   * @param {object} [options]
   * @param {Desk} [options.desk]
   * @param {string} [options.program] another than the app
   * @param {string[]} [options.args] of the app
   * @param {{ machine: ScratchMachine, command: string[] }} [options.installed] an app that is installed somewhere
   * @param {typeof here | import('./lan.mjs').Host} [options.host] where it runs
   * @param {boolean} [options.carriesCalls] false: calls open in the browser (docs/desktop.md)
   * @param {boolean} [options.mockDevices] false: those of the system instead of the webview's made-up ones
   */
  static async open(
    test,
    {
      desk,
      program = WINDOW_PROGRAM,
      args = [],
      installed,
      host = here,
      carriesCalls = true,
      mockDevices = true,
    } = {},
  ) {
    const at = desk ?? (await Desk.make(test));
    const port = await freePort();
    installed?.machine.share(test, at.home);
    const driver = (installed?.machine ?? host).start('WebKitWebDriver', [`--port=${port}`], {
      env: {
        ...at.environment,
        ...(carriesCalls ? {} : { VISAVIS_NATIVE_PEER: '0' }),
        ...(mockDevices ? {} : { VISAVIS_MOCK_DEVICES: '0' }),
      },
    });
    afterwards(test, () => end(driver));
    const door = await host.doorTo(port);
    const address = `http://127.0.0.1:${door}/session`;
    const [binary = '', ...own] = installed?.command ?? [program];
    const options = { binary, args: [...own, ...args] };
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
    await until('the driver listens', () => fetch(`http://127.0.0.1:${door}/status`).catch(() => null));
    const { sessionId } = await ask('POST', address, { capabilities });
    const running = installed ? installed.machine.path(binary) : binary;
    return new Window(`${address}/${sessionId}`, at, running, driver);
  }

  /** Presses a button. @param {string} name accessible name */
  async press(name) {
    const id = await this.#find(`//button[@aria-label='${name}' or normalize-space(.)='${name}']`);
    await ask('POST', `${this.session}/element/${id}/click`, {});
  }

  /** Presses a button in a part of the page. @param {string} role of the part @param {string} name */
  async pressIn(role, name) {
    const id = await this.#find(`//*[@role='${role}']//button[normalize-space(.)='${name}']`);
    await ask('POST', `${this.session}/element/${id}/click`, {});
  }

  /** Chooses from a list, of an open dialog if there is one. @param {string} label @param {string} option */
  async choose(label, option) {
    const reached = '[ancestor::dialog[@open] or not(//dialog[@open])]';
    const list = `//select[@id=//label[normalize-space(.)='${label}']/@for]${reached}`;
    // The driver brings buttons into view by itself, and no lists.
    const found = await this.#find(list);
    const args = [{ [ELEMENT]: found }];
    await ask('POST', `${this.session}/execute/sync`, {
      script: 'arguments[0].scrollIntoView({ block: "center" })',
      args,
    });
    const id = await this.#find(`${list}/option[normalize-space(.)='${option}']`);
    await ask('POST', `${this.session}/element/${id}/click`, {});
  }

  /** What a field holds. @param {string} label @returns {Promise<string>} */
  async value(label) {
    const field = `//*[@id=//label[normalize-space(.)='${label}']/@for or @aria-label='${label}']`;
    return ask('GET', `${this.session}/element/${await this.#find(field)}/property/value`);
  }

  /** @param {string} label @param {string} text */
  async fill(label, text) {
    const id = await this.#find(
      `//input[@id=//label[normalize-space(.)='${label}']/@for or @aria-label='${label}']`,
    );
    await ask('POST', `${this.session}/element/${id}/clear`, {});
    await ask('POST', `${this.session}/element/${id}/value`, { text });
  }

  /** Waits until the lobby shows one's own picture, and the microphone moves its meter. */
  async seesOneself() {
    const shown = "return document.querySelector('figure video')?.videoWidth > 0";
    await until("one's own picture", () => this.run(shown));
    const level = "return Number(document.querySelector('[role=meter]')?.getAttribute('aria-valuenow'))";
    await until('the meter moves', () => this.run(level));
  }

  /** All text that is shown. @returns {Promise<string>} */
  text() {
    return this.run('return document.body.innerText');
  }

  /** @param {RegExp} words */
  async says(words) {
    return until(`the window says ${words}`, async () => words.exec(await this.text()));
  }

  /** @param {RegExp} words */
  async saysNoMore(words) {
    await until(`the window no longer says ${words}`, async () => !words.test(await this.text()));
  }

  /** The invite link as it is shown. @returns {Promise<string>} */
  async inviteLink() {
    const shown =
      'return [document.body.innerText, ...[...document.querySelectorAll("input")].map((i) => i.value)].join(" ")';
    const find = async () => /https:\/\/\S+#\d{9}/.exec(await this.run(shown))?.[0];
    return until('the window shows the invite link', find);
  }

  /** Runs a script in the page. @param {string} script */
  run(script) {
    return ask('POST', `${this.session}/execute/sync`, { script, args: [] });
  }

  /**
   * Evaluates an expression or a function in the page, and waits for its value, as a browser's page does.
   *
   * @param {string | (() => unknown)} read
   * @returns {Promise<any>}
   */
  async evaluate(read) {
    const expression = typeof read === 'string' ? read : `(${read})()`;
    const script = `
      const done = arguments[arguments.length - 1];
      (async () => (${expression}))().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await ask('POST', `${this.session}/execute/async`, { script, args: [] });
    if (error) throw new Error(error);
    return value;
  }

  /** @param {string} state */
  async picture(state) {
    const png = await ask('GET', `${this.session}/screenshot`);
    writeFileSync(path.join(OUTPUT, `${state}-window.png`), png, 'base64');
  }

  /** What the app had the default browser open. */
  async openedLink() {
    await until('a link is opened', () => existsSync(this.desk.opened));
    return readFileSync(this.desk.opened, 'utf8').trim();
  }

  /** Presses the cross of the window. */
  async askToClose() {
    const display = await Display.open(this.desk.display);
    assert.ok((await display.closeWindows(WINDOW_NAME)) > 0, 'there is a window to close');
    display.close();
  }

  /** Whether the window is on the screen. */
  async isShown() {
    const display = await Display.open(this.desk.display);
    const shown = await display.shows(WINDOW_NAME);
    display.close();
    return shown;
  }

  /** Where it is on the screen, and how large: after it was put there, if a place is given. @param {number[]} place x, y, width and height */
  async geometry(...place) {
    const display = await Display.open(this.desk.display);
    if (place.length > 0) await display.place(WINDOW_NAME, ...place);
    const found = await display.geometry(WINDOW_NAME);
    display.close();
    return found && [found.x, found.y, found.width, found.height];
  }

  /** Presses the cross, and the app ends. */
  async close() {
    await this.askToClose();
    await this.hasEnded();
  }

  async hasEnded() {
    await until('the app has ended', () => windowProcesses(this.program).length === 0);
    // It ends by itself, but only after it has tried to reach its browser.
    await end(this.driver);
  }

  /** The names by which desktops find the desktop entry of a window. */
  async names() {
    const display = await Display.open(this.desk.display);
    const names = await display.windowNames();
    display.close();
    return names;
  }

  /** @param {string} xpath @returns {Promise<string>} */
  async #find(xpath) {
    const visible = async () => {
      const found = await ask('POST', `${this.session}/elements`, { using: 'xpath', value: xpath });
      return found[0]?.[ELEMENT];
    };
    return until(`the window shows ${xpath}`, visible);
  }
}

/** The processes of the app that are running in this namespace. @param {string} [app] its program @returns {string[]} */
export function windowProcesses(app = WINDOW_PROGRAM) {
  return readdirSync('/proc').filter((id) => {
    try {
      const program = readlinkSync(`/proc/${id}/exe`);
      return (
        program === app ||
        path.basename(program).startsWith('WebKitWebProcess') ||
        path.basename(program).startsWith('WebKitNetworkProcess')
      );
    } catch {
      return false; // no process, or gone
    }
  });
}

/** @param {string} method @param {string} url @param {unknown} [body] @returns {Promise<any>} */
async function ask(method, url, body) {
  const signal = AbortSignal.timeout(PATIENCE);
  const asked = { method, signal, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const response = await fetch(url, asked).catch((/** @type {Error} */ error) => {
    // As it is, the reporter of tests shows neither its name nor what was asked.
    throw new Error(
      `${method} ${new URL(url).pathname} ${asked.body ?? ''}: ${error.name}: ${error.message}`,
    );
  });
  const { value } = /** @type {{ value: any }} */ (await response.json());
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value?.error}: ${value?.message}`);
  return value;
}
