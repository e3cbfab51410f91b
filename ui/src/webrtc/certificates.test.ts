// What a connection shows for itself, and what it was shown (W3C webrtc-pc, sections 4.9 and 5.5).

import { beforeAll, expect, test } from 'vitest';
import { event, exchangeCandidates, installDouble, offerAndAnswer } from './testing/page';

beforeAll(() => void installDouble());

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };

function generate(algorithm: unknown = P256): Promise<RTCCertificate> {
  return RTCPeerConnection.generateCertificate(algorithm as AlgorithmIdentifier);
}

const named = (name: string) => expect.objectContaining({ name });

const hex = (bytes: ArrayBuffer | undefined) =>
  Array.from(new Uint8Array(bytes ?? new ArrayBuffer()), (byte) => byte.toString(16).padStart(2, '0')).join(
    ':',
  );

test('a connection shows the certificate that the page gave it', async () => {
  const [first, second] = await Promise.all([generate(), generate()]);
  const one = new RTCPeerConnection({ certificates: [first, second] });
  const other = new RTCPeerConnection();
  exchangeCandidates(one, other);
  one.createDataChannel('notes');
  await offerAndAnswer(one, other);
  const [fingerprint] = first.getFingerprints();
  expect(fingerprint?.algorithm).toBe('sha-256');
  expect(fingerprint?.value).toMatch(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/u);
  const told = [first, second].map((certificate) => certificate.getFingerprints()[0]?.value?.toUpperCase());
  expect(one.localDescription?.sdp.match(/(?<=^a=fingerprint:sha-256 ).*(?=\r$)/gmu)).toEqual(told);
  const transport = other.sctp?.transport;
  expect(transport?.getRemoteCertificates()).toEqual([]);
  await event(transport as RTCDtlsTransport, 'statechange', () => transport?.state === 'connected');
  // The double's certificate is what it takes for a fingerprint.
  expect(transport?.getRemoteCertificates().map(hex)).toEqual([fingerprint?.value]);
  expect(one.getConfiguration().certificates).toEqual([first, second]);
});

test('an expired certificate is refused, and cannot be exchanged for another', async () => {
  const [expired, valid, another] = await Promise.all([
    generate({ ...P256, expires: 0 }),
    generate({ ...P256, expires: 1000 }),
    generate(),
  ]);
  expect(() => new RTCPeerConnection({ certificates: [expired] })).toThrow(named('InvalidAccessError'));
  const connection = new RTCPeerConnection({ certificates: [valid] });
  connection.setConfiguration({ certificates: [valid] });
  connection.setConfiguration({});
  expect(connection.getConfiguration().certificates).toEqual([valid]);
  for (const certificates of [[another], [valid, another]]) {
    expect(() => connection.setConfiguration({ certificates })).toThrow(named('InvalidModificationError'));
  }
  const forged = Object.create(RTCCertificate.prototype) as RTCCertificate;
  expect(() => new RTCPeerConnection({ certificates: [forged] })).toThrow(TypeError);
});

test('a certificate is valid for 30 days, and for a year at most', async () => {
  const day = 86_400_000;
  const now = Date.now();
  const days = async (algorithm: unknown) => ((await generate(algorithm)).expires - now) / day;
  expect(await days(P256)).toBeCloseTo(30, 2);
  expect(await days({ ...P256, name: 'ecdsa', expires: 1000 * day })).toBeCloseTo(365, 2);
});

test.each([
  ['no name', {}, 'TypeError'],
  ['no curve', { name: 'ECDSA' }, 'TypeError'],
  ['a life of less than nothing', { ...P256, expires: -1 }, 'TypeError'],
  ['another curve', { name: 'ECDSA', namedCurve: 'P-384' }, 'NotSupportedError'],
  ['a name that is none', 'nonsense', 'NotSupportedError'],
])('a certificate with %s is refused', async (_, algorithm, error) => {
  await expect(generate(algorithm)).rejects.toThrow(named(error));
});
