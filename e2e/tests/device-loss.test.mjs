// Cameras and microphones that come and go during a call.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { mediaFlows } from '../harness/media.mjs';
import { devicesInUse, keepPlugs, plugIn, THREE_CAMERAS, unplug } from '../harness/plugs.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

/** As Chromium calls its made-up devices. */
const [CAMERA, DEPTHS, OTHER_CAMERA] = ['fake_device_0', 'fake_device_1', 'fake_device_2'];

test('who loses a camera and a microphone goes on with the next best, is told, and gets them back', async (t) => {
  const server = await startServer(t, 'host');
  const bob = await (await Chromium.start(t)).joins('Bob', server.local);
  const chromium = await Chromium.start(t, { args: [THREE_CAMERAS] });
  const ada = await chromium.opens('Ada', server.link, { before: keepPlugs });
  await ada.seesOneself();
  await unplug(ada, DEPTHS);
  await ada.join();
  await ada.isIn();
  await mediaFlows(bob, 'Ada');
  const before = await devicesInUse(ada);
  const microphone = String(before.find((label) => label !== CAMERA));
  assert.ok(before.includes(CAMERA), 'the first camera is in use');

  await unplug(ada, CAMERA);
  await ada.reads(new RegExp(`${CAMERA} was disconnected\\. ${OTHER_CAMERA} is used`));
  await mediaFlows(bob, 'Ada');
  await ada.picture('call-device-replaced');

  await unplug(ada, OTHER_CAMERA);
  await ada.reads(new RegExp(`${CAMERA} was disconnected, so the others do not see you`));
  await mediaFlows(bob, 'Ada', { picture: false });
  await bob.seesOf('Ada', /camera off/i);

  await unplug(ada, microphone);
  await ada.reads(/was disconnected\. .* is used until/);
  await mediaFlows(bob, 'Ada', { picture: false });

  await plugIn(ada, CAMERA);
  await plugIn(ada, microphone);
  await until('what was lost is used again', async () => {
    return JSON.stringify(await devicesInUse(ada)) === JSON.stringify(before);
  });
  await mediaFlows(bob, 'Ada');
  await until('nothing is said of it any more', async () => (await ada.alert.count()) === 0);
  assert.equal(await bob.tile('Ada').count(), 1);
});
