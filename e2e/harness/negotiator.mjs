// Perfect negotiation (W3C webrtc-pc, section 10.7) under random changes, between any two pages.

import assert from 'node:assert/strict';
import { PATIENCE } from './until.mjs';

/** Lines after which no more are added: each new one makes every description longer. */
const MOST_LINES = 6;

/** How long a page may think before it has nothing to say, in ms: events follow within a task or two. */
const THINK_MS = 15;
/** Looks in a row at which neither had anything to say before a round counts as over. */
const QUIET_LOOKS = 3;

/**
 * A page with a connection made by {@link begin}.
 *
 * @typedef {object} Page
 * @property {string} name
 * @property {(call: string) => Promise<any>} run evaluates an expression in the page and waits for its value
 * @property {boolean} [isChromium] is spared what two Chromiums cannot do between them either
 */

/** @typedef {{ mid: string | null, kind: string, direction: string, current: string | null }} Line */
/** @typedef {{ idle: boolean, signaling: string, connection: string, lines: Line[], faults: string[] }} State */

/**
 * Runs in the page: a connection that negotiates by itself, with what it has to say in an outbox.
 *
 * @param {boolean} polite
 * @param {number} thinking in ms
 */
function negotiator(polite, thinking) {
  const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  /** @type {object[]} */
  const outbox = [];
  let said = () => {};
  /** @param {object} message */
  const say = (message) => {
    outbox.push(message);
    said();
  };
  /** @type {string[]} */
  const faults = [];
  let [offering, ignoring, receiving] = [false, false, 0];
  /** @type {Promise<void>} */
  let queue = Promise.resolve();

  connection.onnegotiationneeded = async () => {
    offering = true;
    try {
      await connection.setLocalDescription();
      say({ description: connection.localDescription?.toJSON() });
    } catch (error) {
      faults.push(`offer: ${error}`);
    } finally {
      offering = false;
    }
  };
  connection.onicecandidate = ({ candidate }) => {
    if (candidate) say({ candidate: candidate.toJSON() });
  };

  /** @param {{ description?: RTCSessionDescriptionInit, candidate?: RTCIceCandidateInit }} said */
  const take = async ({ description, candidate }) => {
    if (description) {
      const ready = !offering && connection.signalingState === 'stable';
      ignoring = description.type === 'offer' && !ready && !polite;
      if (ignoring) return;
      await connection.setRemoteDescription(description);
      if (description.type !== 'offer') return;
      await connection.setLocalDescription();
      say({ description: connection.localDescription?.toJSON() });
    } else if (candidate) {
      const { usernameFragment } = candidate;
      // One gathered for an offer that was rolled back comes late, and has to be refused (W3C webrtc-pc, 4.4.1.6).
      const isLate = !connection.remoteDescription?.sdp.includes(`a=ice-ufrag:${usernameFragment}\r\n`);
      await connection.addIceCandidate(candidate).catch((error) => {
        if (!ignoring && !isLate) throw error;
      });
    }
  };

  const changes = {
    /** @param {string} kind @param {RTCRtpTransceiverDirection} direction */
    add: (kind, direction) => connection.addTransceiver(kind, { direction }),
    /** @param {number} which @param {RTCRtpTransceiverDirection} direction */
    turn: (which, direction) => {
      const lines = connection.getTransceivers();
      const line = lines[which % lines.length];
      if (line) line.direction = direction;
    },
    channel: () => connection.createDataChannel('channel'),
    restart: () => connection.restartIce(),
  };

  return {
    connection,
    /** What it has to say; waits a moment for something. */
    async says() {
      if (outbox.length === 0) {
        await new Promise((resolve) => {
          said = () => resolve(undefined);
          setTimeout(resolve, thinking);
        });
      }
      return outbox.splice(0);
    },
    /** @param {object[]} messages */
    receive(messages) {
      for (const message of messages) {
        receiving += 1;
        queue = queue
          .then(() => take(message))
          .catch((error) => void faults.push(`${JSON.stringify(message).slice(0, 60)}: ${error}`))
          .finally(() => (receiving -= 1));
      }
    },
    /** @param {[keyof typeof changes, ...any[]][]} steps */
    change(steps) {
      for (const [step, ...details] of steps) /** @type {any} */ (changes[step])(...details);
    },
    state: () => ({
      idle: !offering && receiving === 0 && connection.signalingState === 'stable',
      signaling: connection.signalingState,
      connection: connection.connectionState,
      lines: connection.getTransceivers().map(({ mid, direction, currentDirection, receiver }) => {
        return { mid, direction, current: currentDirection, kind: receiver.track.kind };
      }),
      faults,
    }),
  };
}

