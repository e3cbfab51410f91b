// The app's window beside an empty one of the same toolkit: until the lobby can be used, and what it takes.

import { chmodSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterwards } from '../../e2e/harness/afterwards.mjs';
import { Desk } from '../../e2e/harness/desk.mjs';
import { SERVER_PROGRAM, TARGET, WINDOW_PROGRAM, temporaryFolder } from '../../e2e/harness/programs.mjs';
import { until } from '../../e2e/harness/until.mjs';
import { Window } from '../../e2e/harness/window.mjs';
import { family, proportionalBytes } from '../lib/process.mjs';
import { within } from '../lib/scope.mjs';

/** Starts of each; the first of each fills the caches of the system and of the person's home, and does not count. */
const RUNS = 7;

/** Time for the window to draw and to finish what its start leaves to do, in ms. */
const SETTLE_MS = 3000;

/** The page says so itself (W3C User Timing), on the clock of the system. Null before. */
const USABLE = `
  const [mark] = performance.getEntriesByName('lobby-usable');
  return mark ? performance.timeOrigin + mark.startTime : null`;

const PROGRAMS = { ours: WINDOW_PROGRAM, empty: path.join(TARGET, 'examples', 'empty-window') };

/** @typedef {keyof typeof PROGRAMS} Name */
/** @typedef {{ usableMs: number, memoryBytes: number, processes: number }} Figures */

/** @param {(line: string) => void} progress */
export function measureWindow(progress) {
  return within((scope) => measure(scope, progress));
}

/** @param {import('node:test').TestContext} scope @param {(line: string) => void} progress */
async function measure(scope, progress) {
  const homes = { ours: temporaryFolder(), empty: temporaryFolder() };
  afterwards(scope, () => Object.values(homes).forEach(({ remove }) => remove()));
  /** @type {Record<Name, Figures[]>} */
  const windows = { ours: [], empty: [] };
  for (let run = 0; run < RUNS; run++) {
    for (const name of /** @type {Name[]} */ (Object.keys(PROGRAMS))) {
      const figures = await start(PROGRAMS[name], homes[name].folder);
      if (run > 0) windows[name].push(figures);
      const { usableMs, memoryBytes, processes } = figures;
      const memory = `${(memoryBytes / 1e6).toFixed(1)} MB in ${processes} processes`;
      progress(
        `window, start ${run} of ${RUNS - 1}, ${name}: usable after ${usableMs.toFixed(0)} ms, ${memory}`,
      );
    }
  }
  return { windows, bytes: sizes() };
}

/** @param {string} program @param {string} home @returns {Promise<Figures>} */
function start(program, home) {
  return within(async (scope) => {
    const { folder, remove } = temporaryFolder();
    afterwards(scope, remove);
    const note = path.join(folder, 'started');
    const starter = path.join(folder, 'start');
    // Its process becomes the program's: the number stays, and the time is the start's.
    writeFileSync(starter, `#!/bin/sh\necho "$$ $(date +%s%N)" > '${note}'\nexec '${program}' "$@"\n`);
    chmodSync(starter, 0o755);
    const desk = await Desk.make(scope, { home });
    const window = await Window.open(scope, { program: starter, desk });
    const usable = Number(await until('the page says that it can be used', () => window.run(USABLE)));
    await pause(SETTLE_MS);
    const [pid = 0, startedNs = 0] = readFileSync(note, 'utf8').split(' ').map(Number);
    const processes = family(pid);
    const memoryBytes = processes.reduce((sum, each) => sum + proportionalBytes(each), 0);
    process.kill(pid, 'SIGTERM');
    // All of them: until the last has ended, its home is still written to.
    const running = (/** @type {number} */ each) => existsSync(`/proc/${each}/exe`);
    await until('the app ends', () => !processes.some(running));
    return { usableMs: usable - startedNs / 1e6, memoryBytes, processes: processes.length };
  });
}

/** Of what is installed, in bytes. The package is there once `make package` has made it. */
function sizes() {
  const packages = path.join(TARGET, 'bundle', 'deb');
  const file = existsSync(packages) ? readdirSync(packages).find((name) => name.endsWith('.deb')) : undefined;
  const size = (/** @type {string} */ program) => statSync(program).size;
  return {
    window: size(WINDOW_PROGRAM),
    server: size(SERVER_PROGRAM),
    package: file ? size(path.join(packages, file)) : null,
  };
}
