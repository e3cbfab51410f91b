// A person's desktop: a home, a display, and if asked for a session bus with a panel that has a tray.

import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterwards } from './afterwards.mjs';
import { end, start, temporaryFolder } from './programs.mjs';
import { until } from './until.mjs';

/** @typedef {import('./programs.mjs').Program} Program */

const WATCHER = 'org.kde.StatusNotifierWatcher';
const WATCHER_PATH = '/StatusNotifierWatcher';

/** What a panel that starts for the first time would ask the person: one bar with a tray. */
const PANEL_SETTINGS = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=640;y=780"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
  </property>
</channel>
`;

/**
 * Numbers of the displays. Left to itself, Xvfb takes the first whose owner does not live; from a process namespace
 * that is the one of the person who runs the tests, and its lock would be lost.
 */
const DISPLAYS = /** @type {const} */ ([1000, 10_000]);

export class Desk {
  /** @param {string} home @param {number} display @param {NodeJS.ProcessEnv} environment */
  constructor(home, display, environment) {
    this.home = home;
    this.display = display;
    this.environment = environment;
  }

  /**
   * Makes one for a new person, and ends and removes it after the test.
   *
   * @param {import('node:test').TestContext} test
   * @param {object} [options]
   * @param {boolean} [options.bus] a session bus
   * @param {boolean} [options.tray] a tray, with the bus that it needs
   * @param {string} [options.home] of somebody who was here before; it stays
   */
  static async make(test, { bus = false, tray = false, home: known } = {}) {
    const { folder: home, remove } = known ? { folder: known, remove: () => {} } : temporaryFolder();
    afterwards(test, remove);
    const display = randomInt(...DISPLAYS);
    const screen = start('Xvfb', [
      ...[`:${display}`, '-displayfd', '1'],
      ...['-screen', '0', '1280x800x24', '-nolisten', 'tcp'],
    ]);
    afterwards(test, () => end(screen));
    await until(`display ${display}: ${screen.errors}`, () => screen.output.trim());
    const desk = new Desk(home, display, environment(home, display));
    if (bus || tray) await desk.#startBus(test);
    if (tray) await desk.openPanel(test);
    return desk;
  }

  /** @type {Program | null} */
  #panel = null;

  /** Ends the panel, and the tray with it. */
  async closePanel() {
    if (this.#panel) await end(this.#panel);
  }

  /** Where the app keeps what it knows of the person. */
  get dataFolder() {
    return path.join(this.home, 'data', 'visavis');
  }

  get logFile() {
    return path.join(this.home, 'state', 'visavis', 'visavis.log');
  }

  /** Where `xdg-open` notes what it was asked to open. */
  get opened() {
    return openedFile(this.home);
  }

  /** Where the programs of this desk look for a sound system. */
  get soundSocket() {
    return soundSocket(this.home);
  }

  /** The app's entries in the tray, from top to bottom. */
  async trayEntries() {
    const { bus, menu } = await this.#trayMenu();
    const layout = this.#call(bus, menu, 'com.canonical.dbusmenu.GetLayout', '0', 'int32 -1', '[]');
    return Array.from(
      layout.matchAll(/\((\d+), \{[^}]*'label': <'([^']*)'>/g),
      ([, id = '', label = '']) => ({
        id,
        label,
      }),
    );
  }

  /** @param {string} label of an entry in the tray */
  async pressInTray(label) {
    const entry = await until(`the tray has ${label}`, async () =>
      (await this.trayEntries()).find((one) => one.label === label),
    );
    const { bus, menu } = await this.#trayMenu();
    this.#call(bus, menu, 'com.canonical.dbusmenu.Event', entry.id, 'clicked', '<0>', '0');
  }

  /** Where the menu of the one icon in the tray is. */
  async #trayMenu() {
    const items = () =>
      /'([^']+?)(\/[^']+)'/.exec(
        this.#property(WATCHER, WATCHER_PATH, WATCHER, 'RegisteredStatusNotifierItems'),
      );
    const [, bus = '', item = ''] = await until('an icon in the tray', items);
    const menu = this.#property(bus, item, 'org.kde.StatusNotifierItem', 'Menu');
    return { bus, menu: /objectpath '([^']+)'/.exec(menu)?.[1] ?? '' };
  }

  /** @param {string} bus @param {string} object @param {string} from @param {string} name */
  #property(bus, object, from, name) {
    return this.#call(bus, object, 'org.freedesktop.DBus.Properties.Get', from, name);
  }

  /** @param {import('node:test').TestContext} test */
  async #startBus(test) {
    const daemon = start('dbus-daemon', ['--session', '--nofork', '--print-address'], {
      env: this.environment,
    });
    afterwards(test, () => end(daemon));
    this.environment.DBUS_SESSION_BUS_ADDRESS = await until('a session bus', () => daemon.output.trim());
  }

  /** Starts a panel that has a tray. @param {import('node:test').TestContext} test */
  async openPanel(test) {
    const settings = path.join(this.home, 'config', 'xfce4', 'xfconf', 'xfce-perchannel-xml');
    mkdirSync(settings, { recursive: true });
    writeFileSync(path.join(settings, 'xfce4-panel.xml'), PANEL_SETTINGS);
    const panel = start('xfce4-panel', ['--disable-wm-check'], { env: this.environment });
    this.#panel = panel;
    afterwards(test, () => end(panel));
    const isOwned = () =>
      /true/.test(
        this.#call(
          'org.freedesktop.DBus',
          '/org/freedesktop/DBus',
          'org.freedesktop.DBus.NameHasOwner',
          WATCHER,
        ),
      );
    await until('the panel has a tray', isOwned);
  }

  /** Calls a method on the session bus; empty if it cannot be called. @param {string} bus @param {string} object @param {string} method @param {...string} args */
  #call(bus, object, method, ...args) {
    const call = ['call', '--session', '--dest', bus, '--object-path', object, '--method', method, ...args];
    return spawnSync('gdbus', call, { encoding: 'utf8', env: this.environment }).stdout;
  }
}

/** @param {string} home */
function openedFile(home) {
  return path.join(home, 'opened');
}

/** @param {string} home */
function soundSocket(home) {
  return path.join(home, 'sound');
}

/**
 * A home of its own, no session bus, no sound system, and an `xdg-open` that notes the link instead of starting a browser.
 *
 * @param {string} home
 * @param {number} display
 * @returns {NodeJS.ProcessEnv}
 */
function environment(home, display) {
  const opened = openedFile(home);
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
    XDG_STATE_HOME: `${home}/state`,
    PATH: `${home}:${process.env.PATH}`,
    BROWSER: opener,
    NO_AT_BRIDGE: '1', // no accessibility bus to look for
    TAURI_WEBVIEW_AUTOMATION: 'true',
    PULSE_SERVER: `unix:${soundSocket(home)}`, // nothing listens there unless a test has it so
    VISAVIS_MOCK_DEVICES: '1', // the webview's own fake camera and microphone
  };
}
