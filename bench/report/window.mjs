// The window's figures.

import { plot } from './plot.mjs';
import { ratio, spread, written } from './numbers.mjs';

/** @typedef {Awaited<ReturnType<typeof import('../window/measure.mjs').measureWindow>>} Figures */

/** @param {Figures} figures @returns {import('./report.mjs').Section} */
export function windowTables({ windows, bytes }) {
  const usable = (/** @type {'ours' | 'empty'} */ name) => windows[name].map(({ usableMs }) => usableMs);
  const memory = (/** @type {'ours' | 'empty'} */ name) =>
    windows[name].map(({ memoryBytes }) => memoryBytes);
  const quotient = ratio(usable('ours'), usable('empty'));
  const megabytes = (/** @type {number | null} */ size) =>
    size === null ? 'not built' : `${written(size / 1e6)} MB`;
  return {
    tables: [
      [
        '| | Vis-à-vis, lobby | empty Tauri window | ours / empty |',
        '|---|---|---|---|',
        `| start to usable, ms | ${spread(usable('ours'))} | ${spread(usable('empty'))} | ${quotient.toFixed(2)} |`,
        `| memory of all its processes (PSS), MB | ${spread(memory('ours'), 1e6)} | ${spread(memory('empty'), 1e6)} | ` +
          `${ratio(memory('ours'), memory('empty')).toFixed(2)} |`,
      ].join('\n'),
      `The app is ${megabytes(bytes.window)}, its .deb ${megabytes(bytes.package)}, the server alone ${megabytes(bytes.server)}.`,
    ],
    targets: [{ what: 'lobby usable, ours / empty window', value: quotient, limit: 1.25 }],
  };
}

/** @param {Figures} figures */
export function windowPlot({ windows }) {
  const bar = (/** @type {string} */ name, /** @type {'ours' | 'empty'} */ which) => ({
    name,
    values: windows[which].map(({ usableMs }) => usableMs),
    ours: which === 'ours',
  });
  return {
    window: plot({
      title: 'From the start of the app to a usable lobby',
      note: 'Less is better. Median, least and most.',
      unit: 'ms',
      groups: [{ name: '', bars: [bar('Vis-à-vis', 'ours'), bar('empty Tauri window', 'empty')] }],
    }),
  };
}
