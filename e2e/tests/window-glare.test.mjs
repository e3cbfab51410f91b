// Perfect negotiation between the window and Chromium: whatever both sides change at once, they agree in the end.
// Each run takes other random numbers; GLARE_SEED repeats one, GLARE_ROUNDS says how many rounds there are.

import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { begin, randomness, round } from '../harness/negotiator.mjs';
import { startServer } from '../harness/server.mjs';
import { Window } from '../harness/window.mjs';

const ROUNDS = Number(process.env.GLARE_ROUNDS ?? 50);
const SEED = Number(process.env.GLARE_SEED ?? Math.ceil(Math.random() * 2 ** 31));

/** Rounds of one connection; then the two change roles and begin anew, since the first offers can cross as well. */
const ROUNDS_OF_ONE = 25;

test(`${ROUNDS} rounds of perfect negotiation with Chromium, GLARE_SEED=${SEED}`, async (t) => {
  const server = await startServer(t, 'host');
  const chromium = await Chromium.start(t);
  const { page } = await chromium.opens('Bob', server.local);
  const window = await Window.open(t);
  await window.says(/Create a room/);
  /** @type {[import('../harness/negotiator.mjs').Page, import('../harness/negotiator.mjs').Page]} */
  const pages = [
    { name: 'window', run: (call) => window.evaluate(call) },
    { name: 'Chromium', run: (call) => page.evaluate(call), isChromium: true },
  ];
  const random = randomness(SEED);
  for (let number = 0; number < ROUNDS; number++) {
    if (number % ROUNDS_OF_ONE === 0) {
      const isWindowPolite = random(2) === 0;
      await begin(pages[0], isWindowPolite);
      await begin(pages[1], !isWindowPolite);
    }
    await round(pages, random, `${number + 1}`);
  }
});
