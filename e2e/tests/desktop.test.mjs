// The app as a part of the desktop: one window, what it keeps, what it says, and what closing it does.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { Desk } from '../harness/desk.mjs';
import { freePort } from '../harness/free-port.mjs';
import { mediaFlows } from '../harness/media.mjs';
import { joinOtherNetwork, LAN_ADDRESS, loseNetwork, regainNetwork } from '../harness/network.mjs';
import { WINDOW_PROGRAM, start } from '../harness/programs.mjs';
import { until } from '../harness/until.mjs';
import { Client } from '../harness/wire.mjs';
import { Window, windowProcesses } from '../harness/window.mjs';

/** @param {Desk} desk @param {string} name */
const inData = (desk, name) => path.join(desk.dataFolder, name);

/** @param {Desk} desk */
const settingsOf = (desk) => JSON.parse(readFileSync(inData(desk, 'settings.json'), 'utf8'));

/** @param {Desk} desk @param {string} content */
function writeSettings(desk, content) {
  mkdirSync(desk.dataFolder, { recursive: true });
  writeFileSync(inData(desk, 'settings.json'), content);
}

test('what a person sets is there again, even after the app was killed; a bad file is kept aside', async (t) => {
  const desk = await Desk.make(t);
  const first = await Window.open(t, { desk });
  await first.fill('Your name', 'Ada');
  await first.press('Settings');
  await first.choose('Theme', 'Dark');
  await until(
    'the settings are saved',
    () => existsSync(inData(desk, 'settings.json')) && settingsOf(desk).theme === 'dark',
  );
  await first.picture('settings');
  for (const id of windowProcesses()) process.kill(Number(id), 'SIGKILL');
  await first.hasEnded();
  assert.equal(settingsOf(desk).name, 'Ada');

  const second = await Window.open(t, { desk });
  assert.equal(await second.value('Your name'), 'Ada');
  assert.equal(await second.run('return document.documentElement.dataset.theme'), 'dark');
  await second.close();
  // Closed in order it saves nothing anew, and leaves nothing half done.
  assert.equal(settingsOf(desk).theme, 'dark');

  writeSettings(desk, '{"name":"Ada","port":"lots"}');
  const third = await Window.open(t, { desk });
  await third.says(/settings\.json\.bad/);
  await third.picture('settings-set-aside');
  assert.match(readFileSync(inData(desk, 'settings.json.bad'), 'utf8'), /lots/);
  assert.equal(await third.value('Your name'), '');
  await third.close();
});

test('a second start brings the first window up and hands over its link, which asks before it joins', async (t) => {
  const desk = await Desk.make(t, { bus: true });
  const window = await Window.open(t, { desk, args: ['visavis:482193775'] });
  await window.says(/Join room 482 193 775\?/);
  await window.picture('link-question');
  await window.pressIn('alertdialog', 'Not now');
  await window.says(/Create a room/);

  for (const link of ['visavis://111-222-333', 'visavis:https://192.0.2.7:47000/#111222333']) {
    const again = start(WINDOW_PROGRAM, [link], { env: desk.environment });
    const [code] = await once(again, 'exit');
    assert.equal(code, 0, again.errors);
    await window.says(/Join room 111 222 333\?/);
    await window.pressIn('alertdialog', 'Not now');
    await window.saysNoMore(/Join room/);
  }
  const strange = start(WINDOW_PROGRAM, ['https://192.0.2.7/'], { env: desk.environment });
  await once(strange, 'exit');

  // A link to a room of this machine is followed once the person agrees.
  await window.press('Create a room');
  const link = await window.inviteLink();
  await window.press('Leave');
  await window.press('Back to the lobby');
  const room = new URL(link).hash.slice(1);
  await once(start(WINDOW_PROGRAM, [`visavis:${room}`], { env: desk.environment }), 'exit');
  await window.says(/Join room/);
  await window.pressIn('alertdialog', 'Join');
  await window.says(/No other app answered/);
  await window.close();
});

