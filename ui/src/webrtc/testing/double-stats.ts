// Figures as the app gives them, for the engine double: everything that is counted grows with each look.

import type { EngineStats } from '../engine';
import { parseCandidate } from '../sdp/candidate';
import { receives, sends } from '../sdp/section';
import type { AudioSourceStats, CandidateStats, CodecStats, PlayoutStats, StatsReport } from '../wire';
import type { Line } from './double-sdp';

let looks = 0;

const CODECS: Record<'audio' | 'video', CodecStats> = {
  audio: {
    payloadType: 111,
    mimeType: 'audio/opus',
    clockRate: 48000,
    channels: 2,
    sdpFmtpLine: 'minptime=10;useinbandfec=1',
  },
  video: { payloadType: 96, mimeType: 'video/VP8', clockRate: 90000 },
};

const PLAYOUT: PlayoutStats = {
  totalSamplesReceived: 0,
  concealedSamples: 0,
  silentConcealedSamples: 0,
  concealmentEvents: 0,
  insertedSamplesForDeceleration: 0,
  removedSamplesForAcceleration: 0,
  packetsDiscarded: 0,
  jitterBufferDelay: 0,
  jitterBufferTargetDelay: 0,
  jitterBufferEmittedCount: 0,
  totalAudioEnergy: 0,
  totalSamplesDuration: 0,
  audioLevel: 0,
};

const SOURCE: AudioSourceStats = { audioLevel: 0.5, totalAudioEnergy: 0.5, totalSamplesDuration: 2 };

const CERTIFICATE = { fingerprint: 'AB:CD', fingerprintAlgorithm: 'sha-256', der: '3000FF' };

interface Known {
  lines: Line[];
  ufrag: string;
  pair: [string, string] | null;
}

export function doubleStats({ lines, ufrag, pair }: Known): EngineStats {
  looks += 1;
  const media = lines.filter(({ kind, stopped }) => kind !== 'application' && !stopped);
  const counted = { nackCount: 0, pliCount: 0, firCount: 0 };
  const report: StatsReport = {
    timestamp: performance.timeOrigin + performance.now(),
    transport: {
      bytesSent: 1000 * looks,
      bytesReceived: 1000 * looks,
      packetsSent: looks,
      packetsReceived: looks,
      iceState: pair ? 'connected' : 'new',
      iceLocalUsernameFragment: ufrag,
      selectedPairChanges: pair ? 1 : 0,
      localCertificate: CERTIFICATE,
      ...(pair ? { tlsVersion: 'FEFD', remoteCertificate: CERTIFICATE } : {}),
    },
    ...(pair
      ? {
          pair: {
            local: candidate(pair[0]),
            remote: candidate(pair[1]),
            currentRoundTripTime: 0.001,
            totalRoundTripTime: 0.001 * looks,
            responsesReceived: looks,
            requestsSent: looks,
            requestsReceived: looks,
            responsesSent: looks,
          },
        }
      : {}),
    inbound: media
      .filter(({ direction }) => pair && receives(direction))
      .map(({ mid, kind }) => ({
        mid,
        kind: kind === 'audio' ? 'audio' : 'video',
        codec: CODECS[kind === 'audio' ? 'audio' : 'video'],
        packetsReceived: looks,
        bytesReceived: 100 * looks,
        packetsLost: 0,
        jitter: 0,
        ...counted,
        framesReceived: looks,
        framesDropped: 0,
        keyFramesReceived: 1,
        remote: { packetsSent: looks, bytesSent: 100 * looks },
        ...(kind === 'audio' ? { playout: PLAYOUT } : {}),
        delivered: { rtpTimestamp: 960 * looks, timestamp: performance.timeOrigin + performance.now() },
      })),
    outbound: media
      .filter(({ direction }) => sends(direction))
      .map(({ mid, kind }) => ({
        mid,
        kind: kind === 'audio' ? 'audio' : 'video',
        codec: CODECS[kind === 'audio' ? 'audio' : 'video'],
        packetsSent: looks,
        bytesSent: 100 * looks,
        ...counted,
        framesSent: looks,
        keyFramesSent: 1,
        ...(kind === 'audio' ? { source: SOURCE } : {}),
        remote: { packetsLost: 0, jitter: 0, roundTripTime: 0.001, fractionLost: 0 },
      })),
    channels: [],
    channelsOpened: 0,
    channelsClosed: 0,
  };
  return report as unknown as EngineStats;
}

function candidate(line: string): CandidateStats {
  const fields = parseCandidate(line);
  return { address: fields?.address ?? '', port: fields?.port ?? 0, candidateType: fields?.type ?? 'host' };
}
