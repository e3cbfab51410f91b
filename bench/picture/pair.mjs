// Two pages in a call of their own.

import { until } from '../../e2e/harness/until.mjs';
import { FIELDS, PICTURE, installBench } from './page.mjs';

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
 */
export async function connect(sender, reader) {
  const pages = [sender, reader];
  const script = `(${installBench})(${JSON.stringify(PICTURE)}, ${JSON.stringify(FIELDS)})`;
  for (const page of pages) await page.run(`void (globalThis.bench = ${script})`);
  await sender.run('bench.send()');
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
