// What a camera gives: the browser's own made-up one is flat areas, which cost an encoder next to nothing.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { afterwards } from '../../e2e/harness/afterwards.mjs';
import { temporaryFolder } from '../../e2e/harness/programs.mjs';

const WIDTH = 640;
const HEIGHT = 480;
const FRAMES_PER_SECOND = 30;
/** Two seconds, played again and again, to and fro without a jump. */
const FRAMES = 60;
/** How far the noise of a sensor goes, of 255 levels: a room in the evening. */
const NOISE = 4;
/** A head before a wall: how large it is, and how far it moves, in pixels. */
const HEAD = { width: 90, height: 130, sway: 40 };

/**
 * Writes a film, and returns how Chromium takes it for its camera.
 *
 * @param {import('node:test').TestContext} scope the film is gone with it
 */
export async function filmedCamera(scope) {
  const { folder, remove } = temporaryFolder();
  afterwards(scope, remove);
  const file = path.join(folder, 'camera.y4m');
  const film = createWriteStream(file);
  film.write(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`);
  for (let frame = 0; frame < FRAMES; frame++) {
    film.write('FRAME\n');
    if (!film.write(picture(frame))) await once(film, 'drain');
  }
  film.end();
  await once(film, 'finish');
  return [
    `--use-fake-device-for-media-stream=fps=${FRAMES_PER_SECOND}`,
    `--use-file-for-fake-video-capture=${file}`,
  ];
}

/** @param {number} frame */
function picture(frame) {
  const pixels = Buffer.alloc((WIDTH * HEIGHT * 3) / 2, 128);
  const turn = (2 * Math.PI * frame) / FRAMES;
  const centre = {
    x: WIDTH / 2 + HEAD.sway * Math.sin(turn),
    y: HEIGHT * 0.45 + (HEAD.sway / 4) * Math.cos(2 * turn),
  };
  let noise = frame + 1;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      // The same in every run (Lehmer's generator).
      noise = (noise * 48_271) % 2_147_483_647;
      const grain = (noise / 2_147_483_647 - 0.5) * 2 * NOISE;
      const [across, down] = [(x - centre.x) / HEAD.width, (y - centre.y) / HEAD.height];
      const head = across ** 2 + down ** 2 < 1;
      const light = head
        ? 150 + 40 * Math.sin(9 * across) * Math.cos(7 * down)
        : 90 + 30 * Math.sin(x / 37) * Math.cos(y / 29) + (x % 64 < 2 ? 40 : 0);
      pixels[y * WIDTH + x] = Math.max(0, Math.min(255, Math.round(light + grain)));
    }
  }
  return pixels;
}
