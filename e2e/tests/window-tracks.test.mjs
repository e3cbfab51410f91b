// Tracks that come, change and go between the window and a browser: cameras, and a shared screen.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chromium } from '../harness/browser.mjs';
import { begin, settle } from '../harness/negotiator.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { Window } from '../harness/window.mjs';

/** @typedef {import('../harness/negotiator.mjs').Page} Page */

/** The brightest pixel, of 255, of a black picture at most, and of a camera's at least. */
const NEARLY_BLACK = 20;
const BRIGHT = 100;

/** Runs in the page: shows each track that comes, and says what of it is seen. */
function showTracks() {
  const { connection } = /** @type {any} */ (globalThis).negotiator;
  /** @type {Map<MediaStreamTrack, HTMLVideoElement>} */
  const shown = new Map();
  connection.ontrack = (/** @type {RTCTrackEvent} */ { track }) => {
    if (track.kind !== 'video') return;
    const video = Object.assign(document.createElement('video'), { muted: true, width: 160 });
    video.srcObject = new MediaStream([track]);
    document.body.prepend(video);
    void video.play();
    shown.set(track, video);
  };
  /** The brightest of a picture's pixels, of 255. */
  const brightest = (/** @type {HTMLVideoElement} */ video) => {
    const canvas = new OffscreenCanvas(40, 30);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const pixels = [...(context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [])];
    return pixels.reduce((most, value, at) => (at % 4 === 3 ? most : Math.max(most, value)), 0);
  };
  return {
    brightest: (/** @type {number} */ which) => {
      const video = [...shown.values()][which];
      return video ? brightest(video) : 0;
    },
    seen: () =>
      [...shown].map(([track, video]) => ({
        muted: track.muted,
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
        width: video.videoWidth,
      })),
  };
}

/** Runs in the page: a camera's picture, or a drawn one of another size. */
function sources() {
  const drawn = (/** @type {number} */ width, /** @type {number} */ height) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    let hue = 0;
    setInterval(() => {
      if (!context) return;
      context.fillStyle = `hsl(${(hue += 7)} 80% 50%)`;
      context.fillRect(0, 0, width, height);
    }, 50);
    return canvas.captureStream(20).getVideoTracks()[0];
  };
  return {
    drawn,
    camera: async () => (await navigator.mediaDevices.getUserMedia({ video: true })).getVideoTracks()[0],
  };
}

/** @param {Page} page */
const seen = (page) =>
  /** @type {Promise<{ muted: boolean, frames: number, width: number }[]>} */ (page.run('tracks.seen()'));

/** Waits until a track's picture goes on, this wide. @param {Page} page @param {number} which @param {number} [width] */
async function moves(page, which, width) {
  for (let growth = 0; growth < 2; growth++) {
    const before = (await seen(page))[which]?.frames ?? 0;
    await until(`${page.name} sees picture ${which} move, ${width ?? 'however'} wide`, async () => {
      const now = (await seen(page))[which];
      return now && now.frames > before && (width === undefined || now.width === width);
    });
  }
}

/** @param {Page} page @param {string} call */
const does = (page, call) => page.run(`(async () => { const { connection } = negotiator; ${call} })()`);

/** The window and Chromium, not connected yet. @param {import('node:test').TestContext} t */
async function bothPages(t) {
  const server = await startServer(t, 'host');
  const { page } = await (await Chromium.start(t)).opens('Bob', server.local);
  const window = await Window.open(t);
  await window.seesOneself();
  /** @type {[Page, Page]} */
  const pages = [
    { name: 'the window', run: (call) => window.evaluate(call) },
    { name: 'Chromium', run: (call) => page.evaluate(call) },
  ];
  return { window, pages };
}

