// How lines of the other side are answered that are unlike ours (RFC 8829, section 5.3).

import { beforeAll, expect, test } from 'vitest';
import { event, installDouble } from './testing/page';

beforeAll(() => void installDouble());

const pair = () => [new RTCPeerConnection(), new RTCPeerConnection()] as const;

test('a line is answered as it is offered, however it says that it is carried', async () => {
  const [one, other] = pair();
  one.addTransceiver('audio');
  const { sdp = '' } = await one.createOffer();
  await other.setRemoteDescription({ type: 'offer', sdp: sdp.replace('UDP/TLS/RTP/SAVPF', 'RTP/SAVPF') });
  expect((await other.createAnswer()).sdp).toMatch(/^m=audio 9 RTP\/SAVPF 111/mu);
});

test('a line that does not say which way it goes goes both', async () => {
  const [one, other] = pair();
  one.addTransceiver('audio');
  const { sdp = '' } = await one.createOffer();
  await other.setRemoteDescription({ type: 'offer', sdp: sdp.replace('a=sendrecv\r\n', '') });
  expect((await other.createAnswer()).sdp).toContain('a=recvonly\r\n');
});

test('a line that is neither sound, picture nor data is rejected, and the others are not', async () => {
  const [one, other] = pair();
  one.addTransceiver('audio');
  one.addTransceiver('video');
  const { sdp = '' } = await one.createOffer();
  await other.setRemoteDescription({ type: 'offer', sdp: sdp.replace('m=audio', 'm=unicorns') });
  expect(other.getTransceivers().map(({ receiver }) => receiver.track.kind)).toEqual(['video']);
  const answer = await other.createAnswer();
  expect(answer.sdp).toMatch(/^m=unicorns 0 UDP\/TLS\/RTP\/SAVPF 111\r$/mu);
  expect(answer.sdp).toMatch(/^m=video 9 /mu);
  await other.setLocalDescription(answer);
});

test('a line keeps the name that the other side gave it, whatever it is', async () => {
  const [one, other] = pair();
  one.addTransceiver('audio');
  const { sdp = '' } = await one.createOffer();
  const { mid } = /a=mid:(?<mid>\S+)/u.exec(sdp)?.groups ?? {};
  const told = event<RTCPeerConnectionIceEvent>(other, 'icecandidate');
  await other.setRemoteDescription({ type: 'offer', sdp: sdp.replaceAll(mid ?? '', 'unnamed0') });
  await other.setLocalDescription();
  expect(other.localDescription?.sdp).toContain('a=mid:unnamed0\r\n');
  expect((await told).candidate?.sdpMid).toBe('unnamed0');
});
