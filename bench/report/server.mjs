// The servers' figures.

import { plot } from './plot.mjs';
import { ratio, spread } from './numbers.mjs';

/** @typedef {import('../server/servers.mjs').Name} Name */
/** @typedef {Record<Name, Record<string, number>[]>} Figures */

/** @type {Record<Name, string>} */
const NAMES = { ours: 'Vis-à-vis', peerjs: 'PeerJS server', 'socket.io': 'socket.io' };

const ROWS = [
  { what: 'start to the first accepted WebSocket, ms', key: 'startMs', unit: 1 },
  { what: 'resident memory, idle, MB', key: 'idleBytes', unit: 1e6 },
  { what: 'resident memory of a connection in a room, kB', key: 'connectionBytes', unit: 1e3 },
  { what: '1 kB messages delivered per CPU-second, in pairs', key: 'pairsPerCpuSecond', unit: 1 },
  { what: '1 kB to each of 100, deliveries per CPU-second', key: 'fanOutPerCpuSecond', unit: 1 },
  { what: '1 kB to each of 100, until the last has it, ms', key: 'fanOutMs', unit: 1 },
];

const STATE_ROWS = [
  { what: '`state` to 100, deliveries per CPU-second', key: 'stateFanOutPerCpuSecond', unit: 1 },
  { what: '`state` to 100, until the last has it, ms', key: 'stateFanOutMs', unit: 1 },
];

/** @param {Figures} figures @param {Name} name @param {string} key */
const values = (figures, name, key) => figures[name].map((run) => run[key] ?? NaN);

/** @param {Figures} figures @returns {import('./report.mjs').Section} */
export function serverTables(figures) {
  const names = /** @type {Name[]} */ (Object.keys(NAMES));
  const rows = ROWS.map(({ what, key, unit }) => {
    const cells = names.map((name) => spread(values(figures, name, key), unit));
    const ratios = names.slice(1).map((name) => compare(figures, name, key).toFixed(2));
    return `| ${[what, ...cells, ...ratios].join(' | ')} |`;
  });
  const own = STATE_ROWS.map(
    ({ what, key, unit }) => `| ${what} | ${spread(values(figures, 'ours', key), unit)} |`,
  );
  return {
    tables: [
      [
        `| | ${names.map((name) => NAMES[name]).join(' | ')} | ours / PeerJS | ours / socket.io |`,
        '|---|---|---|---|---|---|',
        ...rows,
      ].join('\n'),
      'The one message of ours that goes to all by itself, which is short:',
      ['| | Vis-à-vis |', '|---|---|', ...own].join('\n'),
    ],
    targets: [
      {
        what: "messages per CPU-second, ours / PeerJS's",
        value: compare(figures, 'peerjs', 'pairsPerCpuSecond'),
        limit: 1.5,
        least: true,
      },
      {
        what: "memory per connection, ours / PeerJS's",
        value: compare(figures, 'peerjs', 'connectionBytes'),
        limit: 0.5,
      },
      { what: "idle memory, ours / PeerJS's", value: compare(figures, 'peerjs', 'idleBytes'), limit: 0.15 },
    ],
  };
}

/** @param {Figures} figures @param {Name} name @param {string} key */
function compare(figures, name, key) {
  return ratio(values(figures, 'ours', key), values(figures, name, key));
}

/** @param {Figures} figures */
export function serverPlots(figures) {
  const bars = (/** @type {string} */ key, /** @type {number} */ unit) =>
    /** @type {Name[]} */ (Object.keys(NAMES)).map((name) => ({
      name: NAMES[name],
      values: values(figures, name, key).map((value) => value / unit),
      ours: name === 'ours',
    }));
  return {
    messages: plot({
      title: 'Messages delivered per CPU-second',
      note: '1 kB each, in pairs; more is better. Median, least and most.',
      unit: 'k',
      groups: [{ name: '', bars: bars('pairsPerCpuSecond', 1e3) }],
    }),
    memory: plot({
      title: 'Resident memory of a connection in a room',
      note: '2,000 connections; less is better. Median, least and most.',
      unit: 'kB',
      groups: [{ name: '', bars: bars('connectionBytes', 1e3) }],
    }),
    idle: plot({
      title: 'Resident memory, idle',
      note: 'Less is better. Median, least and most.',
      unit: 'MB',
      groups: [{ name: '', bars: bars('idleBytes', 1e6) }],
    }),
  };
}
