// What a person does in a call, and what the others see of it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { allMediaFlows, mediaFlows, stopsGrowing } from '../harness/media.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** Far below the grace of a seat (30 s): who is gone by then has left by their own wish. In ms. */
const AT_ONCE = 5_000;

/** @param {string} room */
const inGroups = (room) => room.replace(/(\d{3})(?=\d)/g, '$1 ');

test('two people meet by the link, see and hear each other, and one leaves', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.opens('Ada', server.local);
  await ada.seesOneself();
  await ada.picture('lobby');
  await ada.join();
  await ada.isIn();
  await ada.sees();
  const room = await ada.page.getByLabel('Room ID', { exact: true }).innerText();
  assert.equal(room.trim(), inGroups(server.room), 'the room ID is shown in groups of three');
  await ada.picture('call-alone');

  const bob = await chromium.joins('Bob', server.link);
  await allMediaFlows([ada, bob]);
  await ada.sees('Bob');
  await bob.sees('Ada');
  await ada.picture('call-two');
  const { rooms, participants, errors } = await server.status();
  assert.deepEqual({ rooms, participants, errors }, { rooms: 1, participants: 2, errors: 0 });

  await bob.leave();
  await until('Ada is alone at once', async () => (await ada.names()).join() === 'You', AT_ONCE);
  await ada.picture('call-after-leaving');
  await until('the seat is free', async () => (await server.status()).participants === 1);
});

test('three people meet by the ID as it is shown, and every one sees and hears every other', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const page = new URL('/', server.link).href;
  const bob = await chromium.opens('Bob', page);
  await bob.join(inGroups(server.room));
  await bob.isIn();
  const cleo = await chromium.opens('Cleo', page);
  await cleo.join(` ${server.room.slice(0, 3)}-${server.room.slice(3)} `);
  await cleo.isIn();
  await allMediaFlows([ada, bob, cleo]);
  await ada.sees('Bob', 'Cleo');
  await bob.sees('Ada', 'Cleo');
  await cleo.sees('Ada', 'Bob');
  await ada.picture('call-three');
});

test('the others see and hear it when somebody turns the microphone or the camera off and on', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.joins('Bob', server.link);
  await allMediaFlows([ada, bob]);

  await bob.toggle('Microphone', false);
  await ada.seesOf('Bob', /microphone/i);
  await stopsGrowing(ada, 'Bob', 'energy');
  await mediaFlows(ada, 'Bob', { sound: false });
  await bob.toggle('Camera', false);
  await ada.tile('Bob').locator('video').waitFor({ state: 'hidden' });
  await ada.seesOf('Bob', /camera/i);
  await stopsGrowing(ada, 'Bob', 'frames');
  await ada.picture('call-other-muted');
  await mediaFlows(bob, 'Ada');

  // Somebody who comes later sees it too.
  const cleo = await chromium.joins('Cleo', server.link);
  await cleo.seesOf('Bob', /microphone/i);

  await bob.toggle('Camera', true);
  await bob.toggle('Microphone', true);
  await ada.seesNoMoreOf('Bob', /microphone|camera/i);
  await ada.tile('Bob').locator('video').waitFor();
  await allMediaFlows([ada, bob, cleo]);
});

test('who turns the microphone off in the lobby joins without sound', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.opens('Bob', server.link);
  await bob.toggle('Microphone', false);
  await bob.join();
  await bob.isIn();
  await mediaFlows(ada, 'Bob', { sound: false });
  await ada.seesOf('Bob', /microphone/i);
  await bob.toggle('Microphone', true);
  await allMediaFlows([ada, bob]);
});

test('names are unique and harmless', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Guest', server.local);
  await chromium.joins('Guest', server.link);
  await ada.sees('Guest 2');
  const script = '<img src=x onerror=alert(1)>"';
  const cleo = await chromium.joins(script, server.link);
  await ada.sees('Guest 2', script);
  await cleo.leave();

  // A name that would turn the text around, or fill the memory, is cleaned or refused; the page goes on.
  for (const name of ['Eve\u202Etac\u2066\u0007', 'x'.repeat(1_000_000)]) {
    const eve = await chromium.opens(name, server.link);
    await eve.join();
    await until(
      'she is in, or told why not',
      async () => (await eve.tile('You').count()) || (await eve.alert.count()),
    );
    const shown = (await ada.names()).join();
    assert.ok(shown.length < 200 && !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(shown), shown);
    if ((await eve.tile('You').count()) === 0) {
      eve.name = 'Eve';
      await eve.join();
      await eve.isIn();
    }
    await eve.leave();
    await ada.sees('Guest 2');
  }
});
