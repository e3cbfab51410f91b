import { expect, test } from 'vitest';
import { figuresOf } from './link-figures';

/** As Chromium tells it, a screen being shared beside the camera. */
const CHROMIUM = [
  { id: 'T', type: 'transport', selectedCandidatePairId: 'CP2' },
  { id: 'CP1', type: 'candidate-pair', nominated: true, state: 'succeeded', availableOutgoingBitrate: 1 },
  {
    id: 'CP2',
    type: 'candidate-pair',
    nominated: true,
    state: 'succeeded',
    availableOutgoingBitrate: 900_000,
  },
  { id: 'S1', type: 'media-source', kind: 'video', width: 640, height: 480, framesPerSecond: 25 },
  { id: 'S2', type: 'media-source', kind: 'video', width: 1920, height: 1080, framesPerSecond: 5 },
  { id: 'O3', type: 'outbound-rtp', kind: 'video', mid: '3', mediaSourceId: 'S2', framesEncoded: 9 },
  {
    id: 'O1',
    type: 'outbound-rtp',
    kind: 'video',
    mid: '1',
    mediaSourceId: 'S1',
    remoteId: 'R1',
    framesEncoded: 100,
    totalEncodeTime: 0.5,
    qualityLimitationReason: 'cpu',
  },
  { id: 'O0', type: 'outbound-rtp', kind: 'audio', mid: '0', remoteId: 'R0' },
  { id: 'R0', type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.9 },
  { id: 'R1', type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.05 },
  { id: 'I1', type: 'inbound-rtp', kind: 'video', mid: '1', framesReceived: 50, framesDropped: 2 },
];

test('the camera’s picture is told from a screen and from the sound', () => {
  expect(figuresOf(CHROMIUM, 7)).toEqual({
    at: 7,
    sent: { frames: 100, encoding: 0.5, offered: 25, pixels: 640 * 480, limitedBy: 'cpu' },
    received: { frames: 50, dropped: 2 },
    loss: 0.05,
    available: 900_000,
  });
});

test('what a webview leaves out is not known', () => {
  const sparse = [{ id: 'O', type: 'outbound-rtp', kind: 'video', framesSent: 3 }];
  expect(figuresOf(sparse, 0)).toEqual({
    at: 0,
    sent: { frames: 3, encoding: null, offered: null, pixels: null, limitedBy: null },
    received: null,
    loss: null,
    available: null,
  });
  expect(figuresOf([], 0)).toEqual({ at: 0, sent: null, received: null, loss: null, available: null });
});

test('nonsense is not known either', () => {
  const wild = [
    { id: 'O', type: 'outbound-rtp', kind: 'video', framesEncoded: 'many', remoteId: 7, mid: 'x' },
    { id: 'I', type: 'inbound-rtp', kind: 'video', framesReceived: NaN, framesDecoded: Infinity },
    { id: 'T', type: 'transport', selectedCandidatePairId: 'gone' },
    { type: 'codec' },
    {},
  ];
  expect(figuresOf(wild, 0)).toEqual({ at: 0, sent: null, received: null, loss: null, available: null });
});
