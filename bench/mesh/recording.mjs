// Films as VP8, to be sent by those who only stand in for somebody.

import { FRAMES_PER_SECOND, FRAME_MARK, USUAL_SIZE } from './camera.mjs';

/** How a picture is encoded for one other. @typedef {{ width: number, height: number, bitrate: number }} Encoding */

/** In base64: the first is a key frame, the others are not. @typedef {string[]} Recording */

/** Long enough that the key frame, with which it begins anew, says nothing in the figures. */
const SECONDS = 30;
const FILM = '/film.y4m';

/** The codec as the call names it: the recording has to be in the one that the app sends. */
export const CODEC = 'video/VP8';

/**
 * @param {import('../../e2e/harness/person.mjs').Person['page']} page of a secure origin
 * @param {string} file a film of the usual size
 * @param {Encoding} encoding
 * @returns {Promise<Recording>}
 */
export async function recordFilm(page, file, encoding) {
  await page.route(`**${FILM}`, (route) => route.fulfill({ path: file, contentType: 'video/x-raw' }));
  return page.evaluate(encodeFilm, {
    ...{ address: FILM, encoding, source: USUAL_SIZE, mark: FRAME_MARK.length },
    ...{ frames: SECONDS * FRAMES_PER_SECOND, framesPerSecond: FRAMES_PER_SECOND },
  });
}

/**
 * Runs in the page.
 *
 * @param {{ address: string, encoding: Encoding, source: { width: number, height: number }, mark: number,
 *   frames: number, framesPerSecond: number }} task
 * @returns {Promise<Recording>}
 */
async function encodeFilm({ address, encoding, source, mark, frames, framesPerSecond }) {
  const film = new Uint8Array(await (await fetch(address)).arrayBuffer());
  const pixels = (source.width * source.height * 3) / 2;
  const beginning = film.indexOf('\n'.charCodeAt(0)) + 1;
  const pictures = Math.floor((film.length - beginning) / (mark + pixels));
  /** @type {string[]} */
  const recording = [];
  const encoder = new VideoEncoder({
    output(chunk) {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      recording.push(btoa(text));
    },
    error(fault) {
      throw fault;
    },
  });
  encoder.configure({
    ...{ codec: 'vp8', ...encoding, framerate: framesPerSecond },
    ...{ latencyMode: 'realtime', bitrateMode: 'constant' },
  });
  for (let at = 0; at < frames; at++) {
    const from = beginning + (at % pictures) * (mark + pixels) + mark;
    const picture = new VideoFrame(film.subarray(from, from + pixels), {
      ...{ format: 'I420', codedWidth: source.width, codedHeight: source.height },
      timestamp: Math.round((at * 1_000_000) / framesPerSecond),
    });
    encoder.encode(picture, { keyFrame: at === 0 });
    picture.close();
    if (encoder.encodeQueueSize > framesPerSecond)
      await new Promise((resolve) => encoder.addEventListener('dequeue', resolve, { once: true }));
  }
  await encoder.flush();
  encoder.close();
  return recording;
}
