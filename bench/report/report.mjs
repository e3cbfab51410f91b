// From the figures to bench/results.md and the plots of the README.

import { writeFileSync } from 'node:fs';
import { callPlot, callTables } from './call.mjs';
import { joinPlot, joinTables } from './join.mjs';
import { meshPlot, meshTables } from './mesh.mjs';
import { picturePlot, pictureTables } from './picture.mjs';
import { serverPlots, serverTables } from './server.mjs';
import { windowPlot, windowTables } from './window.mjs';

const RESULTS = new URL('../results.md', import.meta.url);
const IMAGES = new URL('../../docs/images/', import.meta.url);

/** @typedef {{ what: string, value: number, limit: number, least?: boolean }} Target `least`: the value must reach it, not stay below */
/** @typedef {{ tables: string[], targets: Target[] }} Section */

/** @param {Record<string, { date: string, machine: any, figures: any }>} results */
export function writeReport({ server, call, join, picture, mesh, window }) {
  /** @type {[string, any, ((figures: any, part: any) => Section), ((figures: any) => Record<string, string>)][]} */
  const parts = [
    ['Server', server, serverTables, serverPlots],
    ['A call', call, callTables, callPlot],
    ['A room on another machine', join, joinTables, joinPlot],
    ['Pictures, and the call in the window', picture, pictureTables, picturePlot],
    ['Several people', mesh, meshTables, meshPlot],
    ['Window', window, windowTables, windowPlot],
  ];
  const there = parts.filter(([, part]) => part);
  const sections = there.map(([name, part, tables]) => ({ name, part, ...tables(part.figures, part) }));
  const text = [
    '# Measured',
    'Written by `make bench`; what each figure means is in [docs/benchmarks.md](../docs/benchmarks.md). ' +
      'Every figure is a median, with the least and the most in parentheses. A ratio is of the medians.',
    targetTable(sections.flatMap(({ targets }) => targets)),
    ...sections.flatMap(({ name, part, tables }) => [`## ${name}`, measuredOn(part), ...tables]),
  ];
  writeFileSync(RESULTS, `${text.join('\n\n')}\n`);
  for (const [, part, , plots] of there) {
    for (const [name, svg] of Object.entries(plots(part.figures))) {
      writeFileSync(new URL(`bench-${name}.svg`, IMAGES), svg);
    }
  }
}

/** @param {Target[]} targets */
function targetTable(targets) {
  const rows = targets.map(({ what, value, limit, least }) => {
    const reached = least ? value >= limit : value <= limit;
    return `| ${what} | ${least ? '≥' : '≤'} ${limit} | ${value.toFixed(2)} | ${reached ? 'yes' : '**no**'} |`;
  });
  return ['| | wanted | measured | reached |', '|---|---|---|---|', ...rows].join('\n');
}

/** @param {{ date: string, machine: any }} part */
function measuredOn({ date, machine }) {
  const { processor, cores, memory, load, system, versions } = machine;
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return (
    `${date}, ${processor}, ${cores} cores, ${memory}, ${system}; load of the machine before: ${load}. ` +
    `${programs.join(', ')}.`
  );
}
