// The programs under test, and starting and ending processes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What the tests drive is built for finding faults; measurements take the release. */
const PROFILE = process.env.VISAVIS_PROFILE ?? 'debug';
export const TARGET = path.resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target', PROFILE);

export const SERVER_PROGRAM = path.join(TARGET, 'visavis-server');
export const WINDOW_PROGRAM = path.join(TARGET, 'visavis');
/** Where scripts/package.sh puts the package around these programs. */
export const PACKAGES = path.join(TARGET, 'bundle', 'deb');
export const LINK_EMULATOR = path.join(TARGET, 'link-emulator');
export const ANNOUNCER = path.join(TARGET, 'announcer');
export const FINDER = path.join(TARGET, 'finder');
export const IMPOSTOR = path.join(TARGET, 'impostor');
export const OUTPUT = path.join(ROOT, 'e2e', 'output');

/** How long a program may take to end when asked to, in ms. */
const END_PATIENCE = 10_000;

/**
 * A program that is running, with what it has written so far.
 *
 * @typedef {import('node:child_process').ChildProcess & { output: string, errors: string }} Program
 */

/**
 * @param {string} file
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Program}
 */
export function start(file, args, options = {}) {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const program = Object.assign(child, { output: '', errors: '' });
  child.stdout?.setEncoding('utf8').on('data', (text) => (program.output += text));
  child.stderr?.setEncoding('utf8').on('data', (text) => (program.errors += text));
  child.on('error', (error) => (program.errors += `${file}: ${error.message}\n`));
  return program;
}

/** @param {Program} program */
export function hasEnded(program) {
  return program.pid === undefined || program.exitCode !== null || program.signalCode !== null;
}

/**
 * Asks a program to end and waits for it; after a while it is made to.
 *
 * @param {Program} program
 * @param {NodeJS.Signals} [signal]
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} how it ended
 */
export async function end(program, signal = 'SIGTERM') {
  if (!hasEnded(program)) {
    program.kill(signal);
    await until(`process ends on ${signal}`, () => hasEnded(program), END_PATIENCE).catch(() => {
      program.kill('SIGKILL');
      return once(program, 'exit');
    });
  }
  return { code: program.exitCode, signal: program.signalCode };
}

/** A new empty folder and how to remove it. */
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'visavis-e2e-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
