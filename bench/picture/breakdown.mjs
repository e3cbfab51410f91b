// Where the time between drawing and reading goes, by what both connections say of themselves (W3C webrtc-stats).

import { median } from '../report/numbers.mjs';

/** @typedef {{ name: string, ms: number }} Part */
/** @typedef {Record<string, any>[]} Stats */

/**
 * The mean of each stage for one picture, and what is left of the median: capture, display, and the way between
 * processes.
 *
 * @param {[Stats, Stats]} before of the sender and of the reader
 * @param {[Stats, Stats]} after
 * @param {number[]} latencies in ms
 * @returns {Part[]}
 */
export function breakdown(before, after, latencies) {
  const sent = growth('outbound-rtp', before[0], after[0]);
  const received = growth('inbound-rtp', before[1], after[1]);
  const roundTrip = after[0].find(({ type, nominated }) => type === 'candidate-pair' && nominated);
  const parts = [
    { name: 'encode', ms: 1000 * sent('totalEncodeTime', 'framesEncoded') },
    { name: 'wait to be sent', ms: 1000 * sent('totalPacketSendDelay', 'packetsSent') },
    { name: 'network', ms: 500 * (roundTrip?.currentRoundTripTime ?? 0) },
    { name: 'jitter buffer', ms: 1000 * received('jitterBufferDelay', 'jitterBufferEmittedCount') },
    { name: 'decode', ms: 1000 * received('totalDecodeTime', 'framesDecoded') },
  ];
  const known = parts.reduce((sum, { ms }) => sum + ms, 0);
  return [...parts, { name: 'capture, display and between', ms: median(latencies) - known }];
}

/** @param {string} type @param {Stats} before @param {Stats} after */
function growth(type, before, after) {
  const video = (/** @type {Stats} */ stats) =>
    stats.find((each) => each.type === type && each.kind === 'video');
  const [was, is] = [video(before), video(after)];
  /** @param {string} sum @param {string} count */
  return (sum, count) => {
    const change = (/** @type {string} */ figure) => (is?.[figure] ?? 0) - (was?.[figure] ?? 0);
    return change(count) > 0 ? change(sum) / change(count) : 0;
  };
}
