// From drawing a picture on one side to reading it on the other: Chromium and the desktop window.

import { setTimeout as pause } from 'node:timers/promises';
import { Chromium } from '../../e2e/harness/browser.mjs';
import { until } from '../../e2e/harness/until.mjs';
import { Window } from '../../e2e/harness/window.mjs';
import { startOurs } from '../call/ours.mjs';
import { within } from '../lib/scope.mjs';
import { breakdown } from './breakdown.mjs';
import { connect } from './pair.mjs';
import { measureProcessors } from './processors.mjs';
import { measureStep } from './step.mjs';

/** Until encoders and jitter buffers have settled, in ms: the bandwidth estimate needs the longest. */
const SETTLE_MS = 8000;
/** How long is looked, in ms: 600 pictures. */
const LOOK_MS = 20_000;
/** Of each pair. */
const RUNS = 5;

/** @typedef {import('./pair.mjs').Page} Page */
/** @typedef {'Chromium to Chromium' | 'Chromium to window' | 'window to Chromium'} Way */

/**
 * @typedef {object} Run
 * @property {number[]} latencies in ms, of each picture
 * @property {number} framesPerSecond
 * @property {import('./breakdown.mjs').Part[]} parts where the time goes
 */

/** @param {(line: string) => void} progress */
export async function measurePicture(progress) {
  /** @type {Record<Way, Run[]>} */
  const ways = { 'Chromium to Chromium': [], 'Chromium to window': [], 'window to Chromium': [] };
  for (let run = 1; run <= RUNS; run++) {
    for (const way of /** @type {Way[]} */ (Object.keys(ways))) {
      const result = await within((scope) => look(scope, way));
      ways[way].push(result);
      const sorted = [...result.latencies].sort((a, b) => a - b);
      const at = (/** @type {number} */ part) => sorted[Math.floor(sorted.length * part)] ?? NaN;
      progress(
        `picture, ${way}, ${run} of ${RUNS}: ${at(0.5).toFixed(0)} ms, p95 ${at(0.95).toFixed(0)} ms, ` +
          `${result.framesPerSecond.toFixed(1)} a second`,
      );
    }
  }
  /** @type {Record<string, number[]>} */
  const apart = {};
  for (const way of Object.keys(ways)) apart[way] = await measureStep(open, way, progress);
  return { ways, apart, processors: await measureProcessors(progress) };
}

/** @param {import('node:test').TestContext} scope @param {Way} way @returns {Promise<Run>} */
async function look(scope, way) {
  const [from, to] = way.split(' to ');
  const sender = await open(scope, from ?? '');
  const reader = await open(scope, to ?? '');
  await connect(sender, reader);
  await pause(SETTLE_MS);
  await reader.run('bench.seen()');
  const before = await Promise.all([sender.run('bench.stats()'), reader.run('bench.stats()')]);
  const begin = performance.now();
  await pause(LOOK_MS);
  const seen = /** @type {{ latency: number }[]} */ (await reader.run('bench.seen()'));
  const seconds = (performance.now() - begin) / 1000;
  const after = await Promise.all([sender.run('bench.stats()'), reader.run('bench.stats()')]);
  const latencies = seen.map(({ latency }) => latency);
  return { latencies, framesPerSecond: seen.length / seconds, parts: breakdown(before, after, latencies) };
}

/** @param {import('node:test').TestContext} scope @param {string} what */
export async function open(scope, what) {
  if (what === 'window') {
    const window = await Window.open(scope);
    await window.seesOneself();
    // The lobby's own picture is drawn by the processor here, and would take the time of the one that is measured.
    await window.press('Camera');
    const off = "[...document.querySelectorAll('video')].every((video) => video.paused)";
    await until('the camera is off', () => window.evaluate(off));
    return { name: what, run: (/** @type {string} */ call) => window.evaluate(call) };
  }
  const { link } = await startOurs(scope);
  const chromium = await Chromium.start(scope);
  const { page } = await chromium.opens('Ada', link('http://127.0.0.1'));
  return { name: what, run: (/** @type {string} */ call) => page.evaluate(call) };
}
