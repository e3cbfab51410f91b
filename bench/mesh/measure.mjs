// What a call of several people takes of one person's machine, and how many pictures a second they send and get.

import { setTimeout as pause } from 'node:timers/promises';
import { Chromium } from '../../e2e/harness/browser.mjs';
import { until } from '../../e2e/harness/until.mjs';
import { startOurs } from '../call/ours.mjs';
import { busySeconds, cpuSeconds, family } from '../lib/process.mjs';
import { within } from '../lib/scope.mjs';
import { USUAL_SIZE, asCamera, film } from './camera.mjs';
import { readEfforts, readLinks } from './links.mjs';
import { CODEC, recordFilm } from './recording.mjs';
import { browserOfStandIns, sends, standsIn } from './stand-in.mjs';

/** @typedef {import('../../e2e/harness/person.mjs').Person} Person */
/** @typedef {import('./links.mjs').Counts} Counts */

/** People in the call. */
const PEOPLE = [2, 3, 4, 5, 6, 8];
/** Until encoders and estimates have settled, in ms. */
const SETTLE_MS = 12_000;
/** How long is looked, in ms. */
const LOOK_MS = 7000;
/** At each call. */
const LOOKS = 3;
/** Where whatever else the machine does took more, in cores, it is looked again. */
const DISTURBED = 0.4;
/** At most. */
const TRIES = 6;

/**
 * Processor time in cores, pictures by second.
 *
 * @typedef {object} Look
 * @property {number} processor of the whole browser of the one who is measured
 * @property {number} standIns of the browser of all who stand in for others
 * @property {number} elsewhere of everything else on the machine, the server and this program included
 * @property {number[]} sent to each of the others
 * @property {number[]} received from each of the others, decoded
 * @property {number} sentWidth the least
 * @property {number} receivedWidth the least
 */

/** @typedef {{ people: number, width: number, looks: Look[] }} Mesh `width`: as it is wanted */

/** @param {(line: string) => void} progress @returns {Promise<Mesh[]>} */
export async function measureMesh(progress) {
  /** @type {Mesh[]} */
  const meshes = [];
  for (const people of PEOPLE) {
    meshes.push(await measureCallOf(people, (line) => progress(`mesh of ${people}: ${line}`)));
  }
  return meshes;
}

/**
 * One person at a browser of their own, whom the others cost as much as others do, while those cost next to nothing.
 *
 * @param {number} people @param {(line: string) => void} progress @returns {Promise<Mesh>}
 */
export function measureCallOf(people, progress) {
  return within(async (scope) => {
    const { local, link } = await startOurs(scope, ['--capacity', String(people)]);
    const file = await film(scope, USUAL_SIZE);
    const [own, others] = [
      await Chromium.start(scope, { args: asCamera(file) }),
      await browserOfStandIns(scope),
    ];
    const measured = await own.opens('Guest 1', local);
    await measured.join();
    await measured.isIn();
    /** @type {Person[]} */
    const standIns = [];
    for (let number = 2; number <= people; number++) {
      standIns.push(await standsIn(others, `Guest ${number}`, link('http://127.0.0.1')));
    }
    const width = await sendsLikeAll(measured, standIns, file);
    await pause(SETTLE_MS);
    const count = counter(measured, own, others);
    /** @type {Look[]} */
    const looks = [];
    const quiet = () => looks.filter(({ elsewhere }) => elsewhere < DISTURBED).length;
    for (let before = await count(); quiet() < LOOKS && looks.length < TRIES;) {
      await pause(LOOK_MS);
      const after = await count();
      looks.push(lookBetween(before, after));
      progress(described(looks.at(-1), before, after));
      before = after;
    }
    looks.sort((one, other) => one.elsewhere - other.elsewhere);
    return { people, width, looks: looks.slice(0, LOOKS) };
  });
}

/**
 * The stand-ins send what the measured one's page would send in their place, and the width of that is returned.
 *
 * @param {Person} measured @param {Person[]} standIns @param {string} file
 */
