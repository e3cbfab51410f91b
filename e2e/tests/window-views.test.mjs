// The views in the real desktop window: its webview lays out by itself what the other tests see in Chromium.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { AXE, axeFaults, RULES } from '../harness/look/axe.mjs';
import { comesToRest, layoutFaults, prepareLook, textFaults } from '../harness/look/in-page.mjs';
import { until } from '../harness/until.mjs';
import { Window } from '../harness/window.mjs';

/** What a mouse hits, in px (WCAG 2.5.8). */
const TARGET = 24;
/** A line of a menu, in px: one for a finger (WCAG 2.5.5) and some room. */
const TALLEST = 60;

/** @param {Window} window @param {string} state for the picture */
async function looksRight(window, state) {
  await window.evaluate(comesToRest);
  const faults = await window.evaluate(
    `((${prepareLook})(), [...(${layoutFaults})({ target: ${TARGET} }), ...(${textFaults})()])`,
  );
  await window.picture(`view-${state}`);
  assert.deepEqual(faults, [], state);
  assert.deepEqual(await window.evaluate(`(${axeFaults})(${JSON.stringify(RULES)})`), [], state);
}

/** Opens a menu, which is as tall as what is in it. @param {Window} window @param {string} name */
async function opensMenu(window, name) {
  await window.press(name);
  await until(`${name} is open`, () => window.evaluate('document.querySelector(":popover-open") !== null'));
  const tallest = await window.evaluate(
    'Math.max(...[...document.querySelector(":popover-open").querySelectorAll("button, label")].map((each) => each.offsetHeight))',
  );
  assert.ok(tallest <= TALLEST, `${name}: something is ${tallest} px tall`);
}

test('in the desktop window nothing is covered, cut off or too small', async (t) => {
  const window = await Window.open(t);
  await window.seesOneself();
  await window.run(AXE);
  await looksRight(window, 'lobby');
  await window.press('Settings');
  await window.says(/Theme/);
  await looksRight(window, 'settings');
  await window.press('Help');
  await window.says(/Copy a report/);
  await looksRight(window, 'help');
  await window.press('Close settings');
  await window.fill('Your name', 'Ada');
  await window.press('Create a room');
  const link = await window.inviteLink();
  await looksRight(window, 'alone');
  const bob = await (await Chromium.start(t)).joins('Bob', link);
  await window.says(/\bBob\b/);
  await bob.sees('Ada');
  await looksRight(window, 'call');
  await opensMenu(window, 'React');
  await looksRight(window, 'react');
  await window.press('React');
  await until('React is closed', () => window.evaluate('!document.querySelector(":popover-open")'));
  await opensMenu(window, 'Layout');
  await looksRight(window, 'layout');
});
