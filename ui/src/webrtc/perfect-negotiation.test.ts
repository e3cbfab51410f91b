// Perfect negotiation as the W3C text has it (section 10.7), with schedules by chance: both sides change what they
// send and receive whenever they like, descriptions and candidates take their time, and in the end both agree.

import { beforeAll, expect, test } from 'vitest';
import { seeded } from '../call/testing/random';
import { TrackDouble } from './testing/media-double';
import { installDouble } from './testing/page';
import { nextTask } from './webidl/tasks';

/** Rounds in one run of the tests; each takes a few milliseconds. */
const ROUNDS = 1000;
/** Turns of the event loop after which a round that has not settled is stuck. */
const PATIENCE = 3000;

type Signal = { description: RTCSessionDescription } | { candidate: RTCIceCandidate };

class Side {
  readonly connection = new RTCPeerConnection();
  other!: Side;
  readonly errors: unknown[] = [];
  underWay = 0;
  #makingOffer = false;
  #ignoreOffer = false;
  #settingAnswer = false;
  #inbox: Promise<void> = Promise.resolve();

  constructor(
    readonly polite: boolean,
    readonly random: () => number,
  ) {
    const { connection } = this;
    connection.onnegotiationneeded = async () => {
      try {
        this.#makingOffer = true;
        await connection.setLocalDescription();
        this.send({ description: connection.localDescription as RTCSessionDescription });
      } catch (error) {
        this.errors.push(error);
      } finally {
        this.#makingOffer = false;
      }
    };
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) this.send({ candidate });
    };
  }

  /** In order, each after some turns. */
  send(signal: Signal): void {
    this.underWay += 1;
    this.#inbox = this.#inbox.then(async () => {
      for (let turn = Math.floor(this.random() * 6); turn >= 0; turn -= 1) await nextTask();
      // Not waited for: what comes next may come while this is dealt with.
      void this.other.receive(signal).finally(() => (this.underWay -= 1));
    });
  }

  async receive(signal: Signal): Promise<void> {
    const { connection } = this;
    try {
      if ('candidate' in signal) {
        try {
          await connection.addIceCandidate(signal.candidate);
        } catch (error) {
          if (!this.#ignoreOffer) throw error;
        }
        return;
      }
      const { description } = signal;
      const ready = !this.#makingOffer && (connection.signalingState === 'stable' || this.#settingAnswer);
      this.#ignoreOffer = !this.polite && description.type === 'offer' && !ready;
      if (this.#ignoreOffer) return;
      this.#settingAnswer = description.type === 'answer';
      await connection.setRemoteDescription(description);
      this.#settingAnswer = false;
      if (description.type !== 'offer') return;
      await connection.setLocalDescription();
      this.send({ description: connection.localDescription as RTCSessionDescription });
    } catch (error) {
      this.errors.push(error);
    }
  }

  change(): void {
    const { connection, random } = this;
    const transceivers = connection.getTransceivers();
    const one = transceivers[Math.floor(random() * transceivers.length)];
    const kind = random() < 0.5 ? 'audio' : 'video';
    const changes = [
      () => connection.addTrack(new TrackDouble(kind) as unknown as MediaStreamTrack, new MediaStream()),
      () => connection.addTransceiver(kind, { direction: 'recvonly' }),
      () => one && one.direction !== 'stopped' && (one.direction = random() < 0.5 ? 'sendrecv' : 'inactive'),
      () => one && connection.removeTrack(one.sender),
      () => one?.stop(),
      () => connection.restartIce(),
      () => connection.createDataChannel('more'),
      () => one?.sender.setStreams(new MediaStream()),
    ];
    changes[Math.floor(random() * changes.length)]?.();
  }
}

/** What a side thinks of the lines that both know. */
function lines({ connection }: Side): (string | null)[][] {
  return connection
    .getTransceivers()
    .filter(({ mid }) => mid !== null)
    .map(({ mid, currentDirection, receiver }) => [mid, receiver.track.kind, currentDirection])
    .sort((left, right) => ((left[0] ?? '') < (right[0] ?? '') ? -1 : 1));
}

const MIRRORED: Record<string, string> = { sendonly: 'recvonly', recvonly: 'sendonly' };
const mirrored = (all: (string | null)[][]) =>
  all.map(([mid, kind, way]) => [mid, kind, MIRRORED[way ?? ''] ?? way]);

const settled = ({ connection, underWay }: Side) => underWay === 0 && connection.signalingState === 'stable';

async function round(seed: number): Promise<void> {
  const random = seeded(seed);
  const sides = [new Side(true, random), new Side(false, random)] as const;
  [sides[0].other, sides[1].other] = [sides[1], sides[0]];
  let changes = 2 + Math.floor(random() * 8);
  let quiet = 0;
  for (let turn = 0; quiet < 40; turn += 1) {
    if (turn > PATIENCE) throw new Error(`Round ${seed} is stuck`);
    if (changes > 0 && random() < 0.2) {
      changes -= 1;
      sides[random() < 0.5 ? 0 : 1].change();
    }
    await nextTask();
    quiet = changes === 0 && sides.every(settled) ? quiet + 1 : 0;
  }
  const about = `round ${seed}`;
  expect(
    sides.flatMap(({ errors }) => errors.map(String)),
    about,
  ).toEqual([]);
  expect(mirrored(lines(sides[0])), about).toEqual(lines(sides[1]));
  if (/\r\nm=\w+ 9 /u.test(sides[0].connection.currentLocalDescription?.sdp ?? '')) {
    expect(
      sides.map(({ connection }) => connection.connectionState),
      about,
    ).toEqual(['connected', 'connected']);
  }
  sides.forEach(({ connection }) => connection.close());
}

beforeAll(() => void installDouble(7, 5));

test('perfect negotiation settles, whoever changes what and when', { timeout: 120_000 }, async () => {
  for (let seed = 1; seed <= ROUNDS; seed += 1) await round(seed);
});
