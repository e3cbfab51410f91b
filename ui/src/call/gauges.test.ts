import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Gauges, MEASURED_EVERY_MS } from './gauges';
import { Scope } from './scope';

const SECONDS = MEASURED_EVERY_MS / 1000;

/** A link whose other side, and whose own, is as loud as said. */
class FakeLink {
  loudness = 0;
  ownLoudness = 0;
  loss = 0;
  answer: Promise<void> = Promise.resolve();
  asked = 0;
  #sums = { duration: 0, energy: 0, own: 0, received: 0, lost: 0 };

  constructor(readonly id: number) {}

  async statistics(): Promise<object[]> {
    this.asked += 1;
    await this.answer;
    const sums = this.#sums;
    sums.duration += SECONDS;
    sums.energy += this.loudness ** 2 * SECONDS;
    sums.own += this.ownLoudness ** 2 * SECONDS;
    sums.received += 20 * (1 - this.loss);
    sums.lost += 20 * this.loss;
    const time = { totalSamplesDuration: sums.duration };
    return [
      {
        ...time,
        type: 'inbound-rtp',
        kind: 'audio',
        mid: '0',
        totalAudioEnergy: sums.energy,
        packetsReceived: sums.received,
        packetsLost: sums.lost,
      },
      { type: 'outbound-rtp', kind: 'audio', mid: '0', mediaSourceId: 'S' },
      { ...time, type: 'media-source', id: 'S', kind: 'audio', totalAudioEnergy: sums.own },
    ];
  }
}

let scope: Scope;
beforeEach(() => {
  vi.useFakeTimers();
  scope = new Scope();
});
afterEach(() => {
  scope.end();
  vi.useRealTimers();
});

const pass = (measurements: number) => vi.advanceTimersByTimeAsync(measurements * MEASURED_EVERY_MS);

/** Gauges of these links, and how often they said that something changed. */
function gauging(...links: FakeLink[]) {
  const changed = vi.fn();
  return { links, changed, gauges: new Gauges(scope, () => links, changed) };
}

test('who speaks is seen, keeps the floor in silence, and hands it on', async () => {
  const [bob, cleo] = [new FakeLink(2), new FakeLink(3)];
  const { gauges } = gauging(bob, cleo);
  await pass(3);
  expect([gauges.isSpeaking(2), gauges.speaker]).toEqual([false, null]);
  bob.loudness = 0.2;
  await pass(3);
  expect([gauges.isSpeaking(2), gauges.isSpeaking(3), gauges.speaker]).toEqual([true, false, 2]);
  bob.loudness = 0;
  await pass(8);
  expect([gauges.isSpeaking(2), gauges.speaker]).toEqual([false, 2]);
  cleo.loudness = 0.2;
  await pass(3);
  expect(gauges.speaker).toBe(3);
});

test('one’s own voice is measured once, whoever hears it', async () => {
  const [bob, cleo] = [new FakeLink(2), new FakeLink(3)];
  const { gauges } = gauging(bob, cleo);
  await pass(2);
  bob.ownLoudness = cleo.ownLoudness = 0.2;
  await pass(2);
  expect([gauges.speaksOneself, gauges.speaker]).toEqual([true, null]);
});

test('a connection is judged after a while, by what it lost since', async () => {
  const bob = new FakeLink(2);
  const { gauges } = gauging(bob);
  await pass(4);
  expect(gauges.qualityOf(2)).toBe(null);
  await pass(6);
  expect(gauges.qualityOf(2)).toBe('good');
  bob.loss = 0.3;
  await pass(30);
  expect(gauges.qualityOf(2)).toBe('poor');
});

test('nothing is said while nothing changes', async () => {
  const { changed } = gauging(new FakeLink(2));
  await pass(12);
  changed.mockClear();
  await pass(100);
  expect(changed).not.toHaveBeenCalled();
});

test('a connection that does not answer is asked once, and forgotten when it is gone', async () => {
  const bob = new FakeLink(2);
  bob.answer = new Promise(() => {});
  const { gauges, links } = gauging(bob);
  await pass(20);
  expect(bob.asked).toBe(1);
  links.pop();
  await pass(1);
  expect(gauges.qualityOf(2)).toBe(null);
});
