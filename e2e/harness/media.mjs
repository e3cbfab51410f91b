// Whether picture and sound really arrive: read from the receiver's own statistics (W3C webrtc-stats).

import { until } from './until.mjs';

/**
 * Somebody in a call: at a browser or at the desktop window.
 *
 * @typedef {object} Participant
 * @property {string} name
 * @property {() => Promise<Record<string, Received>>} received what came from the others so far, by their names
 */

/**
 * What one person has received from another so far.
 *
 * @typedef {object} Received
 * @property {number} connection which of the page's connections carries it, from 0
 * @property {number} frames decoded
 * @property {number} energy of the sound, in webrtc-stats' unit
 * @property {boolean} shown whether the tile's video plays a picture, and nothing covers it
 * @property {string} state of what carries it, for the message of a failure
 */

/** Runs in the page before its own scripts: remembers each connection that the page makes. */
export function keepPeerConnections() {
  if (typeof RTCPeerConnection === 'undefined') return;
  const scope = /** @type {any} */ (globalThis);
  scope.peerConnections = [];
  scope.RTCPeerConnection = new Proxy(RTCPeerConnection, {
    construct(target, args, newTarget) {
      const connection = Reflect.construct(target, args, newTarget);
      scope.peerConnections.push(connection);
      return connection;
    },
  });
}

/** What is known of a page that does not answer. @type {Received} */
const NOTHING = { connection: 0, frames: 0, energy: 0, shown: false, state: 'unknown' };

/** What somebody got from each of the others so far. @param {Participant} receiver */
async function receivedFromAll(receiver) {
  return receiver.received().catch(() => /** @type {Record<string, Received>} */ ({})); // the page may just be loading again
}

/** What `receiver` got from `sender` so far. @param {Participant} receiver @param {string} sender */
export async function received(receiver, sender) {
  return (await receivedFromAll(receiver))[sender];
}

/**
 * Runs in the page. A connection is known by the picture in the sender's tile; without a picture, by being the only
 * one open.
 *
 * @returns {Promise<Record<string, Received>>}
 */
export async function readStatistics() {
  /** @type {RTCPeerConnection[]} */
  const all = /** @type {any} */ (globalThis).peerConnections;
  const open = all.filter((connection) => connection.connectionState !== 'closed');
  /** @type {Record<string, Received>} */
  const seen = {};
  for (const tile of document.querySelectorAll('figure')) {
    const video = tile.querySelector('video');
    const stream = /** @type {MediaStream | null | undefined} */ (video?.srcObject);
    const tracks = new Set(stream?.getTracks().map((track) => track.id));
    const connection =
      open.find((each) => each.getReceivers().some((receiver) => tracks.has(receiver.track.id))) ??
      (open.length === 1 ? open[0] : undefined);
    if (!video || !connection) continue;
    let [frames, energy] = [0, 0];
    for (const entry of (await connection.getStats()).values()) {
      if (entry.type !== 'inbound-rtp') continue;
      frames += entry.framesDecoded ?? 0;
      energy += entry.totalAudioEnergy ?? 0;
    }
    const initials = tile.querySelector('[data-person]');
    const covered = initials !== null && getComputedStyle(initials).visibility !== 'hidden';
    const shown =
      !covered && !video.paused && video.videoWidth > 0 && video.readyState >= video.HAVE_CURRENT_DATA;
    seen[tile.getAttribute('aria-label') ?? ''] = {
      connection: all.indexOf(connection),
      frames,
      energy,
      shown,
      state: `${connection.connectionState}, ICE ${connection.iceConnectionState}, ${connection.signalingState}`,
    };
  }
  return seen;
}

/** What is expected to flow; what is not mentioned does. @typedef {{ picture?: boolean, sound?: boolean }} Kinds */

/**
 * Waits until picture and sound go on arriving at `receiver` from each of the `senders`: both grow twice in a row.
 *
 * @param {Participant} receiver
 * @param {string[]} senders
 * @param {Kinds} [kinds]
 */
async function mediaFlowsFromAll(receiver, senders, { picture = true, sound = true } = {}) {
  for (let growth = 0; growth < 2; growth++) {
    const before = await receivedFromAll(receiver);
    let last = before;
    const missing = () =>
      senders.filter((sender) => {
        const [was, is] = [before[sender], last[sender]];
        const moves = !picture || (is?.shown && is.frames > (was?.frames ?? 0));
        return !(is && moves && (!sound || is.energy > (was?.energy ?? 0)));
      });
    await until('picture and sound flow', async () => {
      last = await receiver.received().catch((error) => ({ [`${error}`]: NOTHING }));
      return missing().length === 0;
    }).catch((error) => {
      const figures = JSON.stringify({ before, last });
      throw new Error(`${error.message} from ${missing()} to ${receiver.name}: ${figures}`);
    });
  }
}

/**
 * Waits until picture and sound go on arriving at `receiver` from `sender`.
 *
 * @param {Participant} receiver
 * @param {string} sender
 * @param {Kinds} [kinds]
 */
export async function mediaFlows(receiver, sender, kinds) {
  await mediaFlowsFromAll(receiver, [sender], kinds);
}

/**
 * Waits until every one of these people sees and hears every other.
 *
 * @param {Participant[]} people
 */
export async function allMediaFlows(people) {
  const names = people.map((person) => person.name);
  await Promise.all(
    people.map((person) =>
      mediaFlowsFromAll(
        person,
        names.filter((name) => name !== person.name),
      ),
    ),
  );
}

/** Looks in a row without growth; the fake microphone beeps once a second, so they span two beeps. */
const STILL_LOOKS = 12;

/** Energy below which nothing is heard: the decoder fills in a little noise. A beep has about 0.1. */
const SILENCE = 1e-6;

/**
 * Waits until the sound (or the picture) of `sender` stays the same over a few looks, though the other flows.
 *
 * @param {Participant} receiver
 * @param {string} sender
 * @param {'frames' | 'energy'} which
 */
export async function stopsGrowing(receiver, sender, which) {
  /** @type {(number | undefined)[]} */
  let looks = [];
  await until(`${which} stand still`, async () => {
    looks = [...looks, (await received(receiver, sender))?.[which]].slice(-STILL_LOOKS);
    const [first, last] = [looks[0], looks.at(-1)];
    return (
      looks.length === STILL_LOOKS && first !== undefined && last !== undefined && last - first < SILENCE
    );
  }).catch((cause) => {
    throw new Error(`${which} from ${sender} to ${receiver.name} go on: ${looks.join(' ')}`, { cause });
  });
}