/** Makes the connection of a page, instead of the one of before. @param {Page} page @param {boolean} polite */
export async function begin(page, polite) {
  await page.run('globalThis.negotiator?.connection.close()');
  await page.run(`void (globalThis.negotiator = (${negotiator})(${polite}, ${THINK_MS}))`);
}

/** Random numbers that come again with the same seed (xorshift, 32 bits). @param {number} seed */
export function randomness(seed) {
  let state = seed || 1;
  /** @param {number} below */
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/**
 * Zero to two changes on one side.
 *
 * @param {(below: number) => number} random
 * @param {number} lines how many there are
 */
function someChanges(random, lines) {
  return Array.from({ length: random(3) }, () => {
    const direction = DIRECTIONS[random(DIRECTIONS.length)];
    const which = random(10);
    if (which < 3 && lines < MOST_LINES) return ['add', random(2) ? 'audio' : 'video', direction];
    if (which < 8) return ['turn', random(MOST_LINES), direction];
    // Without a line Chromium fails for good at its own offer.
    return which < 9 || lines === 0 ? ['channel'] : ['restart'];
  });
}

/**
 * Keeps from Chromium what it does not survive when its offer is rolled back: a channel made for that offer ends, and
 * it asks for negotiation for ever; header extensions, which it numbers by the kind of its first line, keep their
 * numbers, and an offer that numbers them as for sound, as most do, is refused.
 *
 * @param {any[][]} plan
 * @param {number} side Chromium's
 * @param {boolean} isFirst there is no line yet
 */
function spare(plan, side, isFirst) {
  if (plan[side]?.some(([step]) => step === 'channel')) plan[1 - side] = [];
  const first = plan[side]?.find(([step]) => step === 'add');
  if (isFirst && first) first[1] = 'audio';
}

/**
 * One round: both sides change at once, then say what they have to say until nothing is left.
 *
 * @param {[Page, Page]} pages
 * @param {(below: number) => number} random
 * @param {string} name of the round, for a failure
 */
export async function round(pages, random, name) {
  /** @type {State[]} */
  const states = await Promise.all(pages.map((page) => page.run('negotiator.state()')));
  const plan = states.map(({ lines }) => someChanges(random, lines.length));
  pages.forEach(({ isChromium }, side) => {
    if (isChromium) spare(plan, side, states[side]?.lines.length === 0);
  });
  await Promise.all(pages.map((page, side) => page.run(`negotiator.change(${JSON.stringify(plan[side])})`)));
  agree(
    await settle(pages, `round ${name} of ${JSON.stringify(plan)}`),
    `round ${name} of ${JSON.stringify(plan)}`,
  );
}

/**
 * Takes to each what the other has to say, until nothing is left.
 *
 * @param {[Page, Page]} pages
 * @param {string} what for a failure
 * @returns {Promise<State[]>}
 */
export async function settle(pages, what) {
  const end = performance.now() + PATIENCE;
  /** @type {State[]} */
  let states = [];
  for (let quiet = 0; quiet < QUIET_LOOKS;) {
    const [ones, others] = await Promise.all(pages.map((page) => page.run('negotiator.says()')));
    const [one, other] = pages;
    if (others.length > 0) await one.run(`negotiator.receive(${JSON.stringify(others)})`);
    if (ones.length > 0) await other.run(`negotiator.receive(${JSON.stringify(ones)})`);
    states = await Promise.all(pages.map((page) => page.run('negotiator.state()')));
    const isQuiet = ones.length + others.length === 0 && states.every(({ idle }) => idle);
    quiet = isQuiet ? quiet + 1 : 0;
    assert.ok(performance.now() < end, `${what} is stuck: ${JSON.stringify(states)}`);
  }
  return states;
}

/** Both sides have the same lines, each the mirror of the other's. @param {State[]} states @param {string} where */
function agree([one, other], where) {
  assert.ok(one && other);
  assert.deepEqual([...one.faults, ...other.faults], [], where);
  const lines = new Map(other.lines.map((line) => [line.mid, line]));
  assert.equal(one.lines.length, other.lines.length, where);
  for (const line of one.lines) {
    const match = lines.get(line.mid);
    assert.ok(match && match.kind === line.kind, `${where}: line ${line.mid}`);
    const sends = may(line.direction, 'send') && may(match.direction, 'recv');
    const receives = may(line.direction, 'recv') && may(match.direction, 'send');
    const expected = DIRECTIONS.find((each) => may(each, 'send') === sends && may(each, 'recv') === receives);
    assert.equal(line.current, expected, `${where}: line ${line.mid} here`);
    assert.equal(may(match.current ?? '', 'send'), receives, `${where}: line ${line.mid} there`);
    assert.equal(may(match.current ?? '', 'recv'), sends, `${where}: line ${line.mid} there`);
  }
}

/** @param {string} direction @param {'send' | 'recv'} way */
function may(direction, way) {
  return direction.includes(way);
}
