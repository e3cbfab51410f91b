// What each server costs: time to start, memory, processor time of messages.

import { setTimeout as pause } from 'node:timers/promises';
import { cpuSeconds, residentBytes } from '../lib/process.mjs';
import { within } from '../lib/scope.mjs';
import { SERVERS } from './servers.mjs';

/** At least five runs of everything. */
const RUNS = 5;

/** Time for a server to finish what a start or a crowd of newcomers leaves to do, in ms. */
const SETTLE_MS = 3000;

/** Connections whose memory is measured, two in each room. */
const CONNECTIONS = 2000;

/** Connections that are opened at a time: below every server's backlog of unaccepted ones. */
const AT_A_TIME = 50;

/** Pairs that pass messages to and fro, and messages on their way in each: enough that a server is never idle. */
const PAIRS = 50;
const WINDOW = 8;

/** Who hears the one that speaks. */
const LISTENERS = 100;

/** A load goes on for so long before it is measured, and then while it is, in ms. */
const WARM_UP_MS = 1000;
const LOAD_MS = 4000;

/** @typedef {import('./servers.mjs').Name} Name */
/** @typedef {import('./servers.mjs').Running} Running */
/** @typedef {Record<string, number>} Figures */

/** @param {(line: string) => void} progress @returns {Promise<Record<Name, Figures[]>>} one entry of each run */
export async function measureServers(progress) {
  const names = /** @type {Name[]} */ (Object.keys(SERVERS));
  /** @type {Record<Name, Figures[]>} */
  const all = { ours: [], peerjs: [], 'socket.io': [] };
  for (let run = 1; run <= RUNS; run++) {
    // In turns, so that whatever else the machine does meets all alike.
    for (const name of names) {
      const figures = { ...(await memory(name)), ...(await messages(name)) };
      all[name].push(figures);
      const shown = Object.entries(figures).map(([what, figure]) => `${what} ${figure.toPrecision(4)}`);
      progress(`server, run ${run} of ${RUNS}, ${name}: ${shown.join(', ')}`);
    }
  }
  return all;
}

/** @param {Name} name @returns {Promise<Figures>} */
export function memory(name) {
  return within(async (scope) => {
    const { pid, startMs, group } = await SERVERS[name](scope);
    await pause(SETTLE_MS);
    const idleBytes = residentBytes(pid);
    const members = [];
    for (let connected = 0; connected < CONNECTIONS; connected += AT_A_TIME) {
      const pairs = Array.from({ length: AT_A_TIME / 2 }, () => group(2));
      members.push(...(await Promise.all(pairs)).flat());
    }
    await pause(SETTLE_MS);
    const connectionBytes = (residentBytes(pid) - idleBytes) / CONNECTIONS;
    for (const member of members) member.end();
    return { startMs, idleBytes, connectionBytes };
  });
}

/** @param {Name} name @returns {Promise<Figures>} */
function messages(name) {
  return within(async (scope) => {
    const server = await SERVERS[name](scope);
    const pairs = await inPairs(server);
    const fan = await server.group(1 + LISTENERS);
    const out = await fanOut(server, fan, ([speaker, ...listeners]) => {
      // Who broadcasts says it once, the others once to each.
      if (name === 'socket.io') speaker.signal();
      else for (const listener of listeners) speaker.signal(listener);
    });
    let on = true;
    const state =
      name === 'ours' ? await fanOut(server, fan, ([speaker]) => speaker.state((on = !on))) : null;
    for (const member of fan) member.end();
    return {
      pairsPerCpuSecond: pairs,
      fanOutPerCpuSecond: out.perCpuSecond,
      fanOutMs: out.ms,
      ...(state ? { stateFanOutPerCpuSecond: state.perCpuSecond, stateFanOutMs: state.ms } : {}),
    };
  });
}

/** Messages delivered per CPU-second of the server, to and fro in pairs. @param {Running} server */
export async function inPairs(server) {
  let [delivered, running] = [0, true];
  const pairs = await Promise.all(Array.from({ length: PAIRS }, () => server.group(2)));
  for (const [one, other] of pairs) {
    for (const [here, there] of [
      [one, other],
      [other, one],
    ]) {
      here.arrived = () => {
        delivered += 1;
        if (running) here.signal(there);
      };
    }
    for (let sent = 0; sent < WINDOW; sent++) one.signal(other);
  }
  const perCpuSecond = await underLoad(server, () => delivered);
  running = false;
  for (const member of pairs.flat()) member.end();
  return perCpuSecond;
}

/**
 * One says something, all others get it; then the next.
 *
 * @param {Running} server
 * @param {any[]} members
 * @param {(members: any[]) => void} say
 */
async function fanOut(server, members, say) {
  let [delivered, running, missing, said] = [0, true, 0, 0];
  /** @type {number[]} */
  const times = [];
  const next = () => {
    missing = LISTENERS;
    said = performance.now();
    say(members);
  };
  for (const member of members) {
    member.arrived = () => {
      delivered += 1;
      missing -= 1;
      if (missing > 0) return;
      times.push(performance.now() - said);
      if (running) next();
    };
  }
  next();
  const perCpuSecond = await underLoad(server, () => delivered);
  running = false;
  return { perCpuSecond, ms: median(times) };
}

/** @param {Running} server @param {() => number} delivered so far */
async function underLoad({ pid }, delivered) {
  await pause(WARM_UP_MS);
  const [before, cpuBefore] = [delivered(), cpuSeconds(pid)];
  await pause(LOAD_MS);
  return (delivered() - before) / (cpuSeconds(pid) - cpuBefore);
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
