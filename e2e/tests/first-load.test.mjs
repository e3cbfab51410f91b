// What a guest's browser has to fetch before the lobby is of use.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { startServer } from '../harness/server.mjs';

/** A slow network of a phone carries so many bytes in about a second. */
const MOST_BYTES = 150_000;

test('a first visit loads at most 150 kB compressed, all of it from the host', async (t) => {
  const [server, chromium] = await Promise.all([startServer(t, 'host'), Chromium.start(t)]);
  /** @type {Promise<{ url: string, raw: number, compressed: number }>[]} */
  const loads = [];
  const bob = await chromium.opens('Bob', server.link, {
    arrange: async (page) => {
      page.on('response', (response) => loads.push(weigh(response)));
    },
  });
  await bob.seesOneself();
  await bob.page.waitForLoadState('networkidle');
  const files = await Promise.all(loads);
  const total = files.reduce((sum, { compressed }) => sum + compressed, 0);
  for (const { url, raw, compressed } of files)
    t.diagnostic(`${url}: ${raw} bytes, ${compressed} compressed`);
  t.diagnostic(`all: ${total} compressed`);

  const { origin } = new URL(server.link);
  for (const { url } of files) assert.equal(new URL(url).origin, origin);
  const kinds = new Set(files.map(({ url }) => /\.(\w+)$/.exec(url)?.[1] ?? 'html'));
  for (const kind of ['html', 'js', 'css']) assert.ok(kinds.has(kind), `${kind} is counted`);
  assert.ok(total <= MOST_BYTES, `${total} bytes`);
});

/** As it came over the network. @param {import('playwright-core').Response} response */
async function weigh(response) {
  const body = await response.body();
  const { responseBodySize } = await response.request().sizes();
  const url = new URL(response.url());
  return { url: url.origin + url.pathname, raw: body.length, compressed: responseBodySize };
}
