// A second network behind a bad link: what happens between here and there can be delayed, lost and cut off.

import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterwards } from './afterwards.mjs';
import { LINK_EMULATOR, end, hasEnded, start, temporaryFolder } from './programs.mjs';
import { until } from './until.mjs';

/** This machine's address on the link, and that of the machine over there. */
export const NEAR_ADDRESS = '10.78.0.1';
export const FAR_ADDRESS = '10.78.0.2';

/** The interfaces' names at both ends. */
const [NEAR, FAR] = ['near0', 'far0'];

/** @typedef {{ delayMs: number, loss: number }} Conditions delay of one direction; the part of all packets that is lost */
/** @typedef {{ delivered: number, lost: number }} Counts */

export class FarNetwork {
  /** @param {string} namespace @param {import('./programs.mjs').Program} emulator @param {string} folder */
  constructor(namespace, emulator, folder) {
    this.namespace = namespace;
    this.emulator = emulator;
    this.folder = folder;
  }

  /**
   * Makes the network and the link to it, at first without delay and loss, and takes both away after the test.
   *
   * @param {import('node:test').TestContext} test
   */
  static async open(test) {
    const holder = start('unshare', ['--net', 'sleep', 'infinity']);
    const emulator = start(LINK_EMULATOR, [NEAR, FAR], { stdio: ['pipe', 'pipe', 'pipe'] });
    const { folder, remove } = temporaryFolder();
    afterwards(test, async () => {
      await Promise.all([end(emulator), end(holder)]);
      remove();
    });
    await until('the link exists', () => emulator.output.includes('ready\n') || hasEnded(emulator));
    if (hasEnded(emulator)) throw new Error(emulator.errors);

    const far = new FarNetwork(`/proc/${holder.pid}/ns/net`, emulator, folder);
    // `unshare` becomes `sleep` only once it is in its network.
    await until('the far network exists', () => far.#holds());
    ip(['link', 'set', FAR, 'netns', String(holder.pid)]);
    ip(['addr', 'add', `${NEAR_ADDRESS}/24`, 'dev', NEAR]);
    ip(['link', 'set', NEAR, 'up']);
    for (const command of [
      ['link', 'set', 'lo', 'up'],
      ['addr', 'add', `${FAR_ADDRESS}/24`, 'dev', FAR],
      ['link', 'set', FAR, 'up'],
    ]) {
      execFileSync(...far.command('ip', command));
    }
    return far;
  }

  /** How the link is from now on. @param {Conditions} conditions @returns {Promise<Counts>} of the packets so far */
  async set({ delayMs, loss }) {
    const { stdin, stdout } = this.emulator;
    if (!stdin || !stdout) throw new Error('the emulator has no input');
    const answer = once(stdout, 'data');
    stdin.write(`${delayMs} ${loss}\n`);
    const [delivered = 0, lost = 0] = String((await answer)[0])
      .split(' ')
      .map(Number);
    return { delivered, lost };
  }

  /** How to run a program over there. @param {string} program @param {string[]} args @returns {[string, string[]]} */
  command(program, args) {
    return ['nsenter', [`--net=${this.namespace}`, '--', program, ...args]];
  }

  /** A program file that runs `program` over there: for those who start programs by their path. @param {string} program */
  wrapper(program) {
    const file = path.join(this.folder, path.basename(program));
    const [command, args] = this.command(program, []);
    writeFileSync(file, `#!/bin/sh\nexec ${command} ${args.join(' ')} "$@"\n`);
    chmodSync(file, 0o755);
    return file;
  }

  #holds() {
    try {
      const inside = execFileSync(...this.command('ip', ['-brief', 'link']), { encoding: 'utf8' });
      return !inside.includes(NEAR);
    } catch {
      return false;
    }
  }
}

/** @param {string[]} args */
function ip(args) {
  execFileSync('ip', args);
}