test('a camera is switched, and a screen comes and goes, both ways', async (t) => {
  const { window, pages } = await bothPages(t);
  for (const [side, one] of pages.entries()) {
    await begin(one, side === 0);
    await one.run(`void (globalThis.tracks = (${showTracks})(), globalThis.sources = (${sources})())`);
    await does(one, 'globalThis.camera = connection.addTrack(await sources.camera(), new MediaStream())');
  }
  await settle(pages, 'the first negotiation');
  for (const [side, one] of pages.entries()) {
    const other = pages[1 - side];
    assert.ok(other);
    await moves(other, 0, 640);
    await does(one, 'await camera.replaceTrack(sources.drawn(320, 240))');
    await moves(other, 0, 320);
    await does(one, 'globalThis.screen2 = connection.addTrack(sources.drawn(960, 540), new MediaStream())');
    await settle(pages, 'a screen that comes');
    await moves(other, 1, 960);
    await moves(other, 0, 320);
    await does(one, 'connection.removeTrack(screen2)');
    await settle(pages, 'a screen that goes');
    await until('the screen is muted', async () => (await seen(other))[1]?.muted);
    await moves(other, 0, 320);
  }
  await window.picture('window-tracks');
});

test('a camera that the page switches off or stops is black to others', async (t) => {
  const { pages } = await bothPages(t);
  const [window, chromium] = pages;
  for (const [side, one] of pages.entries()) await begin(one, side === 0);
  await chromium.run(`void (globalThis.tracks = (${showTracks})())`);
  await window.run(`void (globalThis.sources = (${sources})())`);
  await does(window, 'globalThis.camera = connection.addTrack(await sources.camera(), new MediaStream())');
  await settle(pages, 'a camera');
  const shows = (/** @type {string} */ what, /** @type {(brightest: number) => boolean} */ wanted) =>
    until(`Chromium sees ${what}`, async () => wanted(Number(await chromium.run('tracks.brightest(0)'))));
  const bright = (/** @type {number} */ brightest) => brightest > BRIGHT;
  const black = (/** @type {number} */ brightest) => brightest < NEARLY_BLACK;
  await shows('a camera', bright);
  await does(window, 'camera.track.enabled = false');
  await shows('a camera that is switched off', black);
  await does(window, 'camera.track.enabled = true');
  await shows('a camera that is switched on', bright);
  await does(window, 'camera.track.stop()');
  await shows('a camera that is stopped', black);
  await does(window, 'await camera.replaceTrack(await sources.camera())');
  await shows('another camera', bright);
});

test('what the person shares of the screen is seen by others', async (t) => {
  const { window, pages } = await bothPages(t);
  for (const [side, one] of pages.entries()) await begin(one, side === 0);
  await pages[1].run(`void (globalThis.tracks = (${showTracks})())`);
  // The question needs a press of the person.
  await window.evaluate(
    `void document.body.prepend(Object.assign(document.createElement('button'), {
      textContent: 'Share',
      onclick: async () => {
        const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
        for (const track of stream.getTracks()) negotiator.connection.addTrack(track, stream);
      },
    }))`,
  );
  await window.press('Share');
  await until('the screen is shared', () => pages[0].run('negotiator.connection.getSenders().length > 0'));
  await settle(pages, 'a screen');
  await moves(pages[1], 0);
});

test('what stands still is seen, also by who comes when it has not moved for long', async (t) => {
  const { pages } = await bothPages(t);
  const canvas =
    'const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });';
  await pages[0].run(`(() => {
    ${canvas}
    const context = canvas.getContext('2d');
    globalThis.slide = canvas.captureStream().getVideoTracks()[0];
    globalThis.draw = () => context.fillRect(40, 40, 80, 80);
  })()`);
  for (const come of ['first', 'later']) {
    for (const [side, one] of pages.entries()) await begin(one, side === 0);
    await pages[1].run(`void (globalThis.tracks = (${showTracks})())`);
    await does(pages[0], 'connection.addTrack(slide, new MediaStream())');
    await settle(pages, `who comes ${come}`);
    if (come === 'first') await pages[0].run('draw()');
    await moves(pages[1], 0, 320);
    // Whoever was there stays.
    for (const one of pages) await one.run('void (globalThis.negotiator = null)');
  }
});
