// From a room ID that is typed to the room on another machine, and where the time goes.

import { setTimeout as pause } from 'node:timers/promises';
import { Chromium } from '../../e2e/harness/browser.mjs';
import { Lan } from '../../e2e/harness/lan.mjs';
import { allMediaFlows, received } from '../../e2e/harness/media.mjs';
import { startServer } from '../../e2e/harness/server.mjs';
import { until } from '../../e2e/harness/until.mjs';
import { Client } from '../../e2e/harness/wire.mjs';
import { within } from '../lib/scope.mjs';

/** Visits of each kind, each between machines that were made for it. */
const RUNS = 7;

/** Calls during which the host's machine gets another address. */
const MOVES = 5;

/** The address that it gets then. */
const NEXT_ADDRESS = '10.79.0.77';

/** For as long pictures have come again when they flow, in ms: longer than what was on its way. */
const STEADY_MS = 2000;

/** Pictures that stay away for so long have stopped, in ms: several times what lies between two. */
const STALL_MS = 400;

/** How often is looked whether pictures come, in ms: as exact is the figure. */
const LOOK_MS = 50;

/** How long a lobby is open before somebody types the ID, in ms; cold is at once. */
const IN_THE_LOBBY_MS = { cold: 0, warm: 4000 };

/** How the joiner's server tells of its part; figures only. */
const PARTS = /a host let us in discovery_us=(\d+) tls_us=(\d+) handshake_us=(\d+)/;

/** @typedef {keyof typeof IN_THE_LOBBY_MS} Kind */
/** @typedef {{ total: number, discovery: number, tls: number, handshake: number, join: number }} Visit in ms */

/** @param {(line: string) => void} progress */
export async function measureJoin(progress) {
  /** @type {Record<Kind, Visit[]>} */
  const visits = { cold: [], warm: [] };
  /** @type {Record<Kind, number[]>} */
  const unknown = { cold: [], warm: [] };
  /** @type {number[]} */
  const pages = [];
  for (let run = 1; run <= RUNS; run++) {
    for (const kind of /** @type {Kind[]} */ (Object.keys(visits))) {
      const taken = await visit(kind);
      visits[kind].push(taken);
      const parts = Object.entries(taken).map(([part, ms]) => `${part} ${ms.toFixed(1)}`);
      progress(`join, visit ${run} of ${RUNS}, ${kind}, in ms: ${parts.join(', ')}`);
    }
    for (const kind of /** @type {Kind[]} */ (Object.keys(unknown))) {
      const told = await searchInVain(kind);
      unknown[kind].push(told);
      progress(
        `join, visit ${run} of ${RUNS}, ${kind}, an ID that nobody has is told after ${told.toFixed(0)} ms`,
      );
    }
    const shown = await visitByPage();
    pages.push(shown);
    progress(`join, visit ${run} of ${RUNS}, press to call in Chromium: ${shown.toFixed(0)} ms`);
  }
  /** @type {number[]} */
  const moves = [];
  for (let run = 1; run <= MOVES; run++) {
    const away = await move();
    moves.push(away);
    progress(`join, move ${run} of ${MOVES}, pictures at both ends again after ${away.toFixed(0)} ms`);
  }
  return { visits, unknown, pages, moves };
}

/**
 * A host, and a lobby on another machine that has never met it.
 *
 * @param {import('../lib/scope.mjs').TestContext} scope
 */
async function twoMachines(scope) {
  const { a, b } = await Lan.make(scope, { hosts: ['a', 'b'] });
  const host = await startServer(scope, 'host', [], { host: a });
  const lobby = await startServer(scope, 'lobby', [], { host: b });
  return { host, lobby, a, b };
}