test('the window is where and as large as it was', async (t) => {
  const desk = await Desk.make(t);
  const place = [70, 50, 840, 620];
  const first = await Window.open(t, { desk });
  await first.says(/Create a room/);
  await first.geometry(...place);
  await until('the window is there', async () => String(await first.geometry()) === String(place));
  await first.close();
  const second = await Window.open(t, { desk });
  await until('the window is there again', async () => String(await second.geometry()) === String(place));
  await second.close();
});

test('a page that is gone does not keep the app from closing', async (t) => {
  const window = await Window.open(t);
  await window.press('Create a room');
  await window.inviteLink();
  const pages = windowProcesses().filter((id) =>
    readlinkSync(`/proc/${id}/exe`).includes('WebKitWebProcess'),
  );
  for (const id of pages) process.kill(Number(id), 'SIGKILL');
  await window.askToClose();
  await window.hasEnded();
});

test('closing asks while a room is open, and ends it only on that word', async (t) => {
  const window = await Window.open(t);
  await window.fill('Your name', 'Ada');
  await window.press('Create a room');
  const bob = await (await Chromium.start(t)).joins('Bob', await window.inviteLink());
  await window.says(/\bBob\b/);
  await window.askToClose();
  await window.says(/Close and leave the room\?/);
  await window.picture('close-question');
  await window.pressIn('alertdialog', 'Stay');
  await window.saysNoMore(/Close and leave/);
  await bob.sees('Ada');
  await window.askToClose();
  // The app may be gone before it could answer.
  await window.pressIn('alertdialog', 'Close').catch(() => {});
  await window.hasEnded();
  assert.match(await bob.isTold(), /host|room/i);
});

test('with a tray the room goes on behind a closed window, and can be left and ended from there', async (t) => {
  const desk = await Desk.make(t, { tray: true });
  const window = await Window.open(t, { desk });
  await window.fill('Your name', 'Ada');
  await window.press('Create a room');
  const link = await window.inviteLink();
  const bob = await (await Chromium.start(t)).joins('Bob', link);
  const [id = ''] = await window.says(/\b\d{3} \d{3} \d{3}\b/);
  const labels = async () => (await desk.trayEntries()).map(({ label }) => label);
  await until('the tray shows who is there', async () => (await labels()).includes('Bob'));
  assert.deepEqual((await labels()).filter(Boolean), [`Room ${id}`, 'Ada', 'Bob', 'Open', 'Leave', 'Quit']);

  await window.askToClose();
  await until('the window is hidden', async () => !(await window.isShown()));
  assert.notDeepEqual(windowProcesses(), []);
  // Who is behind it goes on being seen and heard.
  await bob.sees('Ada');
  await mediaFlows(bob, 'Ada');
  const cleo = await (await Chromium.start(t)).joins('Cleo', link);
  await until('the tray shows who has come', async () => (await labels()).includes('Cleo'));
  await cleo.leave();

  await desk.pressInTray('Open');
  await until('the window is back', () => window.isShown());
  await desk.pressInTray('Quit');
  await window.says(/Close and leave the room\?/);
  await window.pressIn('alertdialog', 'Stay');
  await desk.pressInTray('Leave');
  await window.says(/You left the room/);
  await until('the tray knows', async () => (await labels()).includes('In no room'));
  await bob.leave();
  await until('nobody is in the room', async () => !(await labels()).includes('Bob'));
  // The window comes back when nobody shows the tray any more.
  await window.askToClose();
  await until('the window is hidden', async () => !(await window.isShown()));
  await desk.closePanel();
  await until('the window is back', () => window.isShown());
  await window.close();
});

test('a tray that comes later is used, and ends the app', async (t) => {
  const desk = await Desk.make(t, { bus: true });
  const window = await Window.open(t, { desk });
  await window.says(/Create a room/);
  await desk.openPanel(t);
  await desk.pressInTray('Quit');
  await window.hasEnded();
});

test('without the setting, closing ends the app also where there is a tray', async (t) => {
  const desk = await Desk.make(t, { tray: true });
  writeSettings(desk, '{"tray":false}');
  const window = await Window.open(t, { desk });
  await window.says(/Create a room/);
  await window.close();
});

