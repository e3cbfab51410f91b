import { beforeAll, expect, test, vi } from 'vitest';
import type { EngineStats } from './engine';
import type { EngineDouble } from './testing/engine-double';
import { TrackDouble } from './testing/media-double';
import { event, exchangeCandidates, installDouble, offerAndAnswer } from './testing/page';

let engine: EngineDouble;
beforeAll(() => void (engine = installDouble()));

const track = (kind: 'audio' | 'video') => new TrackDouble(kind) as unknown as MediaStreamTrack;
const ufragOf = (connection: RTCPeerConnection) =>
  /a=ice-ufrag:(\S+)/u.exec(connection.localDescription?.sdp ?? '')?.[1] ?? '';

async function connected(): Promise<[RTCPeerConnection, RTCPeerConnection]> {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  exchangeCandidates(one, other);
  one.addTrack(track('audio'));
  const there = event(one, 'connectionstatechange', () => one.connectionState === 'connected');
  await offerAndAnswer(one, other);
  await there;
  return [one, other];
}

async function statsOf(of: { getStats(): Promise<RTCStatsReport> }) {
  const all = new Map<string, Record<string, unknown>>();
  (await of.getStats()).forEach((one: Record<string, unknown>) => all.set(String(one.type), one));
  const ids = (name: string, value: unknown) =>
    [...all.values()].some((one) => one[name] !== undefined && one[name] === value);
  return { all, ids };
}

test('the transport names the certificates of both sides', async () => {
  const [one] = await connected();
  const { all, ids } = await statsOf(one);
  expect(all.get('transport')).toMatchObject({ tlsVersion: 'FEFD' });
  const certificate = all.get('certificate');
  expect(certificate).toMatchObject({ fingerprintAlgorithm: 'sha-256', base64Certificate: 'MAD/' });
  expect(ids('remoteCertificateId', certificate?.id)).toBe(true);
});

test('what is to be sent is told before anything is', async () => {
  const [one] = await connected();
  const connection = engine.reachable.get(ufragOf(one));
  const figures = await connection?.stats();
  if (connection) connection.stats = async () => ({ ...figures, outbound: [] }) as unknown as EngineStats;
  const { all, ids } = await statsOf(one.getSenders()[0] as RTCRtpSender);
  expect(all.get('outbound-rtp')).toMatchObject({ kind: 'audio', packetsSent: 0 });
  expect(all.get('codec')).toMatchObject({ mimeType: 'audio/opus', payloadType: 111 });
  expect(ids('codecId', all.get('codec')?.id)).toBe(true);
  expect(all.get('outbound-rtp')).not.toHaveProperty('encodingIndex');
});

test('an address that the page was not told is not among the figures', async () => {
  const [one] = await connected();
  const connection = engine.reachable.get(ufragOf(one));
  const figures = await connection?.stats();
  const remote = { address: '192.0.2.99', port: 9, candidateType: 'prflx' };
  const pair = { ...(figures?.pair as object), remote };
  expect([...(await statsOf(one)).all.values()]).toContainEqual(
    expect.objectContaining({ type: 'remote-candidate', address: expect.any(String) as string }),
  );
  if (connection) connection.stats = async () => ({ ...figures, pair }) as unknown as EngineStats;
  const { all, ids } = await statsOf(one);
  const found = all.get('remote-candidate');
  expect(found).toMatchObject({ address: null, port: 9, candidateType: 'prflx' });
  expect(JSON.stringify([...all])).not.toContain('192.0.2.99');
  expect(ids('remoteCandidateId', found?.id)).toBe(true);
});

test('of a candidate that only its checks have shown the page is not told where it is', async () => {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.addEventListener('icecandidate', ({ candidate }) => void other.addIceCandidate(candidate));
  const sender = one.addTrack(track('audio'));
  const there = event(one, 'connectionstatechange', () => one.connectionState === 'connected');
  await offerAndAnswer(one, other);
  await there;
  const remote = sender.transport?.iceTransport.getSelectedCandidatePair()?.remote;
  expect([remote?.candidate, remote?.address, remote?.protocol]).toEqual(['', null, 'udp']);
  expect((await statsOf(one)).all.get('remote-candidate')?.address).toBeNull();
  const transport = sender.transport?.iceTransport as RTCIceTransport;
  const told = event(transport, 'selectedcandidatepairchange');
  const theirs = other.getReceivers()[0]?.transport?.iceTransport.getSelectedCandidatePair()?.local;
  await one.addIceCandidate(theirs);
  await told;
  expect(transport.getSelectedCandidatePair()?.remote?.address).toBe(theirs?.address);
});

test('figures that were asked for before the transceiver was stopped have it still', async () => {
  const [one] = await connected();
  const [transceiver] = one.getTransceivers();
  const before = statsOf(one.getSenders()[0] as RTCRtpSender);
  transceiver?.stop();
  expect([...(await before).all.keys()]).toContain('outbound-rtp');
  expect([...(await statsOf(one)).all.keys()]).not.toContain('outbound-rtp');
});

test('another policy for candidates comes with other credentials', async () => {
  const [one, other] = await connected();
  const before = ufragOf(one);
  one.setConfiguration({ iceTransportPolicy: 'relay' });
  one.setConfiguration({ iceTransportPolicy: 'all' });
  one.setConfiguration({ iceTransportPolicy: 'relay' });
  const told: (string | undefined)[] = [];
  one.addEventListener('icecandidate', ({ candidate }) => told.push(candidate?.candidate));
  const complete = event(one, 'icegatheringstatechange', () => one.iceGatheringState === 'complete');
  await offerAndAnswer(one, other);
  await complete;
  expect(ufragOf(one)).not.toBe(before);
  expect(told.every((candidate) => !candidate)).toBe(true);
});

test('a receiver tells where its sound comes from, as of late, while somebody looks', async () => {
  const [, other] = await connected();
  const [receiver] = other.getReceivers();
  if (!receiver) throw new Error('no receiver');
  const began = performance.timeOrigin + performance.now();
  const next = (than = -1) =>
    vi.waitFor(() => {
      const [source] = receiver.getSynchronizationSources();
      if (!source || source.rtpTimestamp <= than) throw new Error('nothing new');
      return source;
    });
  expect(receiver.getSynchronizationSources()).toEqual([]);
  const source = await next();
  const ssrc = /a=ssrc:(\d+)/u.exec(other.remoteDescription?.sdp ?? '')?.[1];
  expect(source).toMatchObject({ source: Number(ssrc), audioLevel: 0 });
  expect(source.timestamp).toBeGreaterThanOrEqual(began);
  expect((await next(source.rtpTimestamp)).timestamp).toBeGreaterThan(source.timestamp);
  expect(receiver.getContributingSources()).toEqual([]);
  other.close();
  await vi.waitFor(() => expect(receiver.getSynchronizationSources()).toEqual([]));
});
