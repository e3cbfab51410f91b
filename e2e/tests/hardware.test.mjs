// Nobody is kept out by their hardware.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { allMediaFlows, mediaFlows } from '../harness/media.mjs';
import { startServer } from '../harness/server.mjs';

/**
 * Ada, with everything, waits in a room; Bob opens its link with what he has.
 *
 * @param {import('node:test').TestContext} t
 * @param {NonNullable<Parameters<typeof Chromium.start>[1]>} hardware
 * @param {() => void} [before] runs in Bob's page before its own scripts
 */
async function meet(t, hardware, before) {
  const server = await startServer(t, 'host');
  const ada = await (await Chromium.start(t)).joins('Ada', server.local);
  const bob = await (await Chromium.start(t, hardware)).opens('Bob', server.link, before ? { before } : {});
  return { ada, bob };
}

test('without camera and microphone one is told so, joins, sees and hears', async (t) => {
  const { ada, bob } = await meet(t, { devices: 'none' });
  await bob.reads(/no camera/i);
  await bob.reads(/no microphone/i);
  await bob.picture('lobby-no-devices');
  await bob.join();
  await bob.isIn();
  await mediaFlows(bob, 'Ada');
  await ada.sees('Bob');
  await bob.picture('call-no-devices');
});

test('who does not allow camera and microphone is told so, joins, sees and hears', async (t) => {
  const { ada, bob } = await meet(t, { devices: 'refused' });
  await bob.reads(/camera[^.]*(allow|permi|block|den)|(allow|permi|block|den)[^.]*camera/i);
  await bob.picture('lobby-not-allowed');
  await bob.join();
  await bob.isIn();
  await mediaFlows(bob, 'Ada');
  await ada.sees('Bob');
});

test('with only a microphone one is heard, and two such people hear each other', async (t) => {
  const server = await startServer(t, 'host');
  const voices = await Chromium.start(t, { devices: 'microphone' });
  const ada = await voices.opens('Ada', server.local);
  await ada.reads(/no camera/i);
  await ada.join();
  await ada.isIn();
  const bob = await voices.joins('Bob', server.link);
  await Promise.all([mediaFlows(ada, 'Bob', { picture: false }), mediaFlows(bob, 'Ada', { picture: false })]);
  const cleo = await (await Chromium.start(t)).joins('Cleo', server.link);
  await mediaFlows(ada, 'Cleo');
  await cleo.sees('Ada', 'Bob');
});

test('a camera that another program uses is named, and the microphone is used alone', async (t) => {
  const { ada, bob } = await meet(t, {}, () => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wish) => {
      if (wish?.video) throw new DOMException('Could not start video source', 'NotReadableError');
      return ask(wish);
    };
  });
  await bob.reads(/camera[^.]*(use|busy)/i);
  await bob.join();
  await bob.isIn();
  await mediaFlows(ada, 'Bob', { picture: false });
  await mediaFlows(bob, 'Ada');
});

test('a browser without WebRTC says so, and what to use', async (t) => {
  const { ada, bob } = await meet(t, {}, () => {
    Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
  });
  const sentence = await bob.isTold();
  assert.match(sentence, /browser/i);
  assert.match(sentence, /Firefox|Chrom|Safari|Edge/);
  await bob.picture('lobby-no-webrtc');
  await ada.sees();
});
