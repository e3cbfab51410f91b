// What a call of several people takes of this machine, and how many pictures a second arrive.

import { setTimeout as pause } from 'node:timers/promises';
import { Chromium } from '../../e2e/harness/browser.mjs';
import { startOurs } from '../call/ours.mjs';
import { cpuSeconds, family } from '../lib/process.mjs';
import { within } from '../lib/scope.mjs';
import { filmedCamera } from './camera.mjs';

/** People in the call. */
const PEOPLE = [2, 3, 4, 6];
/** Until encoders have settled, in ms. */
const SETTLE_MS = 15_000;
/** How long is looked, in ms. */
const LOOK_MS = 20_000;
/** Of each number of people. */
const RUNS = 3;

/**
 * @typedef {object} Run
 * @property {number} processor of the whole browser of one person, in cores: the mean of all
 * @property {number[]} framesPerSecond decoded, of each picture that arrives anywhere
 * @property {number} width of the pictures that arrive, the mean
 */

/** @typedef {{ people: number, runs: Run[] }} Mesh */

/** @param {(line: string) => void} progress @returns {Promise<Mesh[]>} */
export async function measureMesh(progress) {
  /** @type {Mesh[]} */
  const meshes = [];
  for (const people of PEOPLE) {
    /** @type {Run[]} */
    const runs = [];
    for (let run = 1; run <= RUNS; run++) {
      const result = await measureCallOf(people);
      runs.push(result);
      const frames = [...result.framesPerSecond].sort((a, b) => a - b);
      progress(
        `mesh of ${people}, ${run} of ${RUNS}: ${(100 * result.processor).toFixed(0)} % of a core each, ` +
          `${(frames[Math.floor(frames.length / 2)] ?? NaN).toFixed(1)} frames a second, ${result.width.toFixed(0)} wide`,
      );
    }
    meshes.push({ people, runs });
  }
  return meshes;
}

/** Everybody at a browser of their own, as in life, but all on this machine. @param {number} people @returns {Promise<Run>} */
export function measureCallOf(people) {
  return within(async (scope) => {
    const { local, link } = await startOurs(scope, ['--capacity', String(people)]);
    const camera = await filmedCamera(scope);
    /** @type {Chromium[]} */
    const browsers = [];
    /** @type {import('../../e2e/harness/person.mjs').Person[]} */
    const everybody = [];
    for (let number = 1; number <= people; number++) {
      const browser = await Chromium.start(scope, { args: camera });
      const address = number === 1 ? local : link('http://127.0.0.1');
      const person = await browser.opens(`Guest ${number}`, address, { before: keepStatistics });
      await person.join();
      await person.isIn();
      browsers.push(browser);
      everybody.push(person);
    }
    await pause(SETTLE_MS);
    const processes = browsers.flatMap(({ pid }) => family(pid));
    const look = async () => ({
      pictures: await Promise.all(everybody.map(({ page }) => page.evaluate(readPictures))),
      seconds: processes.map(cpuSeconds),
      at: performance.now(),
    });
    const before = await look();
    await pause(LOOK_MS);
    const after = await look();
    const passed = (after.at - before.at) / 1000;
    const worked = after.seconds.reduce((sum, is, at) => sum + is - (before.seconds[at] ?? 0), 0);
    const framesPerSecond = after.pictures.flatMap((pictures, page) =>
      pictures.map(({ frames }, at) => (frames - (before.pictures[page]?.[at]?.frames ?? 0)) / passed),
    );
    const widths = after.pictures.flat().map(({ width }) => width);
    if (framesPerSecond.length < people * (people - 1)) throw new Error('not everybody sees everybody');
    return {
      processor: worked / passed / people,
      framesPerSecond,
      width: widths.reduce((sum, width) => sum + width, 0) / widths.length,
    };
  });
}

/**
 * Runs in the page before its own scripts. The page is told no figures, so that it does nothing about a machine that
 * does not carry the call: that is what is measured.
 */
function keepStatistics() {
  const { prototype } = RTCPeerConnection;
  const read = prototype.getStats;
  Object.assign(globalThis, {
    /** @param {RTCPeerConnection} connection */
    statistics: (connection) => read.call(connection),
  });
  prototype.getStats = () => Promise.resolve(/** @type {RTCStatsReport} */ (new Map()));
}

/** Runs in the page. @returns {Promise<{ frames: number, width: number }[]>} of each connection, in the order of their making */
async function readPictures() {
  const { peerConnections, statistics } = /** @type {any} */ (globalThis);
  const seen = [];
  for (const connection of /** @type {RTCPeerConnection[]} */ (peerConnections)) {
    if (connection.connectionState !== 'connected') continue;
    for (const entry of (await statistics(connection)).values()) {
      if (entry.type !== 'inbound-rtp' || entry.kind !== 'video') continue;
      seen.push({ frames: entry.framesDecoded ?? 0, width: entry.frameWidth ?? 0 });
    }
  }
  return seen;
}
