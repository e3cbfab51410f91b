// Whether picture and sound that are sent at one moment are seen and heard at one moment.

import { setTimeout as pause } from 'node:timers/promises';
import { within } from '../lib/scope.mjs';
import { median } from '../report/numbers.mjs';
import { connect } from './pair.mjs';

/** Until jitter buffers and what holds pictures back have settled, in ms. */
const SETTLE_MS = 8000;
/** How long is looked, in ms: a tone a second. */
const LOOK_MS = 30_000;
/** Pictures that are seen so near a tone, in ms, tell how late pictures are then. */
const NEAR_MS = 300;

/** @typedef {import('./pair.mjs').Page} Page */
/** @typedef {(scope: import('node:test').TestContext, what: string) => Promise<Page>} Open */

/**
 * How much later than the picture each tone is heard, in ms; negative: earlier.
 *
 * @param {Open} open
 * @param {string} way
 * @param {(line: string) => void} progress
 */
export async function measureStep(open, way, progress) {
  const [from = '', to = ''] = way.split(' to ');
  const apart = await within(async (scope) => {
    const sender = await open(scope, from);
    const reader = await open(scope, to);
    await connect(sender, reader, { tones: true });
    await pause(SETTLE_MS);
    await Promise.all([sender.run('tones.begun()'), reader.run('tones.begun()'), reader.run('bench.seen()')]);
    await pause(LOOK_MS);
    const heard = /** @type {number[]} */ (await reader.run('tones.begun()'));
    const seen = /** @type {{ at: number, latency: number }[]} */ (await reader.run('bench.seen()'));
    const sent = /** @type {number[]} */ (await sender.run('tones.begun()'));
    return heard.flatMap((at) => {
      const begun = sent.filter((one) => one <= at).at(-1);
      const near = seen.filter((picture) => Math.abs(picture.at - at) < NEAR_MS);
      if (begun === undefined || near.length === 0) return [];
      const [sound, picture] = [at - begun, median(near.map(({ latency }) => latency))];
      return [{ apart: sound - picture, sound, picture }];
    });
  });
  const middle = (/** @type {'apart' | 'sound' | 'picture'} */ what) => median(apart.map((one) => one[what]));
  const far = tail(apart.map((one) => Math.abs(one.apart)));
  progress(
    `in step, ${way}: sound ${middle('apart').toFixed(0)} ms after the picture, p95 ${far.toFixed(0)} ms apart ` +
      `(${middle('sound').toFixed(0)} and ${middle('picture').toFixed(0)} ms, ${apart.length} tones)`,
  );
  return apart.map((one) => one.apart);
}

/** What 19 of 20 do not exceed. @param {number[]} values */
function tail(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? NaN;
}
