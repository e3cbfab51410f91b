// The figures of pictures on their way, and of the window's call.

import { median, spread } from './numbers.mjs';
import { plot } from './plot.mjs';

/** @typedef {Awaited<ReturnType<typeof import('../picture/measure.mjs').measurePicture>>} Figures */
/** @typedef {import('../picture/measure.mjs').Way} Way */
/** @typedef {import('../picture/measure.mjs').Run} Run */

/** Against which the others are held. @type {Way} */
const YARDSTICK = 'Chromium to Chromium';

/** @param {number[]} values @param {number} part from 0 to 1 */
function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** @param {Run[]} runs */
const medians = (runs) => runs.map(({ latencies }) => quantile(latencies, 0.5));
/** @param {Run[]} runs */
const tails = (runs) => runs.map(({ latencies }) => quantile(latencies, 0.95));

/** @param {Figures} figures @returns {import('./report.mjs').Section} */
export function pictureTables({ ways, apart = {}, processors }) {
  const names = /** @type {Way[]} */ (Object.keys(ways));
  const ours = names.filter((name) => name !== YARDSTICK);
  const compare = (/** @type {Way} */ way) => median(medians(ways[way])) / median(medians(ways[YARDSTICK]));
  const rows = names.map((name) => {
    const runs = ways[name];
    const pace = spread(runs.map(({ framesPerSecond }) => framesPerSecond));
    return `| ${name} | ${spread(medians(runs))} | ${spread(tails(runs))} | ${pace} | ${compare(name).toFixed(2)} |`;
  });
  return {
    tables: [
      'From drawing a picture on one side to reading it on the other, 640x480, in ms: of each run the median and the 95th percentile.',
      [
        '| | median | p95 | pictures a second | / Chromium to Chromium |',
        '|---|---|---|---|---|',
        ...rows,
      ].join('\n'),
      'Where the time goes, in ms a picture (means, of the run in the middle):',
      partsTable(names.map((name) => ({ name, runs: ways[name] }))),
      'A tone that begins with a picture: how much later than the picture it is heard, in ms.',
      apartTable(apart),
      'A call in the window, in percent of a core. The Rust part are the threads of the connections, the sound and the server; the rest of `visavis` draws the window.',
      processorTable(processors),
    ],
    targets: [
      ...ours.flatMap((way) => [
        { what: `draw to read, ${way} / ${YARDSTICK}`, value: compare(way), limit: 2 },
        { what: `draw to read, ${way}, p95 in ms`, value: median(tails(ways[way])), limit: 100 },
        {
          what: `pictures a second, ${way}`,
          value: median(ways[way].map(({ framesPerSecond }) => framesPerSecond)),
          limit: 28,
          least: true,
        },
      ]),
      {
        what: 'the Rust part with one guest, percent of a core',
        value: 100 * withOneGuest(processors),
        limit: 3,
      },
    ],
  };
}

/** @param {Figures['apart']} apart */
function apartTable(apart) {
  const far = (/** @type {number[]} */ values) => quantile(values.map(Math.abs), 0.95).toFixed(0);
  const rows = Object.entries(apart).map(
    ([way, values]) => `| ${way} | ${median(values).toFixed(0)} | ${far(values)} |`,
  );
  return ['| | median | p95 apart, either way |', '|---|---|---|', ...rows].join('\n');
}

/** @param {{ name: string, runs: Run[] }[]} ways */
function partsTable(ways) {
  const middle = ways.map(({ runs }) => {
    const sorted = [...runs].sort((a, b) => quantile(a.latencies, 0.5) - quantile(b.latencies, 0.5));
    return /** @type {Run} */ (sorted[Math.floor(sorted.length / 2)]).parts;
  });
  const rows = (middle[0] ?? []).map(({ name }, index) => {
    return `| ${name} | ${middle.map((parts) => (parts[index]?.ms ?? NaN).toFixed(1)).join(' | ')} |`;
  });
  return [
    `| | ${ways.map(({ name }) => name).join(' | ')} |`,
    `|---|${'---|'.repeat(ways.length)}`,
    ...rows,
  ].join('\n');
}

/** @param {Figures['processors']} processors */
function processorTable(processors) {
  const names = [...new Set(processors.flatMap(({ processes }) => Object.keys(processes)))];
  const percent = (/** @type {number | undefined} */ share) => ((share ?? 0) * 100).toFixed(1);
  return [
    `| guests | Rust part | ${names.join(' | ')} |`,
    `|---|---|${'---|'.repeat(names.length)}`,
    ...processors.map(({ guests, rust, processes }) => {
      return `| ${guests} | ${percent(rust)} | ${names.map((name) => percent(processes[name])).join(' | ')} |`;
    }),
  ].join('\n');
}

/** With one guest: the microphone's echo cancellation and encoding are in it. @param {Figures['processors']} processors */
function withOneGuest(processors) {
  return processors.find(({ guests }) => guests === 1)?.rust ?? NaN;
}

/** @param {Figures} figures */
export function picturePlot({ ways }) {
  return {
    picture: plot({
      title: 'From drawing a picture to reading it on the other side',
      note: 'Less is better. Median of the runs, least and most.',
      unit: 'ms',
      groups: [
        {
          name: '',
          bars: /** @type {Way[]} */ (Object.keys(ways)).map((name) => ({
            name,
            values: medians(ways[name]),
            ours: name !== YARDSTICK,
          })),
        },
      ],
    }),
  };
}
