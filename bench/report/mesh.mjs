// The figures of calls of several people.

import { readFileSync } from 'node:fs';
import { median, spread } from './numbers.mjs';
import { plot } from './plot.mjs';

/** @typedef {import('../mesh/measure.mjs').Mesh} Mesh */
/** @typedef {import('../mesh/measure.mjs').Look} Look */

/** What a film has: fewer falter. */
const WANTED_FRAMES = 24;
const PROTOCOL = new URL('../../ui/src/protocol/messages.ts', import.meta.url);

/** Whether the one who is measured sends and gets every picture as often and as large as is wanted. @param {Mesh} mesh */
function isCarried({ width, looks }) {
  const frames = looks.map(({ sent, received }) => Math.min(...sent, ...received));
  const widths = looks.map(({ sentWidth, receivedWidth }) => Math.min(sentWidth, receivedWidth));
  return median(frames) >= WANTED_FRAMES && median(widths) >= width;
}

/** The largest call that is carried, as all smaller ones are. @param {Mesh[]} meshes */
function largestCarried(meshes) {
  const beyond = meshes.findIndex((mesh) => !isCarried(mesh));
  return meshes.slice(0, beyond < 0 ? undefined : beyond).at(-1)?.people ?? 1;
}

/** @param {Mesh[]} meshes @param {{ machine: { cores: number } }} part @returns {import('./report.mjs').Section} */
export function meshTables(meshes, { machine: { cores } }) {
  const rows = meshes.map((mesh) => {
    const { people, width, looks } = mesh;
    const of = (/** @type {(look: Look) => number} */ figure) => spread(looks.map(figure));
    const percent = (/** @type {(look: Look) => number} */ share) => of((look) => 100 * share(look));
    const cells = [
      people,
      percent(({ processor }) => processor),
      of(({ sent }) => Math.min(...sent)),
      of(({ received }) => Math.min(...received)),
      `${of(({ sentWidth }) => sentWidth)}, ${of(({ receivedWidth }) => receivedWidth)} of ${width}`,
      percent(({ standIns }) => standIns),
      percent(({ elsewhere }) => elsewhere),
      isCarried(mesh) ? 'yes' : '**no**',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const carried = largestCarried(meshes);
  return {
    tables: [
      'One person in Chromium, in a call with others who send and get what others do, but for whom nothing is encoded and next to nothing decoded here. Processor time in percent of a core; frames a second of the picture that has the fewest; widths sent and received, of what is wanted.',
      [
        '| people | the one person | sends | gets | width | all the others | everything else | carried |',
        '|---|---|---|---|---|---|---|---|',
        ...rows,
      ].join('\n'),
      `The largest call in which this machine sends and gets ${WANTED_FRAMES} frames a second as large as is wanted: **${carried} people**. ` +
        `It has ${100 * cores} % to give: where all together come near to that, the others' part was missing to the one person, who alone might have carried more.`,
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
      title: 'What one person’s browser takes in a call',
      note: 'Less is better. Median of the looks, least and most.',
      unit: '% of a core',
      groups: [
        {
          name: '',
          bars: meshes.map(({ people, looks }) => ({
            name: `${people} people`,
            values: looks.map(({ processor }) => 100 * processor),
            ours: true,
          })),
        },
      ],
    }),
  };
}