/** By the protocol alone: what the page adds is measured apart. @param {Kind} kind @returns {Promise<Visit>} */
function visit(kind) {
  return within(async (scope) => {
    const { host, lobby } = await twoMachines(scope);
    const page = await Client.atHome(scope, lobby);
    await pause(IN_THE_LOBBY_MS[kind]);
    const total = await untilAnswer(page, host.room, '"welcome"');
    const told = await until('the server tells its parts', () => PARTS.exec(lobby.program.errors));
    const [discovery = 0, tls = 0, handshake = 0] = told.slice(1).map((us) => Number(us) / 1000);
    return { total, discovery, tls, handshake, join: total - discovery - tls - handshake };
  });
}

/** An ID whose first three digits no host has. @param {Kind} kind @returns {Promise<number>} in ms */
function searchInVain(kind) {
  return within(async (scope) => {
    const { host, lobby } = await twoMachines(scope);
    const page = await Client.atHome(scope, lobby);
    await pause(IN_THE_LOBBY_MS[kind]);
    const other = String((Number(host.room[0]) + 1) % 10) + host.room.slice(1);
    return untilAnswer(page, other, '"unknown-room"');
  });
}

/** From a join until an answer with these words, in ms. @param {Client} page @param {string} room @param {string} words */
async function untilAnswer(page, room, words) {
  /** @type {Promise<number>} */
  const answered = new Promise((resolve) => {
    page.socket.on('message', (data) => String(data).includes(words) && resolve(performance.now()));
  });
  const asked = performance.now();
  page.say({ type: 'join', room, name: 'Bob' });
  return (await answered) - asked;
}

/** From the press of `Join` to the call on the screen, after a while in the lobby. @returns {Promise<number>} in ms */
function visitByPage() {
  return within(async (scope) => {
    const { host, lobby, b } = await twoMachines(scope);
    const chromium = await Chromium.start(scope, { host: b });
    const bob = await chromium.opens('Bob', lobby.local);
    await bob.seesOneself();
    await pause(IN_THE_LOBBY_MS.warm);
    await bob.field('Your name').fill(bob.name);
    await bob.field('Room ID or invite link').fill(host.room);
    const shown = bob.page.evaluate(
      () =>
        new Promise((resolve) => {
          let pressed = NaN;
          addEventListener('click', () => (pressed = performance.now()), { capture: true, once: true });
          const isThere = () =>
            [...document.querySelectorAll('button')].some(
              (button) => (button.ariaLabel ?? button.textContent.trim()) === 'Leave',
            );
          new MutationObserver(() => isThere() && resolve(performance.now() - pressed)).observe(document, {
            childList: true,
            subtree: true,
          });
        }),
    );
    await bob.button('Join').click();
    return /** @type {Promise<number>} */ (shown);
  });
}

/**
 * A call between the two machines, of which the host's gets another address: how long pictures are away.
 *
 * @returns {Promise<number>} in ms
 */
function move() {
  return within(async (scope) => {
    const { host, lobby, a, b } = await twoMachines(scope);
    const ada = await (await Chromium.start(scope, { host: a })).joins('Ada', host.local);
    const bob = await (await Chromium.start(scope, { host: b })).opens('Bob', lobby.local);
    await bob.join(host.room);
    await bob.isIn();
    await allMediaFlows([ada, bob]);
    const moved = performance.now();
    a.move(NEXT_ADDRESS);
    const ways = /** @type {const} */ ([
      [ada, 'Bob'],
      [bob, 'Ada'],
    ]);
    const returns = await Promise.all(ways.map(([receiver, sender]) => picturesAreBack(receiver, sender)));
    return Math.max(...returns) - moved;
  });
}

/** When pictures began to come again, once they have come for a while. @param {import('../../e2e/harness/person.mjs').Person} receiver @param {string} sender */
async function picturesAreBack(receiver, sender) {
  let frames = (await received(receiver, sender))?.frames ?? 0;
  let [last, began] = [performance.now(), performance.now()];
  return until('pictures come again', async () => {
    await pause(LOOK_MS);
    const [now, there] = [performance.now(), (await received(receiver, sender))?.frames ?? 0];
    if (there > frames) {
      if (now - last > STALL_MS) began = now;
      last = now;
    }
    frames = there;
    return now - began > STEADY_MS && now - last < STALL_MS ? began : null;
  });
}