test('a port that is taken and a network that is gone are said, and do not keep anybody waiting', async (t) => {
  const desk = await Desk.make(t);
  const taken = net.createServer().listen(0, '0.0.0.0');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { port } = /** @type {net.AddressInfo} */ (taken.address());
  writeSettings(desk, JSON.stringify({ port }));
  const window = await Window.open(t, { desk });
  await window.says(new RegExp(String(port)));
  await window.press('Create a room');
  const used = new URL(await window.inviteLink());
  assert.equal(used.hostname, LAN_ADDRESS);
  assert.notEqual(used.port, String(port));

  await loseNetwork();
  t.after(regainNetwork);
  await window.says(/on no network/);
  await window.picture('no-network');
  await regainNetwork();
  await until('the invite is back', async () => new URL(await window.inviteLink()).hostname === LAN_ADDRESS);
  await window.press('Leave');
  await window.says(/You left the room/);

  // Free again: the next room has it.
  taken.close();
  await once(taken, 'close');
  await window.press('Back to the lobby');
  await window.press('Create a room');
  assert.equal(new URL(await window.inviteLink()).port, String(port));
});

test('what is set of the network counts: port, interface, servers, and being reachable without a room', async (t) => {
  const desk = await Desk.make(t);
  const port = await freePort(LAN_ADDRESS);
  const turn = { urls: [`turn:${LAN_ADDRESS}:3478`], username: 'u', credential: 'c' };
  const settings = { port, visible: true, networkInterface: 'lan0', iceServers: [turn] };
  writeSettings(desk, JSON.stringify(settings));
  const window = await Window.open(t, { desk });
  const lobby = `https://${LAN_ADDRESS}:${port}/`;
  // No room yet: a guest who has no link finds the lobby, and an ID that nobody has.
  const guest = await until('the lobby is served', () => Client.connect(t, lobby).catch(() => null));
  guest.say({ type: 'hello', versions: [1] });
  guest.say({ type: 'join', room: '482193775', name: 'Bob' });
  assert.equal(await guest.isRefused(), 'unknown-room');

  await window.press('Create a room');
  const link = await window.inviteLink();
  assert.equal(new URL(link).origin, new URL(lobby).origin);
  const { welcome } = await Client.joined(t, link, 'Bob');
  assert.deepEqual(welcome.iceServers.at(-1), turn);
});

test('who hosts on several networks chooses one beside the invitation, and the link follows', async (t) => {
  const other = await joinOtherNetwork(t);
  const window = await Window.open(t);
  await window.press('Create a room');
  await window.inviteLink();
  for (const [name, address] of [
    [other.name, other.address],
    ['lan0', LAN_ADDRESS],
  ]) {
    await window.choose('Network', `${name} · ${address}`);
    await until(
      `the link leads to ${name}`,
      async () => new URL(await window.inviteLink()).hostname === address,
    );
  }
  await window.press('Leave');
  await window.close();
});

test('neither the log nor the report tells of whom and where', async (t) => {
  const desk = await Desk.make(t);
  desk.environment.VISAVIS_LOG = 'trace';
  const window = await Window.open(t, { desk });
  await window.fill('Your name', 'Ada Privately');
  await window.press('Create a room');
  const link = new URL(await window.inviteLink());
  const bob = await (await Chromium.start(t)).joins('Bob Privately', link.href);
  await window.says(/Bob Privately/);
  await window.press('Settings');
  await window.press('Help');
  const report = await until('a report', () => window.value('Report'));
  await window.picture('report');
  await bob.leave();
  await window.press('Close settings');
  await window.press('Leave');
  await window.close();

  const log = readFileSync(desk.logFile, 'utf8');
  assert.match(log, /the network side is open/);
  assert.match(report, /1 rooms.*\n/);
  const secrets = ['Privately', 'Ada', 'Bob', link.hostname, link.port, link.hash.slice(1), '127.0.0.1'];
  for (const secret of secrets) {
    assert.ok(!log.includes(secret), `the log tells ${secret}`);
    assert.ok(!report.includes(secret), `the report tells ${secret}:\n${report}`);
  }
  assert.deepEqual(readdirSync(path.dirname(desk.logFile)), ['visavis.log']);
});
