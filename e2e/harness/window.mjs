// The desktop window on a display of its own, driven through WebKitWebDriver (W3C WebDriver).

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { afterwards } from './afterwards.mjs';
import { OUTPUT, WINDOW_PROGRAM, end, start, temporaryFolder } from './programs.mjs';
import { PATIENCE, until } from './until.mjs';
import { Display } from './x11.mjs';

/** The member that WebDriver wraps an element's reference in. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

export class Window {
  /**
   * @param {string} session the session's address at the driver
   * @param {number} display
   * @param {string} opened where `xdg-open` notes what it was asked to open
   */
  constructor(session, display, opened) {
    this.session = session;
    this.display = display;
    this.opened = opened;
  }

  /**
   * Starts the app as a new person with an empty home, and ends everything after the test.
   *
   * @param {import('node:test').TestContext} test
   * @param {object} [options]
   * @param {string} [options.program] another than the app
   * @param {string} [options.home] of somebody who has started it before
   */
  static async open(test, { program = WINDOW_PROGRAM, home: known } = {}) {
    const { folder: home, remove } = known ? { folder: known, remove: () => {} } : temporaryFolder();
    const screen = start('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp']);
    afterwards(test, async () => {
      await end(screen);
      remove();
    });
    const display = Number(await until(`a display: ${screen.errors}`, () => screen.output.trim()));
    const opened = path.join(home, 'opened');
    const port = await freePort();
    const driver = start('WebKitWebDriver', [`--port=${port}`], { env: environment(home, display, opened) });
    afterwards(test, () => end(driver));
    const address = `http://127.0.0.1:${port}/session`;
    const capabilities = {
      alwaysMatch: { 'webkitgtk:browserOptions': { binary: program, args: [] } },
    };
    await until('the driver listens', () => fetch(`http://127.0.0.1:${port}/status`).catch(() => null));
    const { sessionId } = await ask('POST', address, { capabilities });
    return new Window(`${address}/${sessionId}`, display, opened);
  }

  /** Presses a button. @param {string} name accessible name */
  async press(name) {
    const id = await this.#find(`//button[@aria-label='${name}' or normalize-space(.)='${name}']`);
    await ask('POST', `${this.session}/element/${id}/click`, {});
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
    const shown = "return document.querySelector('figure video').videoWidth > 0";
    await until("one's own picture", () => this.run(shown));
    const level = "return Number(document.querySelector('[role=meter]').getAttribute('aria-valuenow'))";
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

  /** @param {string} state */
  async picture(state) {
    const png = await ask('GET', `${this.session}/screenshot`);
    writeFileSync(path.join(OUTPUT, `${state}-window.png`), png, 'base64');
  }

  /** What the app had the default browser open. */
  async openedLink() {
    await until('a link is opened', () => existsSync(this.opened));
    return readFileSync(this.opened, 'utf8').trim();
  }

  /** Presses the cross of the window. */
  async close() {
    const display = await Display.open(this.display);
    assert.ok((await display.closeWindows()) > 0, 'there is a window to close');
    await until('the app has ended', () => windowProcesses().length === 0);
    display.close();
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

/** The processes of the app that are running in this namespace. @returns {string[]} */
export function windowProcesses() {
  return readdirSync('/proc').filter((id) => {
    try {
      const program = readlinkSync(`/proc/${id}/exe`);
      return (
        program === WINDOW_PROGRAM ||
        path.basename(program).startsWith('WebKitWebProcess') ||
        path.basename(program).startsWith('WebKitNetworkProcess')
      );
    } catch {
      return false; // no process, or gone
    }
  });
}

/**
 * A home of its own, no session bus, and an `xdg-open` that notes the link instead of starting a browser.
 *
 * @param {string} home
 * @param {number} display
 * @param {string} opened
 */
function environment(home, display, opened) {
  const opener = path.join(home, 'xdg-open');
  writeFileSync(
    opener,
    `#!/bin/sh\nprintf '%s\\n' "$1" > '${opened}.part' && mv '${opened}.part' '${opened}'\n`,
    { mode: 0o755 },
  );
  const { DBUS_SESSION_BUS_ADDRESS, WAYLAND_DISPLAY, ...rest } = process.env;
  return {
    ...rest,
    DISPLAY: `:${display}`,
    HOME: home,
    XDG_RUNTIME_DIR: home,
    XDG_DATA_HOME: `${home}/data`,
    XDG_CONFIG_HOME: `${home}/config`,
    XDG_CACHE_HOME: `${home}/cache`,
    PATH: `${home}:${process.env.PATH}`,
    BROWSER: opener,
    NO_AT_BRIDGE: '1', // no accessibility bus to look for
    TAURI_WEBVIEW_AUTOMATION: 'true',
    VISAVIS_MOCK_DEVICES: '1', // the webview's own fake camera and microphone
  };
}

/** @param {string} method @param {string} url @param {unknown} [body] @returns {Promise<any>} */
async function ask(method, url, body) {
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(url, {
    method,
    signal,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const { value } = /** @type {{ value: any }} */ (await response.json());
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value?.error}: ${value?.message}`);
  return value;
}

/** A TCP port that nobody uses; in a network of one's own it stays so. */
async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}
