// Two pages in a call of their own.

import { until } from '../../e2e/harness/until.mjs';
import { FIELDS, PICTURE, installBench } from './page.mjs';
import { installTones } from './sound.mjs';

/**
 * @typedef {object} Page
 * @property {string} name
 * @property {(call: string) => Promise<any>} run evaluates an expression in the page and waits for its value
 */

/**
 * Connects two pages: the first sends the picture, the second reads it.
 *
 * @param {Page} sender
 * @param {Page} reader
 * @param {{ tones?: boolean }} [options] `tones`: sound is sent with the picture
 */
export async function connect(sender, reader, { tones = false } = {}) {
  const pages = [sender, reader];
  const script = `(${installBench})(${JSON.stringify(PICTURE)}, ${JSON.stringify(FIELDS)})`;
  for (const page of pages) await page.run(`void (globalThis.bench = ${script})`);
  if (tones) for (const page of pages) await page.run(`void (globalThis.tones = (${installTones})())`);
  await sender.run('bench.send()');
  if (tones) await sender.run('tones.send()');
  await reader.run(`bench.hear(${JSON.stringify(await sender.run('bench.describe()'))})`);
  await sender.run(`bench.hear(${JSON.stringify(await reader.run('bench.describe()'))})`);
  await until('the pages are connected', async () => {
    const [ones, others] = await Promise.all(pages.map((page) => page.run('bench.candidates()')));
    await Promise.all([
      sender.run(`bench.reach(${JSON.stringify(others)})`),
      reader.run(`bench.reach(${JSON.stringify(ones)})`),
    ]);
    return (await reader.run('bench.seen()')).length > 0;
  });
}
