// The figures of calls of several people.

import { readFileSync } from 'node:fs';
import { median, spread } from './numbers.mjs';
import { plot } from './plot.mjs';

/** @typedef {import('../mesh/measure.mjs').Mesh} Mesh */

/** What a film has: fewer falter. */
const WANTED_FRAMES = 24;
/** Of the machine's processor time one person's call may take so much: the rest is the system's and that of others. */
const CARRIED_SHARE = 0.75;

const PROTOCOL = new URL('../../ui/src/protocol/messages.ts', import.meta.url);

/** @param {Mesh} mesh of each run the median of all pictures */
const frames = ({ runs }) => runs.map(({ framesPerSecond }) => median(framesPerSecond));

/**
 * What one person's browser takes while every picture has its 24 frames a second, in cores: where fewer come, because all
 * of the call is on one machine, as much more as is missing.
 *
 * @param {Mesh} mesh
 */
const needed = (mesh) =>
  mesh.runs.map(
    ({ processor, framesPerSecond }) => processor * Math.max(1, WANTED_FRAMES / median(framesPerSecond)),
  );

/** @param {Mesh[]} meshes @param {number} cores */
function largestCarried(meshes, cores) {
  const carried = meshes.filter((mesh) => median(needed(mesh)) <= CARRIED_SHARE * cores);
  return Math.max(1, ...carried.map(({ people }) => people));
}

/** @param {Mesh[]} meshes @param {{ machine: { cores: number } }} part @returns {import('./report.mjs').Section} */
export function meshTables(meshes, { machine: { cores } }) {
  const rows = meshes.map((mesh) => {
    const { people, runs } = mesh;
    const all = runs.map(({ processor }) => 100 * people * processor);
    const one = runs.map(({ processor }) => 100 * processor);
    const worst = runs.map(({ framesPerSecond }) => Math.min(...framesPerSecond));
    const width = median(runs.map((run) => run.width));
    const need = needed(mesh).map((share) => 100 * share);
    return `| ${people} | ${spread(all)} | ${spread(one)} | ${spread(frames(mesh))} | ${spread(worst)} | ${width.toFixed(0)} | ${spread(need)} |`;
  });
  const carried = largestCarried(meshes, cores);
  return {
    tables: [
      'Everybody in a Chromium of their own, all on this machine. Processor time in percent of a core.',
      [
        '| people | all of them | one of them | frames a second | the picture with the fewest | width | one of them needs for 24 frames |',
        '|---|---|---|---|---|---|---|',
        ...rows,
      ].join('\n'),
      `The largest of these calls in which one person takes at most ${100 * CARRIED_SHARE} % of a machine like this at ${WANTED_FRAMES} frames a second: **${carried} people**. Where fewer frames came this is reckoned, not seen, and the rougher the fewer there were.`,
    ],
    targets: [
      {
        what: `people in a call that a machine with ${cores} cores carries, beside the default capacity`,
        value: carried,
        limit: defaultCapacity(),
        least: true,
      },
    ],
  };
}

function defaultCapacity() {
  return Number(/DEFAULT_CAPACITY = (\d+)/.exec(readFileSync(PROTOCOL, 'utf8'))?.[1]);
}

/** @param {Mesh[]} meshes */
export function meshPlot(meshes) {
  return {
    mesh: plot({
      title: 'What one person’s browser needs in a call, at 24 frames a second',
      note: 'Less is better. Median of the runs, least and most.',
      unit: '% of a core',
      groups: [
        {
          name: '',
          bars: meshes.map((mesh) => ({
            name: `${mesh.people} people`,
            values: needed(mesh).map((share) => 100 * share),
            ours: true,
          })),
        },
      ],
    }),
  };
}
