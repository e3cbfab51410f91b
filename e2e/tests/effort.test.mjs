// A call that a machine does not carry, and what is said before it is one.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { mediaFlows } from '../harness/media.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** @typedef {import('../harness/person.mjs').Person} Person */

/** Runs in the page before its own scripts: a strong machine, which is busy while `globalThis.busy` is set. */
function busyMachine() {
  const scope = /** @type {any} */ (globalThis);
  // The one that the test runs on may be busy itself.
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 64 });
  const read = RTCPeerConnection.prototype.getStats;
  RTCPeerConnection.prototype.getStats = async function () {
    const report = await read.call(this);
    if (!scope.busy) return report;
    const told = [...report].map(([id, entry]) =>
      entry.type === 'outbound-rtp' && entry.kind === 'video'
        ? [id, { ...entry, qualityLimitationReason: 'cpu' }]
        : [id, entry],
    );
    return /** @type {RTCStatsReport} */ (/** @type {unknown} */ (new Map(/** @type {any} */ (told))));
  };
}

/** Runs in the page before its own scripts: a machine for two people, whose screen's locks are kept. */
function weakMachine() {
  const scope = /** @type {any} */ (globalThis);
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 1 / 2 });
  scope.locks = [];
  if (!navigator.wakeLock) return;
  navigator.wakeLock.request = () => {
    const lock = { released: false, release: async () => void (lock.released = true) };
    scope.locks.push(lock);
    return Promise.resolve(/** @type {any} */ (lock));
  };
}

/** How wide the picture is that comes from the only other. @param {Person} person @returns {Promise<number>} */
function widthSeenBy(person) {
  return person.page.evaluate(async () => {
    const { peerConnections } = /** @type {any} */ (globalThis);
    const connection = /** @type {RTCPeerConnection | undefined} */ (peerConnections[0]);
    const entries = [...((await connection?.getStats()) ?? [])].map(([, entry]) => entry);
    return entries.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video')?.frameWidth ?? 0;
  });
}

/** @param {Person} person @param {boolean} busy */
const setBusy = (person, busy) =>
  person.page.evaluate((is) => void Object.assign(globalThis, { busy: is }), busy);

test('a busy machine sends fewer pixels, says so, and sends all of them when it is free', async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const ada = await chromium.joins('Ada', server.local);
  const bob = await chromium.opens('Bob', server.link, { before: busyMachine });
  await bob.join();
  await bob.isIn();
  await mediaFlows(ada, 'Bob');
  const full = await until('a full picture', () => widthSeenBy(ada));
  await setBusy(bob, true);
  await bob.reads(/smaller picture of you/i);
  await until('fewer pixels', async () => (await widthSeenBy(ada)) < full);
  await bob.picture('call-machine-busy');
  await mediaFlows(ada, 'Bob');
  await setBusy(bob, false);
  await until('all pixels again', async () => (await widthSeenBy(ada)) === full);
  await until(
    'nothing is said any more',
    async () => (await bob.page.getByText(/smaller picture/i).count()) === 0,
  );
});

test('before there are more people than a machine carries, it says so; and its screen stays awake', async (t) => {
  const server = await startServer(t, 'host', ['--capacity', '3']);
  const chromium = await Chromium.start(t);
  const ada = await chromium.opens('Ada', server.local, { before: weakMachine });
  await ada.join();
  await ada.isIn();
  const bob = await chromium.joins('Bob', server.link);
  await ada.sees('Bob');
  assert.match(await ada.isTold(), /carries 2 people well. With one more/);
  assert.equal(await bob.alert.count(), 0);
  await chromium.joins('Cleo', server.link);
  await ada.reads(/carries 2 people well, and more are here/);

  const locks = () => ada.page.evaluate(() => /** @type {any} */ (globalThis).locks);
  assert.deepEqual(
    (await locks()).map((/** @type {{ released: boolean }} */ lock) => lock.released),
    [false],
  );
  await ada.leave();
  assert.deepEqual(
    (await locks()).map((/** @type {{ released: boolean }} */ lock) => lock.released),
    [true],
  );
});
