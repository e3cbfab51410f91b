// What docs/native-peer.md lists as not implemented says so, and nothing there passes in silence.

import { beforeAll, expect, test } from 'vitest';
import { TrackDouble } from './testing/media-double';
import { event, exchangeCandidates, installDouble, offerAndAnswer } from './testing/page';

const [page = ''] = Object.values(
  import.meta.glob<string>('../../../docs/native-peer.md', { query: '?raw', import: 'default', eager: true }),
);

beforeAll(() => void installDouble());

const track = () => new TrackDouble('audio') as unknown as MediaStreamTrack;

async function connected(): Promise<[RTCPeerConnection, RTCPeerConnection]> {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  exchangeCandidates(one, other);
  one.addTrack(track());
  one.createDataChannel('notes');
  const done = event(one, 'connectionstatechange', () => one.connectionState === 'connected');
  await offerAndAnswer(one, other);
  await done;
  return [one, other];
}

/** Each by what the list calls it. */
const USES: Record<string, () => unknown> = {
  'RTCPeerConnection.generateCertificate()': () =>
    RTCPeerConnection.generateCertificate({
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    } as AlgorithmIdentifier),
  'Rolling back an offer of the other side': async () => {
    const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
    one.addTrack(track());
    await one.setLocalDescription();
    await other.setRemoteDescription(one.localDescription as RTCSessionDescription);
    await other.createAnswer();
    await other.setRemoteDescription({ type: 'rollback' });
  },
  'RTCDataChannel.send()` of an empty message': async () => {
    const [one] = await connected();
    const channel = one.createDataChannel('more');
    await event(channel, 'open');
    channel.send('');
  },
};

test.each(Object.entries(USES))('%s', async (_, use) => {
  await expect((async () => use())()).rejects.toThrow(expect.objectContaining({ name: 'NotSupportedError' }));
});

test('each is on the list, and the list has no more', () => {
  const list = /NotSupportedError`:\n\n((?:- .*\n)+)/u.exec(page)?.[1] ?? '';
  for (const use of Object.keys(USES)) expect(list).toContain(use);
  expect(list.split('\n- ')).toHaveLength(3);
});
