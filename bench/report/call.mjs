// The calls' figures.

import { plot } from './plot.mjs';
import { ratio, spread } from './numbers.mjs';

/** @typedef {import('../call/measure.mjs').Figures} Figures */
/** @typedef {import('../call/measure.mjs').Way} Way */

/** @type {Record<Way, string>} */
const NAMES = {
  ours: 'Vis-à-vis',
  peerjs: 'PeerJS',
  'peerjs-connected': 'PeerJS, connected before',
};
const WAYS = /** @type {Way[]} */ (Object.keys(NAMES));

/** Most of PeerJS's time that ours may take. @type {Record<string, number>} */
const LIMITS = { loopback: 1.1, '100 ms': 0.75, '100 ms, 10 % loss': 0.75 };

/** @param {Figures[]} figures @param {string} route @param {Way} way */
const values = (figures, route, way) =>
  figures.find((each) => each.route === route && each.way === way)?.ms ?? [];

/** @param {Figures[]} figures */
const routes = (figures) => [...new Set(figures.map(({ route }) => route))];

/** @param {Figures[]} figures @returns {import('./report.mjs').Section} */
export function callTables(figures) {
  const compare = (/** @type {string} */ route, /** @type {Way} */ way) =>
    ratio(values(figures, route, 'ours'), values(figures, route, way));
  const rows = routes(figures).map((route) => {
    const cells = WAYS.map((way) => spread(values(figures, route, way)));
    const ratios = WAYS.slice(1).map((way) => compare(route, way).toFixed(2));
    return `| ${[route, ...cells, ...ratios].join(' | ')} |`;
  });
  return {
    tables: [
      'From the press of `Join` to the first picture of the other, in ms. The ratio that counts is the one to PeerJS ' +
        'whose `Peer` is made on the press.',
      [
        `| | ${WAYS.map((way) => NAMES[way]).join(' | ')} | ours / PeerJS | ours / connected before |`,
        '|---|---|---|---|---|---|',
        ...rows,
      ].join('\n'),
      ...routes(figures).map((route) => timeline(figures, route)),
    ],
    targets: routes(figures).map((route) => ({
      what: `first picture, ${route}, ours / PeerJS's`,
      value: compare(route, 'peerjs'),
      limit: LIMITS[route] ?? 1,
    })),
  };
}

/** The steps of our call in the middle. @param {Figures[]} figures @param {string} route */
function timeline(figures, route) {
  const typical = figures.find((each) => each.route === route && each.way === 'ours')?.typical;
  if (!typical) return '';
  const { pressed, ms, transport } = typical;
  const steps = typical.timeline
    .filter(([at, step]) => at >= pressed && !step.includes('candidate'))
    .map(([at, step]) => `${String(Math.round(at - pressed)).padStart(6)}  ${step}`);
  const version = transport.tlsVersion === 'FEFC' ? '1.3' : '1.2';
  const lines = [
    ...steps,
    `${String(Math.round(ms)).padStart(6)}  first picture (DTLS ${version} ${transport.dtlsRole})`,
  ];
  return `Ours, ${route}, the call in the middle, ms since the press:\n\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}

/** @param {Figures[]} figures */
export function callPlot(figures) {
  return {
    call: plot({
      title: 'From Join to the first picture',
      note: 'Chromium to Chromium; less is better. Median, least and most.',
      unit: 'ms',
      groups: routes(figures).map((route) => ({
        name: route,
        bars: WAYS.map((way) => ({
          name: NAMES[way],
          values: values(figures, route, way),
          ours: way === 'ours',
        })),
      })),
    }),
  };
}
