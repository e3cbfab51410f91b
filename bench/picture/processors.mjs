// What a call in the desktop window takes of the machine: the real interface, with one guest and with two.

import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Chromium } from '../../e2e/harness/browser.mjs';
import { mediaFlows } from '../../e2e/harness/media.mjs';
import { TARGET } from '../../e2e/harness/programs.mjs';
import { Window, windowProcesses } from '../../e2e/harness/window.mjs';
import { CAMERA } from '../call/pages.mjs';
import { cpuSeconds, family, programName, threadSeconds } from '../lib/process.mjs';
import { within } from '../lib/scope.mjs';

/** The release build with a made-up camera and microphone (`make bench` makes it). */
const WINDOW_WITH_DEVICES = path.join(TARGET, 'visavis-mock-devices');

/** Until encoders have settled, in ms. */
const SETTLE_MS = 8000;
/** How long is looked, in ms. */
const LOOK_MS = 20_000;

/** Guests in the call. */
const GUESTS = [1, 2];

/** The threads of the Rust part: tokio's. The others of its process are the toolkit's, which draw the window. */
const RUST_THREADS = /^(tokio|visavis-peer)/;

/** @typedef {{ guests: number, processes: Record<string, number>, rust: number }} Load of a core, 1 is all of one */

/** @param {(line: string) => void} progress */
export async function measureProcessors(progress) {
  /** @type {Load[]} */
  const loads = [];
  for (const guests of GUESTS) {
    const load = await within((scope) => measure(scope, guests));
    loads.push(load);
    const each = Object.entries(load.processes).map(([name, share]) => `${name} ${percent(share)}`);
    progress(`processor, ${guests} guests: Rust part ${percent(load.rust)}; ${each.join(', ')}`);
  }
  return loads;
}

/** @param {import('node:test').TestContext} scope @param {number} guests @returns {Promise<Load>} */
async function measure(scope, guests) {
  const window = await Window.open(scope, { program: WINDOW_WITH_DEVICES });
  await window.seesOneself();
  await window.fill('Your name', 'Ada');
  await window.press('Create a room');
  const link = await window.inviteLink();
  const chromium = await Chromium.start(scope, { args: [CAMERA] });
  for (let guest = 1; guest <= guests; guest++) {
    const person = await chromium.joins(`Guest ${guest}`, link);
    await mediaFlows(person, 'Ada');
  }
  await pause(SETTLE_MS);
  const processes = family(Number(windowProcesses(WINDOW_WITH_DEVICES)[0]));
  const [app = 0] = processes;
  const now = () => ({
    whole: processes.map(cpuSeconds),
    threads: threadSeconds(app),
    at: performance.now(),
  });
  const before = now();
  await pause(LOOK_MS);
  const after = now();
  const seconds = (after.at - before.at) / 1000;
  /** @type {Record<string, number>} */
  const shares = {};
  for (const [index, pid] of processes.entries()) {
    const name = programName(pid);
    shares[name] = (shares[name] ?? 0) + ((after.whole[index] ?? 0) - (before.whole[index] ?? 0)) / seconds;
  }
  const rust = Object.keys(after.threads)
    .filter((name) => RUST_THREADS.test(name))
    .reduce((sum, name) => sum + (after.threads[name] ?? 0) - (before.threads[name] ?? 0), 0);
  return { guests, processes: shares, rust: rust / seconds };
}

/** @param {number} share */
function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
