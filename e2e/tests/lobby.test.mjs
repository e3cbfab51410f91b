// The lobby: where rooms are created and found.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { hasTwoCameras } from '../harness/look/surroundings.mjs';
import { allMediaFlows } from '../harness/media.mjs';
import { LAN_ADDRESS } from '../harness/network.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

test("a room is created in this machine's own lobby, and others join it over the network", async (t) => {
  const server = await startServer(t, 'lobby');
  const chromium = await Chromium.start(t);
  const ada = await chromium.opens('Ada', server.local);
  await ada.create();
  const id = await ada.page.getByLabel('Room ID', { exact: true }).innerText();
  assert.match(id.trim(), /^\d{3} \d{3} \d{3}$/);
  const link = await until('the invite link is shown', () => ada.inviteLink());
  assert.equal(new URL(link).hostname, LAN_ADDRESS);
  assert.equal(new URL(link).hash, `#${id.replaceAll(/\D/g, '')}`);
  await ada.picture('call-created');

  const bob = await chromium.opens('Bob', new URL('/', link).href);
  await bob.join(id);
  await bob.isIn();
  const cleo = await chromium.opens('Cleo', new URL('/', link).href);
  await cleo.join(link);
  await cleo.isIn();
  await allMediaFlows([ada, bob, cleo]);

  for (const person of [bob, cleo, ada]) await person.leave();
  await until(
    'the room has ended with its last participant',
    async () => (await server.status()).rooms === 0,
  );
});

test('a guest finds the room filled in, and cannot create one', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const bob = await chromium.opens('Bob', server.link);
  const room = await bob.field('Room ID or invite link').inputValue();
  assert.equal(room.replaceAll(/\D/g, ''), server.room);
  await bob.button('Join').waitFor();
  assert.equal(await bob.button('Create a room').count(), 0);

  const ada = await chromium.opens('Ada', server.local);
  const own = await ada.field('Room ID or invite link').inputValue();
  assert.equal(own.replaceAll(/\D/g, ''), server.room);
  await ada.button('Create a room').waitFor();
  await until('no secret stays in the address bar', () => !/token|code/.test(ada.page.url()));
});

test('their own invite leads the person at the host into the room, not away to the guests', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.opens('Ada', server.local);
  await ada.button('Create a room').waitFor();
  await ada.join(server.link);
  await ada.isIn();
  assert.equal(new URL(ada.page.url()).origin, new URL(server.local).origin);
});

test('an ID that no room has, and what is no ID, are told', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const unknown = server.room.replace(/^./, (digit) => String((Number(digit) + 1) % 10));
  const bob = await chromium.opens('Bob', new URL('/', server.link).href);
  await bob.join(unknown);
  assert.match(await bob.isTold(), /no room/i);
  await bob.picture('lobby-unknown-room');
  for (const nonsense of ['', 'hello', '12345678', 'https://', '9'.repeat(100_000)]) {
    await bob.join(nonsense);
    assert.ok(await bob.isTold());
  }
  await bob.join(server.room);
  await bob.isIn();
});

test('who starts for the first time says who they are and chooses the devices, and both are remembered', async (t) => {
  const server = await startServer(t, 'lobby');
  const chromium = await Chromium.start(t);
  const ada = await chromium.opens('Ada', server.local, { before: keepSpeakers });
  await ada.seesOneself();
  const { page } = ada;
  await ada.field('Your name').fill('Ada');
  await page.getByRole('radio', { name: 'Purple' }).check();
  for (const [list, option] of Object.entries(CHOSEN)) {
    await page.getByRole('combobox', { name: list }).selectOption({ label: option });
  }
  await ada.button('Test sound').click();
  const speaker = await page.getByRole('combobox', { name: 'Speaker' }).inputValue();
  await until('the sound comes from the chosen speaker', async () => {
    const used = /** @type {string[]} */ (await page.evaluate('window.speakers'));
    return used.includes(speaker);
  });

  await page.reload();
  await ada.seesOneself();
  assert.equal(await ada.field('Your name').inputValue(), 'Ada');
  for (const [list, option] of Object.entries(CHOSEN)) {
    const shown = page.getByRole('combobox', { name: list }).getByRole('option', { selected: true });
    await until(`${list} is remembered`, async () => (await shown.textContent())?.trim() === option);
  }
  const colours = ada.button('Your colour: Purple');
  assert.equal(await colours.getAttribute('aria-expanded'), 'false', 'who is known is not asked again');
  await colours.click();
  assert.ok(await page.getByRole('radio', { name: 'Purple' }).isChecked());
});

test('a phone has one button from the camera in front to the one at the back, and only the first is a mirror', async (t) => {
  const server = await startServer(t, 'lobby');
  const chromium = await Chromium.start(t);
  const ada = await chromium.opens('Ada', server.local, { before: hasTwoCameras });
  await ada.seesOneself();
  const mirrored = () =>
    ada.page
      .locator('figure video')
      .evaluate((video) => new DOMMatrix(getComputedStyle(video).transform).a === -1);
  assert.ok(await mirrored());
  await ada.button('Switch camera').click();
  await until('the back camera shows the world as it is', async () => !(await mirrored()));
  await ada.button('Switch camera').click();
  await until('the front camera is back', mirrored);
  await ada.toggle('Camera', false);
  assert.equal(await ada.button('Switch camera').count(), 0);
});

test('one joins with the camera and the microphone off', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const [ada, bob] = [await chromium.joins('Ada', server.link), await chromium.opens('Bob', server.link)];
  await bob.toggle('Microphone', false);
  await bob.toggle('Camera', false);
  await bob.join();
  await ada.seesOf('Bob', /Microphone off/);
  await ada.seesOf('Bob', /Camera off/);
});

/** What is chosen of Chromium's made-up devices. */
const CHOSEN = { Microphone: 'Fake Audio Input 2', Speaker: 'Fake Audio Output 2' };

/** Keeps in `window.speakers` where something plays, runs in the page. */
function keepSpeakers() {
  /** @type {string[]} */
  const speakers = [];
  Object.assign(window, { speakers });
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    speakers.push(this.sinkId);
    return play.call(this);
  };
}
