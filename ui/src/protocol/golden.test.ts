// The examples of crates/protocol/golden, which the Rust side reads too: both read and say the same.

import { describe, expect, test } from 'vitest';
import { decodeServerFrame } from './decode';
import type { ClientFrame } from './messages';

const files = import.meta.glob<string>('../../../crates/protocol/golden/*.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const examples = Object.entries(files).map(([path, text]) => ({ name: path.split('/').at(-1)!, text }));
const named = (prefix: string) => examples.filter(({ name }) => name.startsWith(prefix));

const entrant = {
  name: 'Ada',
  role: 'participant',
  capabilities: ['audio', 'video'],
  state: { microphone: true, camera: false },
} as const;
const token = '00112233445566778899aabbccddeeff';

/** Written by hand, so that the compiler and the examples check the generated types. */
const said: Record<string, ClientFrame> = {
  'client-hello': { ack: 0, message: { type: 'hello', versions: [1] } },
  'client-hello-token': { ack: 0, message: { type: 'hello', versions: [1, 2], token } },
  'client-hello-code': { ack: 0, message: { type: 'hello', versions: [1], code: token } },
  'client-create': { ack: 0, message: { type: 'create', ...copy(entrant), capacity: 4 } },
  'client-create-observer': {
    ack: 0,
    message: { type: 'create', ...copy(entrant), name: 'Window', role: 'observer' },
  },
  'client-join': { ack: 0, message: { type: 'join', ...copy(entrant), colour: 'teal', room: '482193775' } },
  'client-join-at': {
    ack: 0,
    message: { type: 'join', ...copy(entrant), colour: 'teal', room: '482193775', at: '192.0.2.7:7443' },
  },
  'client-join-reload': {
    ack: 0,
    message: { type: 'join', ...copy(entrant), room: '482193775', resume: { token } },
  },
  'client-join-resume': {
    ack: 0,
    message: { type: 'join', ...copy(entrant), room: '482193775', resume: { token, received: 17 } },
  },
  'client-leave': { seq: 9, ack: 4, message: { type: 'leave' } },
  'client-pong': { ack: 5, message: { type: 'pong' } },
  'client-state': { seq: 3, ack: 2, message: { type: 'state', microphone: false, camera: true } },
  'client-state-screen': {
    seq: 4,
    ack: 2,
    message: { type: 'state', microphone: true, camera: true, screen: true },
  },
  'client-hand': { seq: 5, ack: 3, message: { type: 'hand', raised: true } },
  'client-react': { ack: 3, message: { type: 'react', reaction: 'thumbs-up' } },
  'client-vouch': { ack: 7, message: { type: 'vouch', participant: 2 } },
  'client-signal-description': {
    seq: 1,
    ack: 2,
    message: {
      type: 'signal',
      to: 2,
      session: 1,
      signal: { description: { type: 'offer', sdp: 'v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\n' } },
    },
  },
  'client-signal-candidate': {
    seq: 2,
    ack: 2,
    message: {
      type: 'signal',
      to: 2,
      signal: {
        candidate: {
          candidate: 'candidate:1 1 udp 2122260223 192.0.2.7 49152 typ host',
          sdpMid: '0',
          sdpMLineIndex: 0,
          usernameFragment: 'Yx4z',
        },
      },
    },
  },
};

function copy(entrance: typeof entrant) {
  return { ...entrance, capabilities: [...entrance.capabilities] };
}

test('a colour of a newer version is none', () => {
  const joined = examples.find(({ name }) => name === 'server-joined.json')?.text ?? '';
  const strange = decodeServerFrame(joined.replace('"teal"', '"ultraviolet"'))?.message;
  expect(strange).toMatchObject({ type: 'joined' });
  expect(strange).not.toHaveProperty('participant.colour');
});

test('every example is read by one side', () => {
  expect(examples.length).toBeGreaterThan(25);
  expect(named('server-').length + named('client-').length).toBe(examples.length);
});

test.each(named('server-'))('reads and says again $name', ({ text }) => {
  expect(decodeServerFrame(text)).toEqual(JSON.parse(text));
});

test.each(named('client-'))('says $name', ({ name, text }) => {
  expect(said[name.replace('.json', '')]).toEqual(JSON.parse(text));
});

describe('what no server of this version says', () => {
  test.each([
    '',
    'null',
    '[]',
    '"text"',
    '{',
    '{"seq":-1,"ack":0}',
    '{"seq":1.5}',
    '{"seq":"1"}',
    '['.repeat(1e5),
  ])('is no frame: %.20s', (text) => {
    expect(decodeServerFrame(text)).toBeNull();
  });

  test('a huge frame is not read', () => {
    expect(decodeServerFrame(`{"ack":0,"message":{"type":"ping"},"x":"${'x'.repeat(2 ** 20)}"}`)).toBeNull();
  });

  test.each([
    ['an unknown message', { type: 'weather' }],
    ['no message', undefined],
    ['a wrong type', { type: 'reconnecting', participant: '3' }],
    ['a missing field', { type: 'joined', participant: { id: 1 } }],
    ['an unknown variant', { type: 'left', participant: 3, reason: 'bored' }],
    [
      'a link that is not https',
      { type: 'invite', invite: { link: 'javascript:alert(1)', fingerprint: '' } },
    ],
    ['an unknown reaction', { type: 'reaction', participant: 3, reaction: 'yawn' }],
    ['a list without end', { type: 'joined', participant: { capabilities: Array(1000).fill('') } }],
  ])('%s is counted and left alone', (_what, message) => {
    expect(decodeServerFrame(JSON.stringify({ seq: 7, ack: 3, message }))).toEqual({
      seq: 7,
      ack: 3,
      message: null,
    });
  });

  test('what is new in a known message is left out', () => {
    const text = '{"ack":0,"new":1,"message":{"type":"error","code":"new-code","message":"m","new":{"a":1}}}';
    expect(decodeServerFrame(text)).toEqual({
      ack: 0,
      message: { type: 'error', code: 'internal', message: 'm' },
    });
  });
});
