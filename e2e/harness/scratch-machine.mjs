// This machine once more, for a test that installs something: an overlay over its file system, in the mount
// namespace of run.sh. What is written there is seen by nobody else, and is gone afterwards.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterwards } from './afterwards.mjs';
import { start } from './programs.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

/** What is no file on a disk, but the kernel's. */
const KERNEL = ['/dev', '/proc', '/sys'];

export class ScratchMachine {
  /** @param {string} root its file system @param {string} changes everything that was written to it */
  constructor(root, changes) {
    this.root = root;
    this.changes = changes;
  }

  /**
   * Makes one and removes it after the test, or says why it cannot be done here.
   *
   * @param {TestContext} test
   * @returns {{ machine: ScratchMachine, refusal?: undefined } | { machine?: undefined, refusal: string }}
   */
  static make(test) {
    if (!isRealRoot()) return { refusal: 'only root can install a package' };
    const folder = mkdtempSync(path.join(tmpdir(), 'visavis-e2e-'));
    // All that is in it is mounted: if something still is, this fails, and nothing that belongs to others is removed.
    afterwards(test, () => rmdirSync(folder));
    try {
      // In memory, since an overlay may not write to another one, and a container's disk often is one.
      mount(test, folder, '--types', 'tmpfs', 'tmpfs');
      const [root, changes, work] = ['root', 'changes', 'work'].map((name) => {
        const part = path.join(folder, name);
        mkdirSync(part);
        return part;
      });
      mount(
        test,
        root,
        '--types',
        'overlay',
        '--options',
        `lowerdir=/,upperdir=${changes},workdir=${work}`,
        'overlay',
      );
      const machine = new ScratchMachine(root, changes);
      for (const part of KERNEL) machine.share(test, part);
      return { machine };
    } catch (error) {
      return { refusal: String(error) };
    }
  }

  /** Shows a folder of this machine there, too. @param {TestContext} test @param {string} folder */
  share(test, folder) {
    const there = this.path(folder);
    mkdirSync(there, { recursive: true });
    mount(test, there, '--rbind', folder);
  }

  /** Where one of its files is on this machine. @param {string} file */
  path(file) {
    return path.join(this.root, file);
  }

  /** @param {string} file @returns {string} */
  read(file) {
    return readFileSync(this.path(file), 'utf8');
  }

  /** Runs a program to its end and returns what it printed. @param {string} program @param {...string} args */
  run(program, ...args) {
    return succeed('chroot', this.root, program, ...args);
  }

  /**
   * @param {string} program
   * @param {string[]} args
   * @param {import('node:child_process').SpawnOptions} [options]
   */
  start(program, args, options) {
    return start('chroot', [this.root, program, ...args], options);
  }

  /** Every file that is not as on this machine. Folders are not named. @returns {string[]} */
  changedFiles() {
    const entries = readdirSync(this.changes, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.join(entry.path, entry.name).slice(this.changes.length))
      .sort();
  }
}

/** Whether this is root also outside of the namespaces of run.sh. */
function isRealRoot() {
  return process.getuid?.() === 0 && /^\s*0\s+0\s/.test(readFileSync('/proc/self/uid_map', 'utf8'));
}

/** Mounts something and unmounts it after the test. @param {TestContext} test @param {string} where @param {...string} what */
function mount(test, where, ...what) {
  succeed('mount', ...what, where);
  // Lazily: the last process that used it may be ending only now.
  afterwards(test, () => succeed('umount', '--recursive', '--lazy', where));
}

/** @param {string} program @param {...string} args */
function succeed(program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
  });
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${error ?? ''}\n${stdout}${stderr}`);
  return stdout;
}
