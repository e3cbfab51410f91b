// A second network behind a bad link: what happens between here and there can be delayed, lost and cut off.

import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { afterwards } from './afterwards.mjs';
import { Namespace } from './namespace.mjs';
import { LINK_EMULATOR, end, hasEnded, start } from './programs.mjs';
import { until } from './until.mjs';

/** This machine's address on the link, and that of the machine over there. */
export const NEAR_ADDRESS = '10.78.0.1';
export const FAR_ADDRESS = '10.78.0.2';

/** The interfaces' names at both ends. */
const [NEAR, FAR] = ['near0', 'far0'];

/** @typedef {{ delayMs: number, loss: number }} Conditions delay of one direction; the part of all packets that is lost */
/** @typedef {{ delivered: number, lost: number }} Counts */

export class FarNetwork {
  /** @param {Namespace} there @param {import('./programs.mjs').Program} emulator */
  constructor(there, emulator) {
    this.there = there;
    this.emulator = emulator;
  }

  /**
   * Makes the network and the link to it, at first without delay and loss, and takes both away after the test.
   *
   * @param {import('node:test').TestContext} test
   */
  static async open(test) {
    const there = await Namespace.make(test);
    const emulator = start(LINK_EMULATOR, [NEAR, FAR], { stdio: ['pipe', 'pipe', 'pipe'] });
    afterwards(test, () => end(emulator));
    await until('the link exists', () => emulator.output.includes('ready\n') || hasEnded(emulator));
    if (hasEnded(emulator)) throw new Error(emulator.errors);

    ip('link', 'set', FAR, 'netns', String(there.holder));
    ip('addr', 'add', `${NEAR_ADDRESS}/24`, 'dev', NEAR);
    ip('link', 'set', NEAR, 'up');
    there.ip('addr', 'add', `${FAR_ADDRESS}/24`, 'dev', FAR);
    there.ip('link', 'set', FAR, 'up');
    return new FarNetwork(there, emulator);
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

  /** How to run a program over there. @param {string} program @param {string[]} args */
  command(program, args) {
    return this.there.command(program, args);
  }

  /** A program file that runs `program` over there. @param {string} program */
  wrapper(program) {
    return this.there.wrapper(program);
  }
}

/** @param {...string} args */
function ip(...args) {
  execFileSync('ip', args);
}
