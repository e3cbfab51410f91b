// A network namespace: a machine's network without the machine. Programs inside share all else with the tests.

import { execFileSync } from 'node:child_process';
import { chmodSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterwards } from './afterwards.mjs';
import { end, start, temporaryFolder } from './programs.mjs';
import { until } from './until.mjs';

export class Namespace {
  /** @param {number} holder the process that keeps it @param {string} folder for its wrappers */
  constructor(holder, folder) {
    this.holder = holder;
    this.folder = folder;
  }

  /** Makes one with nothing but a loopback, and takes it away after the test. @param {import('node:test').TestContext} test */
  static async make(test) {
    const holder = start('unshare', ['--net', 'sleep', 'infinity']);
    const { folder, remove } = temporaryFolder();
    afterwards(test, async () => {
      await end(holder);
      remove();
    });
    const made = new Namespace(holder.pid ?? 0, folder);
    // `unshare` becomes `sleep` only once it is in its network.
    await until('the namespace exists', () => {
      try {
        return readlinkSync(made.#file) !== readlinkSync('/proc/self/ns/net');
      } catch (failure) {
        throw new Error(`no namespace: ${holder.errors}`, { cause: failure });
      }
    });
    made.ip('link', 'set', 'lo', 'up');
    return made;
  }

  get #file() {
    return `/proc/${this.holder}/ns/net`;
  }

  /** How to run a program inside. @param {string} program @param {string[]} args @returns {[string, string[]]} */
  command(program, args) {
    return ['nsenter', [`--net=${this.#file}`, '--', program, ...args]];
  }

  /**
   * Starts a program inside.
   *
   * @param {string} program
   * @param {string[]} args
   * @param {import('node:child_process').SpawnOptions} [options]
   */
  start(program, args, options) {
    return start(...this.command(program, args), options);
  }

  /** Runs a program inside to its end, and returns what it printed. @param {string} program @param {string[]} args @param {string} [input] */
  run(program, args, input = '') {
    return execFileSync(...this.command(program, args), { encoding: 'utf8', input });
  }

  /** @param {...string} args */
  ip(...args) {
    return this.run('ip', args);
  }

  /** A program file that runs `program` inside: for those who start programs by their path. @param {string} program */
  wrapper(program) {
    const file = path.join(this.folder, path.basename(program));
    const [command, args] = this.command(program, []);
    writeFileSync(file, `#!/bin/sh\nexec ${command} ${args.join(' ')} "$@"\n`);
    chmodSync(file, 0o755);
    return file;
  }

  /**
   * Puts the two ends of a new cable into this namespace and another.
   *
   * @param {string} name of the end here
   * @param {Namespace} other
   * @param {string} otherName
   */
  connect(name, other, otherName) {
    this.ip(
      ...['link', 'add', name, 'type', 'veth'],
      ...['peer', 'name', otherName, 'netns', String(other.holder)],
    );
  }
}
