// Makes the pictures of docs/screens.md and the README anew, from those that the tests of the views have taken.
// Which there are is said by the pages: images/screens/NAME.webp is NAME.png of e2e/output/views.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM } from './harness/browser.mjs';
import { OUTPUT } from './harness/programs.mjs';

const DOCS = fileURLToPath(new URL('../docs', import.meta.url));
const PAGES = [path.join(DOCS, 'screens.md'), path.join(DOCS, '..', 'README.md')];
const SCREENS = path.join(DOCS, 'images', 'screens');

/** What a page shows of a wide picture, in px. */
const WIDTH = 960;
/** Of WebP: letters are still sharp. */
const QUALITY = 0.8;

const names = new Set(
  PAGES.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/images\/screens\/([\w-]+)\.webp/g)].map(([, name]) => name),
  ),
);

mkdirSync(SCREENS, { recursive: true });
for (const file of readdirSync(SCREENS)) rmSync(path.join(SCREENS, file));
const browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false });
const page = await browser.newPage();
for (const name of names) {
  const png = readFileSync(path.join(OUTPUT, 'views', `${name}.png`), 'base64');
  const webp = await page.evaluate(compress, { png, most: WIDTH, quality: QUALITY });
  const bytes = Buffer.from(webp, 'base64');
  writeFileSync(path.join(SCREENS, `${name}.webp`), bytes);
  console.log(`${name}: ${Math.ceil(bytes.length / 1000)} kB`);
}
await browser.close();

/** Runs in the page. @param {{ png: string, most: number, quality: number }} given @returns {Promise<string>} base64 */
async function compress({ png, most, quality }) {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const width = Math.min(most, image.width);
  const canvas = Object.assign(document.createElement('canvas'), {
    width,
    height: Math.round((image.height * width) / image.width),
  });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/webp', quality).split(',')[1] ?? '';
}
