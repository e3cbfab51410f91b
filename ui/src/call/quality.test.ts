import { describe, expect, test } from 'vitest';
import { counted, judge, loudnessBetween, SteadyQuality, type Counted, type Quality } from './quality';

const SILENCE = { energy: 0, duration: 0 };
const NOTHING: Counted = {
  received: 0,
  lost: 0,
  roundTrip: null,
  lostThere: 0,
  sound: SILENCE,
  ownSound: SILENCE,
};

describe('a connection', () => {
  const judged = (change: Partial<Counted>) =>
    judge({ ...NOTHING, received: 1000, lost: 50 }, { ...NOTHING, received: 1100, lost: 50, ...change });

  test('is good when nothing is lost and the way is short', () => {
    expect(judged({})).toBe('good');
    expect(judged({ roundTrip: 0.1 })).toBe('good');
  });

  test('is judged by what was lost lately, here or there', () => {
    expect(judged({ lost: 54 })).toBe('fair');
    expect(judged({ lost: 70 })).toBe('poor');
    expect(judged({ lostThere: 0.03 })).toBe('fair');
    expect(judged({ lostThere: 0.2 })).toBe('poor');
  });

  test('is judged by its round trip', () => {
    expect(judged({ roundTrip: 0.25 })).toBe('fair');
    expect(judged({ roundTrip: 0.6 })).toBe('poor');
  });

  test('is not judged by a handful of packets, nor by ones that came twice', () => {
    expect(judged({ received: 1005, lost: 55 })).toBe('good');
    expect(judged({ lost: 40 })).toBe('good');
  });
});

test('what is shown changes only when it stays so, and sooner to the worse', () => {
  const shown = (...judgements: Quality[]) => {
    const steady = new SteadyQuality();
    return judgements.map((one) => (steady.add(one), steady.value?.[0])).join('');
  };
  expect(shown('good', 'poor', 'good', 'poor', 'good')).toBe('ggggg');
  expect(shown('good', 'poor', 'poor')).toBe('ggp');
  expect(shown('poor', 'good', 'good', 'good', 'good')).toBe('ppppg');
  expect(shown('good', 'fair', 'poor', 'poor')).toBe('gggp');
});

test('loudness is the energy over the time', () => {
  expect(loudnessBetween({ energy: 1, duration: 2 }, { energy: 1.02, duration: 2.5 })).toBeCloseTo(0.2);
  expect(loudnessBetween(SILENCE, SILENCE)).toBe(0);
});

test('a report is read as the W3C writes it, the microphone’s sound and no screen’s', () => {
  const report = [
    { type: 'transport', id: 'T', selectedCandidatePairId: 'used' },
    { type: 'candidate-pair', id: 'other', currentRoundTripTime: 9, nominated: true, state: 'succeeded' },
    { type: 'candidate-pair', id: 'used', currentRoundTripTime: 0.05 },
    {
      type: 'inbound-rtp',
      id: 'I2',
      kind: 'audio',
      mid: '2',
      packetsReceived: 5,
      totalAudioEnergy: 7,
      totalSamplesDuration: 9,
    },
    {
      type: 'inbound-rtp',
      id: 'I0',
      kind: 'audio',
      mid: '0',
      packetsReceived: 10,
      packetsLost: 1,
      totalAudioEnergy: 2,
      totalSamplesDuration: 3,
    },
    { type: 'inbound-rtp', id: 'I1', kind: 'video', mid: '1', packetsReceived: 100, packetsLost: 2 },
    { type: 'remote-inbound-rtp', id: 'R', kind: 'video', fractionLost: 0.1 },
    { type: 'outbound-rtp', id: 'O2', kind: 'audio', mid: '2', mediaSourceId: 'S2' },
    { type: 'outbound-rtp', id: 'O0', kind: 'audio', mid: '0', mediaSourceId: 'S0' },
    { type: 'media-source', id: 'S2', kind: 'audio', totalAudioEnergy: 8, totalSamplesDuration: 8 },
    { type: 'media-source', id: 'S0', kind: 'audio', totalAudioEnergy: 4, totalSamplesDuration: 5 },
  ];
  expect(counted(report)).toEqual({
    received: 115,
    lost: 3,
    roundTrip: 0.05,
    lostThere: 0.1,
    sound: { energy: 2, duration: 3 },
    ownSound: { energy: 4, duration: 5 },
  });
});
