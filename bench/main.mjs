// Measures and writes the report: main.mjs [PART...] with the parts `server`, `call`, `join`, `picture`, `mesh`, `window`; all without.
//
// What is not measured anew keeps its figures of the last time, with their date.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { measureCalls } from './call/measure.mjs';
import { measureJoin } from './join/measure.mjs';
import { measureMesh } from './mesh/measure.mjs';
import { measurePicture } from './picture/measure.mjs';
import { writeReport } from './report/report.mjs';
import { measureServers } from './server/measure.mjs';
import { measureWindow } from './window/measure.mjs';

const RESULTS = new URL('results.json', import.meta.url);

/** @type {Record<string, (progress: (line: string) => void) => Promise<unknown>>} */
const PARTS = {
  server: measureServers,
  call: measureCalls,
  join: measureJoin,
  picture: measurePicture,
  mesh: measureMesh,
  window: measureWindow,
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS);
const unknown = wanted.filter((part) => !PARTS[part]);
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}

const results = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};
const begin = performance.now();
for (const part of wanted) {
  const figures = await PARTS[part]?.(progress);
  results[part] = { date: new Date().toISOString().slice(0, 10), machine: machine(), figures };
  writeFileSync(RESULTS, `${JSON.stringify(results)}\n`);
}
writeReport(results);
progress('written: bench/results.md, docs/images/bench-*.svg');

/** @param {string} line */
function progress(line) {
  console.log(`${String(Math.round((performance.now() - begin) / 1000)).padStart(4)} s  ${line}`);
}

/** What the figures hold for. */
function machine() {
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? os.type();
  const version = (/** @type {string} */ name) =>
    JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
  const said = (/** @type {string} */ program, /** @type {string[]} */ args) => {
    try {
      return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      return 'not there';
    }
  };
  return {
    processor: os.cpus()[0]?.model.trim(),
    cores: os.cpus().length,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    load: os.loadavg()[0]?.toFixed(1),
    system: `${system}, Linux ${os.release()}`,
    versions: {
      Node: process.version.slice(1),
      peer: version('peer'),
      peerjs: version('peerjs'),
      'socket.io': version('socket.io'),
      Chromium: said(process.env.CHROMIUM ?? '/usr/bin/chromium', ['--version']).replace(
        /^Chromium (\S+).*/s,
        '$1',
      ),
      WebKitGTK: said('pkg-config', ['--modversion', 'webkit2gtk-4.1']),
      rustc: said('rustc', ['--version']).replace(/^rustc (\S+).*/s, '$1'),
    },
  };
}
