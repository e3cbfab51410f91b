// The package for Debian (scripts/package.sh): installed, used and removed, on a scratch copy of this machine.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { PACKAGES } from '../harness/programs.mjs';
import { ScratchMachine } from '../harness/scratch-machine.mjs';
import { Window, windowProcesses } from '../harness/window.mjs';

const ENTRY = '/usr/share/applications/Visavis.desktop';
const METADATA = '/usr/share/metainfo/io.github.visavis.app.metainfo.xml';
const ICONS = [16, 24, 32, 48, 64, 128, 256, 512].map((size) => ({
  size,
  file: `/usr/share/icons/hicolor/${size}x${size}/apps/visavis.png`,
}));
const CONTENT = [
  ENTRY,
  METADATA,
  '/usr/bin/visavis',
  '/usr/bin/visavis-server',
  '/usr/share/doc/visavis/copyright',
  '/usr/share/icons/hicolor/scalable/apps/visavis.svg',
  ...ICONS.map(({ file }) => file),
];

/** What the package manager writes for itself, whatever it installs: its records, and lists of what is installed. */
const RECORDS = /^\/var\/(cache|lib\/dpkg|log)\//;
const LISTS = /\/(icon-theme|mimeinfo)\.cache$|^\/etc\/mailcap$/;

/** Where the header of a PNG has the picture's width and height. */
const PNG_WIDTH = 16;
const PNG_HEIGHT = 20;

test('the package installs, runs from its desktop entry, and leaves only what the person made', async (t) => {
  if (!isDebian()) return t.skip('this system installs other packages');
  const { machine, refusal } = ScratchMachine.make(t);
  if (!machine) return t.skip(`no package can be installed here: ${refusal}`);
  install(machine);
  checkFiles(machine);

  const entry = readEntry(machine);
  const window = await Window.open(t, { installed: { machine, command: commandOf(machine, entry) } });
  await window.fill('Your name', 'Ada');
  assert.ok((await window.names()).includes(entry.StartupWMClass ?? ''), 'the window belongs to the entry');
  await window.press('Create a room');
  const bob = await (await Chromium.start(t)).joins('Bob', await window.inviteLink());
  await window.says(/\bBob\b/);
  await bob.leave();
  await window.saysNoMore(/\bBob\b/);
  await window.press('Leave');
  await window.says(/left the room/);
  await window.close();
  assert.deepEqual(windowProcesses(window.program), []);

  machine.run('dpkg', '--purge', 'visavis');
  assert.deepEqual(leftovers(machine), []);
  assert.notDeepEqual(
    readdirSync(path.join(window.desk.home, 'data')),
    [],
    'the data of the person is still there',
  );
});

/** Whether dpkg looks after this system: elsewhere it may be there as a tool, and knows of no package. */
function isDebian() {
  return spawnSync('dpkg-query', ['--show', 'dpkg']).status === 0;
}

/** Installs the package as a person does; it fails where something is missing that it depends on. @param {ScratchMachine} machine */
function install(machine) {
  const copy = '/visavis.deb';
  copyFileSync(packageFile(), machine.path(copy));
  machine.run('dpkg', '--install', copy);
  rmSync(machine.path(copy));
}

/** The package that VISAVIS_PACKAGE names, else the one around the programs that the other tests run. */
function packageFile() {
  if (process.env.VISAVIS_PACKAGE) return process.env.VISAVIS_PACKAGE;
  const [found] = readdirSync(PACKAGES).filter((name) => name.endsWith('.deb'));
  assert.ok(found, 'scripts/package.sh --debug has built a package');
  return path.join(PACKAGES, found);
}

/** @param {ScratchMachine} machine */
function checkFiles(machine) {
  const listed = machine.run('dpkg', '--listfiles', 'visavis').trim().split('\n');
  const folders = new Set(listed.map((file) => path.dirname(file)));
  const files = listed.filter((file) => file !== '/.' && !folders.has(file));
  assert.deepEqual(files.sort(), CONTENT.sort());
  for (const { size, file } of ICONS) {
    const picture = readFileSync(machine.path(file));
    assert.deepEqual([picture.readUInt32BE(PNG_WIDTH), picture.readUInt32BE(PNG_HEIGHT)], [size, size], file);
  }

  machine.run('desktop-file-validate', ENTRY);
  machine.run('appstreamcli', 'validate', '--no-net', METADATA);
  const metadata = machine.read(METADATA);
  const version = machine.run('dpkg-query', '--show', '--showformat=${Version}', 'visavis');
  assert.ok(metadata.includes(`<launchable type="desktop-id">${path.basename(ENTRY)}</launchable>`));
  assert.ok(metadata.includes(`<release version="${version}"`), `the metadata tells of ${version}`);
  assert.match(machine.run('gio', 'mime', 'x-scheme-handler/visavis'), /Visavis\.desktop/);
  assert.match(machine.run('visavis-server', '--version'), new RegExp(`\\b${version}\\b`));
}

/** The keys of the desktop entry. @param {ScratchMachine} machine @returns {Record<string, string>} */
function readEntry(machine) {
  const lines = machine.read(ENTRY).matchAll(/^([^[#=]+)=(.*)$/gm);
  return Object.fromEntries(Array.from(lines, ([, key, value]) => [key, value]));
}

/** What a desktop runs when the entry is opened without a link. @param {ScratchMachine} machine @param {Record<string, string>} entry */
function commandOf(machine, { Exec = '' }) {
  const [program = '', ...args] = Exec.split(' ').filter((word) => !/^%[uUfF]$/.test(word));
  return [machine.run('which', program).trim(), ...args];
}

/** What the package has left where it was installed. @param {ScratchMachine} machine */
function leftovers(machine) {
  const speaksOfIt = (/** @type {string} */ file) => /visavis/i.test(machine.read(file));
  return machine.changedFiles().filter((file) => {
    return LISTS.test(file) ? speaksOfIt(file) : !RECORDS.test(file);
  });
}