async function sendsLikeAll(measured, standIns, file) {
  await until('all are connected', async () => {
    const links = await measured.page.evaluate(readLinks);
    return links.length === standIns.length && links.every((link) => link && link.received.frames > 0);
  });
  const links = await measured.page.evaluate(readLinks);
  for (const { codec } of links.flatMap((link) => (link ? [link.sent, link.received] : []))) {
    if (codec !== CODEC) throw new Error(`the app sends ${codec}, and the recording is ${CODEC}`);
  }
  const [effort, ...same] = await measured.page.evaluate(readEfforts);
  if (!effort || same.some(({ scale }) => scale !== effort.scale))
    throw new Error('not all are sent the same');
  const [width, height] = [USUAL_SIZE.width, USUAL_SIZE.height].map((pixels) => even(pixels / effort.scale));
  const encoding = { width: width ?? 0, height: height ?? 0, bitrate: effort.bitrate };
  const [first] = standIns;
  const recording = first ? await recordFilm(first.page, file, encoding) : [];
  for (const standIn of standIns) await sends(standIn, recording);
  return encoding.width;
}

/** Colours have half the pixels. @param {number} pixels */
function even(pixels) {
  return 2 * Math.floor(pixels / 2);
}

/** @param {Person} measured @param {Chromium} own @param {Chromium} others */
function counter(measured, own, others) {
  const sum = (/** @type {number[]} */ processes) =>
    processes.reduce((seconds, pid) => seconds + cpuSeconds(pid), 0);
  const [ours, theirs] = [family(own.pid), family(others.pid)];
  return async () => ({
    links: await measured.page.evaluate(readLinks),
    at: performance.now() / 1000,
    processor: sum(ours),
    standIns: sum(theirs),
    machine: busySeconds(),
  });
}

/** @typedef {Awaited<ReturnType<ReturnType<typeof counter>>>} Counted */

/** @param {Counted} before @param {Counted} after @returns {Look} */
function lookBetween(before, after) {
  const passed = after.at - before.at;
  const each = growths(before, after);
  const [processor = 0, standIns = 0, machine = 0] = /** @type {const} */ ([
    'processor',
    'standIns',
    'machine',
  ]).map((who) => (after[who] - before[who]) / passed);
  return {
    ...{ processor, standIns, elsewhere: machine - processor - standIns },
    sent: each.map(([was, is]) => (is.sent.frames - was.sent.frames) / passed),
    received: each.map(([was, is]) => (is.received.frames - was.received.frames) / passed),
    sentWidth: Math.min(...each.map(([, { sent }]) => sent.width)),
    receivedWidth: Math.min(...each.map(([, { received }]) => received.width)),
  };
}

/** Each link as it was and is. @param {Counted} before @param {Counted} after @returns {[Counts, Counts][]} */
function growths(before, after) {
  return after.links.map((is, at) => {
    const was = before.links[at];
    if (!was || !is) throw new Error('somebody is not connected any more');
    return [was, is];
  });
}

/** @param {Look | undefined} look @param {Counted} before @param {Counted} after */
function described(look, before, after) {
  if (!look) return '';
  const each = growths(before, after);
  const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(0)} %`;
  const least = (/** @type {number[]} */ frames) => Math.min(...frames).toFixed(1);
  const side = (/** @type {'sent' | 'received'} */ name) => {
    const grown = (/** @type {'bytes' | 'keys' | 'asked'} */ count) =>
      each.reduce((sum, [was, is]) => sum + is[name][count] - was[name][count], 0) / each.length;
    const kilobits = (grown('bytes') * 8) / 1000 / (after.at - before.at);
    return (
      `${name} ${least(look[name])} a second, ${look[`${name}Width`]} wide, ${kilobits.toFixed(0)} kbit/s, ` +
      `${grown('keys').toFixed(1)} key frames (${grown('asked').toFixed(1)} asked for)`
    );
  };
  return (
    `${percent(look.processor)} of a core, stand-ins ${percent(look.standIns)}, everything else ${percent(look.elsewhere)}; ` +
    `${side('sent')}; ${side('received')}`
  );
}
