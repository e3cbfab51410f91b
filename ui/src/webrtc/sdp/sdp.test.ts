// What comes from the other side is hostile: whatever it is, it is read or refused with the right error, in bounded
// time. Texts by chance, from seeds.

import { beforeAll, describe, expect, test } from 'vitest';
import { seeded } from '../../call/testing/random';
import { installDouble } from '../testing/page';
import { parseCandidate } from './candidate';
import { Sdp, SdpSyntaxError } from './sdp';
import { directionOf, intersection, receives, reversed, sends } from './section';

const ROUNDS = 3000;

const HEAD = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
const AUDIO = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuv',
  'a=mid:0',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=recvonly',
  'a=msid:one t1',
  'a=msid:two t1',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10',
  'a=candidate:1 1 udp 2130706175 192.0.2.1 50000 typ host',
  '',
].join('\r\n');

describe('a description', () => {
  test('is kept as it is, and understood', () => {
    const sdp = Sdp.parse(HEAD + AUDIO);
    expect(sdp.toString()).toBe(HEAD + AUDIO);
    const [section] = sdp.sections;
    expect(section).toMatchObject({
      kind: 'audio',
      mid: '0',
      direction: 'recvonly',
      streams: ['one', 'two'],
      ufrag: 'abcd',
      isRejected: false,
      candidates: ['candidate:1 1 udp 2130706175 192.0.2.1 50000 typ host'],
      codecs: [
        {
          payloadType: 111,
          mimeType: 'audio/opus',
          clockRate: 48000,
          channels: 2,
          sdpFmtpLine: 'minptime=10',
        },
      ],
      extensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4 }],
    });
  });

  test.each([
    ['', 1],
    ['v=1\r\no=-\r\ns=-\r\nt=0 0\r\n', 1],
    ['v=0\r\ns=-\r\nt=0 0\r\n', 2],
    [`${HEAD}nonsense\r\n`, 5],
    [`${HEAD}m=audio nine UDP/TLS/RTP/SAVPF 111\r\n`, 5],
    [`${HEAD}a=\r\n`, 5],
  ])('%j is refused at line %d', (text, line) => {
    expect(() => Sdp.parse(text)).toThrow(expect.objectContaining({ line }));
  });

  test('is refused if it is too long or has too many lines', () => {
    expect(() => Sdp.parse(`${HEAD}a=${'x'.repeat(600_000)}\r\n`)).toThrow(SdpSyntaxError);
    expect(() => Sdp.parse(HEAD + AUDIO.repeat(257))).toThrow(SdpSyntaxError);
  });
});

/** A piece of a description, or what is none, by chance. */
function mutate(text: string, random: () => number): string {
  const pieces = [
    '\r\n',
    'm=video 0 X 0',
    'a=mid:',
    'a=mid:0',
    '\0',
    '😀',
    '9'.repeat(40),
    'a=sendrecv',
    '=',
    ' ',
  ];
  const at = () => Math.floor(random() * text.length);
  let mutated = text;
  for (let count = Math.floor(random() * 6); count >= 0; count -= 1) {
    const from = at();
    const piece =
      random() < 0.5 ? pieces[Math.floor(random() * pieces.length)] : text.slice(at()).slice(0, 60);
    mutated = mutated.slice(0, from) + (piece ?? '') + mutated.slice(from + Math.floor(random() * 20));
  }
  return mutated;
}

describe('whatever the other side says', () => {
  beforeAll(() => void installDouble());

  test('a parser reads it or refuses it', () => {
    const random = seeded(11);
    for (let round = 0; round < ROUNDS; round += 1) {
      const text = mutate(HEAD + AUDIO + AUDIO.replace('a=mid:0', 'a=mid:1'), random);
      try {
        const sdp = Sdp.parse(text);
        for (const section of sdp.sections) {
          void [section.codecs, section.extensions, section.streams, section.candidates, section.setup];
        }
        expect(Sdp.parse(sdp.toString()).toString()).toBe(sdp.toString());
      } catch (error) {
        if (!(error instanceof SdpSyntaxError)) throw error;
      }
    }
  });

  test('a connection takes it or rejects with an error that is named', async () => {
    const random = seeded(12);
    const other = new RTCPeerConnection();
    other.addTransceiver('audio');
    other.createDataChannel('x');
    const { sdp = '' } = await other.createOffer();
    const names = ['OperationError', 'InvalidAccessError', 'InvalidStateError'];
    for (let round = 0; round < ROUNDS / 10; round += 1) {
      const connection = new RTCPeerConnection();
      const outcome = await connection
        .setRemoteDescription({ type: 'offer', sdp: mutate(sdp, random) })
        .then(() => connection.setLocalDescription())
        .catch((error: unknown) => error);
      if (outcome !== undefined) {
        expect(outcome).toBeInstanceOf(DOMException);
        expect(names).toContain((outcome as DOMException).name);
      }
      connection.close();
    }
  });

  test('a candidate is read or is none', () => {
    const random = seeded(13);
    const good = 'candidate:1 1 udp 2130706175 192.0.2.1 50000 typ srflx raddr 10.0.0.1 rport 5 ufrag abcd';
    expect(parseCandidate(good)).toMatchObject({ relatedPort: 5, usernameFragment: 'abcd', type: 'srflx' });
    for (let round = 0; round < ROUNDS; round += 1) {
      const fields = parseCandidate(mutate(good, random));
      if (fields) expect(fields.port).toBeLessThanOrEqual(65535);
    }
    expect(parseCandidate(`${good}${' a b'.repeat(10_000)}`)).toBeNull();
  });
});

test('directions are reversed and met', () => {
  expect(reversed('sendonly')).toBe('recvonly');
  expect(intersection('sendrecv', 'recvonly')).toBe('recvonly');
  for (const direction of ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const) {
    expect(directionOf(sends(direction), receives(direction))).toBe(direction);
    expect(reversed(reversed(direction))).toBe(direction);
  }
});
