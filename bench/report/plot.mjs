// Bars as SVG by hand. It brings its own background and colours for light and dark, since pages show it as a picture.

import { median, written } from './numbers.mjs';

const WIDTH = 760;
const MARGIN = 24;
const LABEL_WIDTH = 190;
const VALUE_WIDTH = 150;
const BAR = 18;
const ROW = 26;
const GROUP_GAP = 18;
const TITLE = 64;

const STYLE = `
  .page { fill: #ffffff; } text { fill: #1f2430; font: 13px system-ui, sans-serif; }
  .title { font-size: 16px; font-weight: 600; } .note { fill: #5b6270; font-size: 12px; }
  .ours { fill: #2f6fde; } .other { fill: #a9b1c0; } .spread { stroke: #1f2430; stroke-width: 1.5; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #171a21; } text { fill: #e8eaf0; } .note { fill: #a2a9b8; }
    .ours { fill: #6ea0ff; } .other { fill: #5c6577; } .spread { stroke: #e8eaf0; }
  }`;

/** @typedef {{ name: string, values: number[], ours?: boolean }} Bar */

/**
 * One bar of each median with a line from the least to the most.
 *
 * @param {{ title: string, note: string, unit: string, groups: { name: string, bars: Bar[] }[] }} plot
 */
export function plot({ title, note, unit, groups }) {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.flatMap(({ values }) => values)));
  const scale = (WIDTH - 2 * MARGIN - LABEL_WIDTH - VALUE_WIDTH) / most;
  const left = MARGIN + LABEL_WIDTH;
  const parts = [];
  let y = MARGIN + TITLE;
  for (const { name, bars } of groups) {
    if (name) {
      parts.push(`<text x="${MARGIN}" y="${y + 13}" class="note">${escaped(name)}</text>`);
      y += ROW;
    }
    for (const bar of bars) {
      parts.push(...drawn(bar, y, left, scale, unit));
      y += ROW;
    }
    y += GROUP_GAP;
  }
  const height = y + MARGIN - GROUP_GAP;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${escaped(`${title}. ${note}`)}</title>
<style>${STYLE}
</style>
<rect class="page" width="${WIDTH}" height="${height}" rx="8"/>
<text x="${MARGIN}" y="${MARGIN + 16}" class="title">${escaped(title)}</text>
<text x="${MARGIN}" y="${MARGIN + 38}" class="note">${escaped(note)}</text>
${parts.join('\n')}
</svg>
`;
}

/** @param {Bar} bar @param {number} y @param {number} left @param {number} scale @param {string} unit */
function drawn({ name, values, ours }, y, left, scale, unit) {
  const at = (/** @type {number} */ value) => (left + value * scale).toFixed(1);
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)];
  const width = Math.max(1, middle * scale).toFixed(1);
  const line = y + BAR / 2;
  return [
    `<text x="${left - 10}" y="${y + 13}" text-anchor="end">${escaped(name)}</text>`,
    `<rect class="${ours ? 'ours' : 'other'}" x="${left}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
    `<path class="spread" d="M${at(least)} ${line}H${at(most)}M${at(least)} ${line - 4}v8M${at(most)} ${line - 4}v8"/>`,
    `<text x="${Number(at(most)) + 8}" y="${y + 13}">${escaped(`${written(middle)} ${unit}`)}</text>`,
  ];
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
