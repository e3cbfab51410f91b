// What a camera gives: the browser's own made-up one is flat areas, which cost an encoder next to nothing.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { afterwards } from '../../e2e/harness/afterwards.mjs';
import { temporaryFolder } from '../../e2e/harness/programs.mjs';

/** @typedef {{ width: number, height: number }} Size */

/** What the app asks a camera for. @type {Size} */
export const USUAL_SIZE = { width: 640, height: 480 };
export const FRAMES_PER_SECOND = 30;
/** Two seconds, played again and again, to and fro without a jump. */
const FRAMES = 60;
/** How far the noise of a sensor goes, of 255 levels: a room in the evening. */
const NOISE = 4;
/** A head before a wall: how large it is, and how far it moves, in pixels of the usual size. */
const HEAD = { width: 90, height: 130, sway: 40 };
/** Before each frame of a Y4M file. */
export const FRAME_MARK = 'FRAME\n';

/**
 * Writes a film in Y4M, and returns its file.
 *
 * @param {import('node:test').TestContext} scope the film is gone with it
 * @param {Size} size
 */
export async function film(scope, { width, height }) {
  const { folder, remove } = temporaryFolder();
  afterwards(scope, remove);
  const file = path.join(folder, 'camera.y4m');
  const stream = createWriteStream(file);
  stream.write(`YUV4MPEG2 W${width} H${height} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`);
  for (let frame = 0; frame < FRAMES; frame++) {
    stream.write(FRAME_MARK);
    if (!stream.write(picture(frame, { width, height }))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  return file;
}

/** How Chromium takes a film for its camera. @param {string} file */
export function asCamera(file) {
  return [
    `--use-fake-device-for-media-stream=fps=${FRAMES_PER_SECOND}`,
    `--use-file-for-fake-video-capture=${file}`,
  ];
}

/** @param {number} frame @param {Size} size */
function picture(frame, { width, height }) {
  const pixels = Buffer.alloc((width * height * 3) / 2, 128);
  const turn = (2 * Math.PI * frame) / FRAMES;
  const centre = {
    x: USUAL_SIZE.width / 2 + HEAD.sway * Math.sin(turn),
    y: USUAL_SIZE.height * 0.45 + (HEAD.sway / 4) * Math.cos(2 * turn),
  };
  let noise = frame + 1;
  for (let row = 0; row < height; row++) {
    const y = (row * USUAL_SIZE.height) / height;
    for (let column = 0; column < width; column++) {
      const x = (column * USUAL_SIZE.width) / width;
      // The same in every run (Lehmer's generator).
      noise = (noise * 48_271) % 2_147_483_647;
      const grain = (noise / 2_147_483_647 - 0.5) * 2 * NOISE;
      const [across, down] = [(x - centre.x) / HEAD.width, (y - centre.y) / HEAD.height];
      const head = across ** 2 + down ** 2 < 1;
      const light = head
        ? 150 + 40 * Math.sin(9 * across) * Math.cos(7 * down)
        : 90 + 30 * Math.sin(x / 37) * Math.cos(y / 29) + (x % 64 < 2 ? 40 : 0);
      pixels[row * width + column] = Math.max(0, Math.min(255, Math.round(light + grain)));
    }
  }
  return pixels;
}
