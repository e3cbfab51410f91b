import { beforeAll, describe, expect, test } from 'vitest';
import { TrackDouble } from './testing/media-double';
import { event, exchangeCandidates, installDouble, offerAndAnswer } from './testing/page';
import { nextTask } from './webidl/tasks';

beforeAll(() => void installDouble(3));

const pair = () => [new RTCPeerConnection(), new RTCPeerConnection()] as const;
const track = () => new TrackDouble('video') as unknown as MediaStreamTrack;
const failure = (promise: Promise<unknown>) => promise.then(String, (error: Error) => error.name);
const states = (connection: RTCPeerConnection) => {
  const seen: string[] = [];
  connection.onsignalingstatechange = () => seen.push(connection.signalingState);
  return seen;
};
/** Longer than anything that the double does. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await nextTask();
}

describe('signaling states', () => {
  test('follow the descriptions', async () => {
    const [one, other] = pair();
    one.addTransceiver('audio');
    const seen = [states(one), states(other)];
    await offerAndAnswer(one, other);
    expect(seen).toEqual([
      ['have-local-offer', 'stable'],
      ['have-remote-offer', 'stable'],
    ]);
    expect([one.pendingLocalDescription, one.currentLocalDescription?.type]).toEqual([null, 'offer']);
    expect([one.remoteDescription?.type, other.remoteDescription?.type]).toEqual(['answer', 'offer']);
  });

  test('refuse what does not belong to them', async () => {
    const [one, other] = pair();
    one.addTransceiver('audio');
    const offer = await one.createOffer();
    expect(await failure(one.createAnswer())).toBe('InvalidStateError');
    expect(await failure(one.setLocalDescription({ type: 'answer', sdp: '' }))).toBe('InvalidStateError');
    expect(await failure(one.setRemoteDescription({ ...offer, type: 'answer' }))).toBe('InvalidStateError');
    expect(await failure(one.setLocalDescription({ type: 'rollback' }))).toBe('InvalidStateError');
    expect(await failure(one.setLocalDescription({ type: 'offer', sdp: `${offer.sdp}a=x\r\n` }))).toBe(
      'InvalidModificationError',
    );
    expect(await failure(other.setRemoteDescription({ type: 'offer', sdp: 'nonsense' }))).toBe(
      'OperationError',
    );
    const error = await other
      .setRemoteDescription({ type: 'offer', sdp: 'v=0\r\nx' })
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(RTCError);
    expect([error.errorDetail, error.sdpLineNumber]).toEqual(['sdp-syntax-error', 2]);
  });

  test('an answer for other lines is refused', async () => {
    const [one, other] = pair();
    one.addTransceiver('audio');
    other.addTransceiver('video');
    await one.setLocalDescription();
    await other.setLocalDescription();
    const answer = { type: 'answer', sdp: other.localDescription?.sdp ?? '' } as const;
    expect(await failure(one.setRemoteDescription(answer))).toBe('InvalidAccessError');
    expect(one.signalingState).toBe('have-local-offer');
  });
});

describe('an offer of one line', () => {
  const offered = async (change: (sdp: string) => string) => {
    const [one, other] = pair();
    one.addTransceiver('audio');
    const { type, sdp = '' } = await one.createOffer();
    await other.setRemoteDescription({ type, sdp: change(sdp) });
    return other.createAnswer();
  };

  test('may be without a bundle, and is answered without', async () => {
    expect((await offered((sdp) => sdp)).sdp).toContain('a=group:BUNDLE');
    expect((await offered((sdp) => sdp.replace(/a=group:.*\r\n/u, ''))).sdp).not.toContain('a=group:BUNDLE');
  });

  test('without a name gets one, which the page does not see in what it gave', async () => {
    const nameless = (sdp: string) => sdp.replace(/a=(?:mid|group):.*\r\n/gu, '');
    const [one, other] = pair();
    one.addTransceiver('audio');
    const { sdp = '' } = await one.createOffer();
    const told = event<RTCPeerConnectionIceEvent>(other, 'icecandidate');
    await other.setRemoteDescription({ type: 'offer', sdp: nameless(sdp) });
    const [transceiver] = other.getTransceivers();
    expect(transceiver?.mid).toBeTruthy();
    expect(other.remoteDescription?.sdp).not.toContain('a=mid');
    await other.setLocalDescription();
    expect(transceiver?.currentDirection).not.toBeNull();
    expect(other.localDescription?.sdp).not.toContain('a=mid');
    expect((await told).candidate).toMatchObject({ sdpMid: null, sdpMLineIndex: 0 });
    await one.setLocalDescription();
    await one.setRemoteDescription(other.localDescription as RTCSessionDescription);
    expect(one.signalingState).toBe('stable');
  });
});

describe('rollback', () => {
  test('of the own offer: lines have no names any more, and the event comes again', async () => {
    const [one] = pair();
    const { sender } = one.addTransceiver('video');
    await one.setLocalDescription();
    const needed = event(one, 'negotiationneeded');
    await one.setLocalDescription({ type: 'rollback' });
    await needed;
    expect([one.getTransceivers()[0]?.mid, sender.transport, one.localDescription]).toEqual([
      null,
      null,
      null,
    ]);
    expect([one.signalingState, one.iceGatheringState]).toEqual(['stable', 'new']);
  });

  test('of the other offer: one made before can still be set, and answered', async () => {
    const [one, other] = pair();
    one.addTransceiver('audio');
    other.addTransceiver('video');
    const [ours, theirs] = await Promise.all([one.createOffer(), other.createOffer()]);
    await one.setRemoteDescription(theirs);
    await one.setRemoteDescription({ type: 'rollback' });
    await one.setLocalDescription(ours);
    await other.setRemoteDescription(ours);
    await other.setLocalDescription();
    await one.setRemoteDescription(other.localDescription as RTCSessionDescription);
    expect(one.signalingState).toBe('stable');
  });

  test('of the other offer: what it made is gone', async () => {
    const [one, other] = pair();
    one.addTrack(track(), new MediaStream());
    await one.setLocalDescription();
    const found = event<RTCTrackEvent>(other, 'track');
    await other.setRemoteDescription(one.localDescription as RTCSessionDescription);
    const { streams, transceiver } = await found;
    expect(streams[0]?.getTracks()).toHaveLength(1);
    await other.setRemoteDescription({ type: 'rollback' });
    expect([other.getTransceivers(), streams[0]?.getTracks()]).toEqual([[], []]);
    expect([transceiver.mid, transceiver.currentDirection]).toEqual([null, 'stopped']);
  });

  test('of the other offer: what it has stopped does not come again', async () => {
    const [one, other] = pair();
    const sent = one.addTrack(track(), new MediaStream());
    const found = event<RTCTrackEvent>(other, 'track');
    await offerAndAnswer(one, other);
    const [stream] = (await found).streams;
    one
      .getTransceivers()
      .find(({ sender }) => sender === sent)
      ?.stop();
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription as RTCSessionDescription);
    let again = 0;
    other.ontrack = () => (again += 1);
    await other.setRemoteDescription({ type: 'rollback' });
    await quiet();
    expect([again, stream?.getTracks()]).toEqual([0, []]);
  });

  test('of an offer that was answered already is not implemented', async () => {
    const [one, other] = pair();
    one.addTransceiver('audio');
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription as RTCSessionDescription);
    await other.createAnswer();
    expect(await failure(other.setRemoteDescription({ type: 'rollback' }))).toBe('NotSupportedError');
  });

  test('is implied by the offer of the other side', async () => {
    const [one, other] = pair();
    for (const connection of [one, other]) connection.addTransceiver('audio');
    await one.setLocalDescription();
    await other.setLocalDescription();
    const seen = states(one);
    await one.setRemoteDescription(other.localDescription as RTCSessionDescription);
    expect(seen).toEqual(['stable', 'have-remote-offer']);
    expect(one.getTransceivers().map(({ mid }) => mid === null)).toEqual([true, false]);
  });
});

describe('negotiationneeded', () => {
  test('comes once for all that changed, and not while something is under way', async () => {
    const [one, other] = pair();
    let needed = 0;
    one.onnegotiationneeded = () => (needed += 1);
    one.addTransceiver('audio');
    one.addTransceiver('video');
    one.createDataChannel('x');
    await quiet();
    expect(needed).toBe(1);
    await offerAndAnswer(one, other);
    await quiet();
    expect(needed).toBe(1);
    const [first] = one.getTransceivers();
    if (first) first.direction = 'inactive';
    await quiet();
    expect(needed).toBe(2);
    if (first) first.direction = 'sendrecv';
    one.restartIce();
    await quiet();
    expect(needed).toBe(2);
    await offerAndAnswer(one, other);
    await quiet();
    expect(needed).toBe(2);
  });
});

describe('transceivers', () => {
  test('a stopped one is stopped on both sides, and forgotten', async () => {
    const [one, other] = pair();
    one.addTransceiver('audio');
    const going = one.addTransceiver('video');
    await offerAndAnswer(one, other);
    const [, theirs] = other.getTransceivers();
    going.stop();
    expect([going.direction, going.currentDirection]).toEqual(['stopped', 'sendonly']);
    await offerAndAnswer(one, other);
    expect([going.currentDirection, theirs?.currentDirection]).toEqual(['stopped', 'stopped']);
    expect([one.getTransceivers().length, other.getTransceivers().length]).toEqual([1, 1]);
    expect(() => (going.direction = 'inactive')).toThrow(DOMException);
  });

  test('a track that is added goes out on the line that the other side offered', async () => {
    const [one, other] = pair();
    one.addTransceiver('video');
    other.addTrack(track());
    await offerAndAnswer(one, other);
    expect(other.getTransceivers().map(({ currentDirection }) => currentDirection)).toEqual(['sendrecv']);
  });

  test('what is taken away is muted with the offer, and comes again after a rollback', async () => {
    const [one, other] = pair();
    exchangeCandidates(one, other);
    one.addTrack(track());
    const found = event<RTCTrackEvent>(other, 'track');
    const connected = event(one, 'connectionstatechange', () => one.connectionState === 'connected');
    await offerAndAnswer(one, other);
    const received = (await found).track;
    await connected;
    expect(received.muted).toBe(false);
    const { type, sdp = '' } = await one.createOffer();
    await other.setRemoteDescription({ type, sdp: sdp.replace('a=sendrecv', 'a=recvonly') });
    expect(received.muted).toBe(true);
    await other.setRemoteDescription({ type: 'rollback' });
    expect(received.muted).toBe(false);
  });

  test('preferred codecs come first, others go', async () => {
    const [one] = pair();
    const transceiver = one.addTransceiver('video');
    const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
    transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === 'video/H264'));
    const { sdp = '' } = await one.createOffer();
    expect(sdp).toMatch(/m=video 9 UDP\/TLS\/RTP\/SAVPF 108\r\n/u);
    expect(sdp).not.toContain('VP8');
    expect(() => transceiver.setCodecPreferences([{ mimeType: 'video/x', clockRate: 1 }])).toThrow(
      DOMException,
    );
  });

  test('parameters can be changed with what was given in the same task only', async () => {
    const { sender } = new RTCPeerConnection().addTransceiver('video');
    const parameters = sender.getParameters();
    parameters.encodings[0] = { ...parameters.encodings[0], maxBitrate: 100_000 };
    await sender.setParameters(parameters);
    expect(sender.getParameters().encodings[0]?.maxBitrate).toBe(100_000);
    const wished = sender.getParameters();
    Object.assign(wished.encodings[0] ?? {}, { codec: { mimeType: 'video/x', clockRate: 1 } });
    expect(await failure(sender.setParameters(wished))).toBe('InvalidModificationError');
    const late = sender.getParameters();
    await quiet();
    expect(await failure(sender.setParameters(late))).toBe('InvalidStateError');
    expect(await failure(sender.setParameters({ ...sender.getParameters(), transactionId: 'x' }))).toBe(
      'InvalidModificationError',
    );
  });
});

describe('candidates', () => {
  test('are checked against the lines of the other side', async () => {
    const [one, other] = pair();
    const candidate = 'candidate:1 1 udp 1 192.0.2.1 9 typ host';
    const add = (init: RTCIceCandidateInit | null) => failure(other.addIceCandidate(init));
    expect(await add({ candidate, sdpMLineIndex: 0 })).toBe('InvalidStateError');
    const transceiver = one.addTransceiver('audio');
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription as RTCSessionDescription);
    expect(await add({ candidate })).toBe('TypeError');
    expect(await add({ candidate, sdpMid: 'nobody' })).toBe('OperationError');
    expect(await add({ candidate, sdpMLineIndex: 1 })).toBe('OperationError');
    expect(await add({ candidate: 'nonsense', sdpMLineIndex: 0 })).toBe('OperationError');
    expect(await add({ candidate, sdpMLineIndex: 0, usernameFragment: 'x' })).toBe('OperationError');
    expect(await add({ candidate, sdpMid: transceiver.mid })).toBe('undefined');
    expect(await add(null)).toBe('undefined');
    expect(other.remoteDescription?.sdp).toContain(`a=${candidate}\r\na=end-of-candidates\r\n`);
  });

  test('of this side end with an empty one and with null', async () => {
    const [one] = pair();
    one.addTransceiver('audio');
    const told: unknown[] = [];
    one.onicecandidate = ({ candidate }) => told.push(candidate?.candidate ?? null);
    const complete = event(one, 'icecandidate', () => told.at(-1) === null);
    await one.setLocalDescription();
    await complete;
    expect(told.slice(1)).toEqual(['', null]);
    expect(one.iceGatheringState).toBe('complete');
    expect(one.localDescription?.sdp).toContain('a=candidate:');
  });

  test('an ICE restart has other credentials, and the connection stays', async () => {
    const [one, other] = pair();
    exchangeCandidates(one, other);
    one.addTransceiver('audio');
    const connected = event(one, 'connectionstatechange', () => one.connectionState === 'connected');
    await offerAndAnswer(one, other);
    await connected;
    const ufrag = () => /a=ice-ufrag:(\S+)/u.exec(one.localDescription?.sdp ?? '')?.[1];
    const before = ufrag();
    one.restartIce();
    await offerAndAnswer(one, other);
    await quiet();
    expect(ufrag()).not.toBe(before);
    expect(one.connectionState).toBe('connected');
  });
});

describe('a closed connection', () => {
  test('refuses, and what was under way never settles', async () => {
    const [one] = pair();
    const { sender, receiver } = one.addTransceiver('audio');
    const channel = one.createDataChannel('x');
    let settled = false;
    const underWay = one.createOffer();
    void underWay.finally(() => (settled = true));
    one.close();
    expect([one.signalingState, one.connectionState, one.iceConnectionState]).toEqual(
      Array(3).fill('closed'),
    );
    expect([channel.readyState, sender.track]).toEqual(['closed', null]);
    await quiet();
    expect([settled, receiver.track.readyState]).toEqual([false, 'ended']);
    const refused = [
      one.createOffer(),
      one.setLocalDescription(),
      one.addIceCandidate(),
      sender.replaceTrack(null),
    ];
    expect(await Promise.all(refused.map(failure))).toEqual(Array(4).fill('InvalidStateError'));
    expect(() => one.addTransceiver('audio')).toThrow(DOMException);
    one.close();
  });
});

test('statistics have the W3C shape, and refer to each other', async () => {
  const [one, other] = pair();
  exchangeCandidates(one, other);
  const { sender } = one.addTransceiver('video');
  one.createDataChannel('x');
  const connected = event(one, 'connectionstatechange', () => one.connectionState === 'connected');
  await offerAndAnswer(one, other);
  await connected;
  const all = new Map<string, Record<string, unknown>>();
  (await one.getStats()).forEach((stats: Record<string, unknown>) => all.set(String(stats.type), stats));
  expect([...all.keys()].sort()).toEqual(
    ['peer-connection', 'transport', 'candidate-pair', 'local-candidate', 'remote-candidate', 'codec']
      .concat(['outbound-rtp', 'remote-inbound-rtp', 'data-channel', 'certificate'])
      .sort(),
  );
  expect(all.get('transport')?.selectedCandidatePairId).toBe(all.get('candidate-pair')?.id);
  const own = await sender.getStats();
  expect([...own.values()].map(({ type }) => type).sort()).not.toContain('data-channel');
  expect(own.get(String(all.get('outbound-rtp')?.codecId))).toMatchObject({ mimeType: 'video/VP8' });
});

test('statistics tell how loud the sound is that is sent', async () => {
  const [one, other] = pair();
  exchangeCandidates(one, other);
  const track = new TrackDouble('audio') as unknown as MediaStreamTrack;
  const sender = one.addTrack(track);
  await offerAndAnswer(one, other);
  const stats = [...(await sender.getStats()).values()] as Record<string, unknown>[];
  const sent = stats.find(({ type }) => type === 'outbound-rtp');
  expect(stats.find(({ id }) => id === sent?.mediaSourceId)).toMatchObject({
    type: 'media-source',
    kind: 'audio',
    trackIdentifier: track.id,
    audioLevel: 0.5,
    totalAudioEnergy: 0.5,
    totalSamplesDuration: 2,
  });
});
