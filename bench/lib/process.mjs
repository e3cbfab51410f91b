// What the kernel says of a process (proc(5)).

import { readFileSync, readdirSync } from 'node:fs';

/** Clock ticks of a second (`getconf CLK_TCK`): 100 on every Linux that Node.js runs on. */
const TICKS = 100;

/** Processor time so far, in seconds: user and system, all threads. @param {number} pid */
export function cpuSeconds(pid) {
  return secondsOf(`/proc/${pid}/stat`);
}

/** The same of everything that the machine does (the kernel's threads and interrupts too), in seconds. */
export function busySeconds() {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
    readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / TICKS;
}

/** The same of each thread, by the threads' names: several may have one. @param {number} pid */
export function threadSeconds(pid) {
  /** @type {Record<string, number>} */
  const seconds = {};
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const files = `/proc/${pid}/task/${thread}`;
    try {
      const name = readFileSync(`${files}/comm`, 'latin1').trim();
      seconds[name] = (seconds[name] ?? 0) + secondsOf(`${files}/stat`);
    } catch {
      // It ended after it was listed.
    }
  }
  return seconds;
}

/** What a process is called. @param {number} pid */
export function programName(pid) {
  return readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
}

/** @param {string} file */
function secondsOf(file) {
  const stat = readFileSync(file, 'latin1');
  // The name, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[11], fields[12]].map(Number);
  return ((user ?? 0) + (system ?? 0)) / TICKS;
}

/** Resident memory in bytes. @param {number} pid */
export function residentBytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** The process's part of the memory that it shares (PSS), in bytes. @param {number} pid */
export function proportionalBytes(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) * 1024;
}

/** A process and all that it started. @param {number} pid @returns {number[]} */
export function family(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}
