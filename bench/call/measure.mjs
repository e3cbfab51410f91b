// From the press of Join to the first picture of the other, ours and PeerJS.

import { Chromium } from '../../e2e/harness/browser.mjs';
import { FarNetwork, NEAR_ADDRESS } from '../../e2e/harness/far-network.mjs';
import { within } from '../lib/scope.mjs';
import { callOurs, hostOurs, startOurs } from './ours.mjs';
import { CAMERA } from './pages.mjs';
import { callPeerJs, hostPeerJs, startPeerJs } from './peerjs.mjs';

/**
 * @typedef {object} Result
 * @property {number} ms
 * @property {number} pressed in ms since the page began, as the steps of the timeline
 * @property {[number, string][]} timeline
 * @property {Record<string, unknown>} transport
 */

/** Half of a round trip of 100 ms. */
const DELAY_MS = 50;

/** Where the call goes; with loss the times scatter, so there are more calls. */
const ROUTES = [
  { name: 'loopback', calls: 7, link: null },
  { name: '100 ms', calls: 7, link: { delayMs: DELAY_MS, loss: 0 } },
  { name: '100 ms, 10 % loss', calls: 11, link: { delayMs: DELAY_MS, loss: 0.1 } },
];

/** @typedef {'ours' | 'peerjs' | 'peerjs-connected'} Way */
/** @typedef {{ route: string, way: Way, results: Result[] }} Calls */
/** @typedef {{ route: string, way: Way, ms: number[], typical: Result }} Figures `typical`: the call in the middle */

/** @param {(line: string) => void} progress @returns {Promise<Figures[]>} */
export async function measureCalls(progress) {
  const refusal = await within(FarNetwork.open).then(
    () => null,
    (error) => String(error),
  );
  const all = [];
  for (const route of ROUTES) {
    if (route.link && refusal)
      progress(`first picture, ${route.name}: SKIPPED, no link without root: ${refusal}`);
    else all.push(...(await (route.link ? overLink : overLoopback)(route, progress)));
  }
  return all.map(({ route, way, results }) => {
    const sorted = [...results].sort((a, b) => a.ms - b.ms);
    const typical = /** @type {Result} */ (sorted[Math.floor(sorted.length / 2)]);
    return { route, way, ms: results.map(({ ms }) => ms), typical };
  });
}

/** @typedef {typeof ROUTES[number]} Route */

/** @param {Route} route @param {(line: string) => void} progress */
function overLoopback(route, progress) {
  return within(async (scope) => {
    const ours = await startOurs(scope);
    const peerJs = await startPeerJs(scope, '127.0.0.1');
    const hosts = await Chromium.start(scope, { args: [CAMERA] });
    const guests = await Chromium.start(scope, { args: [CAMERA] });
    const pages = { local: ours.local, link: ours.link('http://127.0.0.1'), peerJs: peerJs.page };
    return call(route, hosts, guests, pages, async () => {}, progress);
  });
}

/** @param {Route} route @param {(line: string) => void} progress */
function overLink(route, progress) {
  return within(async (scope) => {
    const far = await FarNetwork.open(scope);
    const ours = await startOurs(scope);
    // A camera takes HTTPS there; both use the same key.
    const peerJs = await startPeerJs(scope, NEAR_ADDRESS, ours);
    const hosts = await Chromium.start(scope, { args: [CAMERA] });
    const guests = await Chromium.start(scope, { args: [CAMERA], host: far });
    const pages = { local: ours.local, link: ours.link(`https://${NEAR_ADDRESS}`), peerJs: peerJs.page };
    const { link } = route;
    // The page is there before the press: how long it takes to load is not what is measured.
    const lossless = () => far.set({ delayMs: DELAY_MS, loss: 0 });
    await lossless();
    return call(
      route,
      hosts,
      guests,
      pages,
      async () => void (link && (await far.set(link))),
      progress,
      lossless,
    );
  });
}

/**
 * @param {Route} route
 * @param {Chromium} hosts
 * @param {Chromium} guests
 * @param {{ local: string, link: string, peerJs: string }} pages
 * @param {() => Promise<void>} ready just before each press
 * @param {(line: string) => void} progress
 * @param {() => Promise<unknown>} [afterEach]
 */
async function call(route, hosts, guests, pages, ready, progress, afterEach = async () => {}) {
  const host = await hostOurs(hosts, pages.local);
  const peer = await hostPeerJs(hosts, pages.peerJs);
  /** @type {Calls[]} */
  const ways = [
    { route: route.name, way: 'ours', results: [] },
    { route: route.name, way: 'peerjs', results: [] },
    { route: route.name, way: 'peerjs-connected', results: [] },
  ];
  for (let round = 0; round < route.calls; round++) {
    // In turns, so that whatever else the machine does meets all alike.
    for (const { way, results } of ways) {
      const result =
        way === 'ours'
          ? await callOurs(guests, pages.link, ready)
          : await callPeerJs(guests, pages.peerJs, peer, way === 'peerjs-connected', ready);
      results.push(result);
      progress(`first picture, ${route.name}, ${way}: ${Math.round(result.ms)} ms`);
      await afterEach();
      if (way === 'ours') await host.alone();
    }
  }
  return ways;
}
