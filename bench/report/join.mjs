// The figures of coming into a room on another machine.

import { median, spread } from './numbers.mjs';
import { plot } from './plot.mjs';

/** @typedef {Awaited<ReturnType<typeof import('../join/measure.mjs').measureJoin>>} Figures */
/** @typedef {keyof Figures['visits']} Kind */

/** @type {Record<Kind, string>} */
const KINDS = { cold: 'at once', warm: 'after 4 s in the lobby' };

const PARTS = /** @type {const} */ (['discovery', 'tls', 'handshake', 'join', 'total']);

/** @param {Figures} figures @returns {import('./report.mjs').Section} */
export function joinTables({ visits, unknown, pages, moves }) {
  const rows = Object.entries(visits).map(([kind, taken]) => {
    const parts = PARTS.map((part) => spread(taken.map((visit) => visit[part])));
    return `| ${KINDS[/** @type {Kind} */ (kind)]} | ${parts.join(' | ')} |`;
  });
  const total = (/** @type {Kind} */ kind) => median(visits[kind].map((visit) => visit.total));
  return {
    tables: [
      [
        '| typed, ms | discovery | TLS | handshake | join | together |',
        '|---|---|---|---|---|---|',
        ...rows,
      ].join('\n'),
      `An ID that nobody has is told after ${spread(unknown.cold)} ms, and ${KINDS.warm} after ${spread(unknown.warm)} ms.`,
      `From the press of \`Join\` to the call on the screen, in Chromium: ${spread(pages)} ms.`,
      `When the host's machine gets another address during a call, pictures are away for ${spread(moves)} ms.`,
    ],
    targets: [
      { what: 'typed ID to the room, warm, ms', value: total('warm'), limit: 150 },
      { what: 'typed ID to the room, cold, ms', value: total('cold'), limit: 1000 },
      { what: 'an ID that nobody has is told, cold, ms', value: median(unknown.cold), limit: 3000 },
      { what: 'pictures away when the host moves, ms', value: median(moves), limit: 5000 },
    ],
  };
}

/** @param {Figures} figures */
export function joinPlot({ visits }) {
  const bars = Object.entries(visits).map(([kind, taken]) => ({
    name: KINDS[/** @type {Kind} */ (kind)],
    values: taken.map(({ total }) => total),
    ours: true,
  }));
  return {
    join: plot({
      title: 'From a typed room ID to the room on another machine',
      note: 'Less is better. Median, least and most.',
      unit: 'ms',
      groups: [{ name: '', bars }],
    }),
  };
}
