import { describe, expect, test } from 'vitest';
import { parseFragment, parseRoomInput } from './room-input';

const ROOM = '482193775';
const link = (origin: string) => ({ kind: 'link', origin, room: ROOM });

test.each(['', '   ', '\u200b\n'])('nothing was typed: %j', (typed) => {
  expect(parseRoomInput(typed)).toEqual({ kind: 'empty' });
});

test.each([
  '482193775',
  ' 482 193 775 ',
  '482-193-775',
  '482\u00a0193\u2009775',
  '482\u2011193\u2013775',
  '\ufeff482193775\u200b',
  '４８２ １９３ ７７５',
  'visavis:482193775',
  'VISAVIS:482-193-775',
  'visavis://482193775/',
])('an ID: %j', (typed) => {
  expect(parseRoomInput(typed)).toEqual({ kind: 'room', room: ROOM });
});

test('an ID keeps its leading zeros', () => {
  expect(parseRoomInput('000 000 042')).toEqual({ kind: 'room', room: '000000042' });
});

test.each([
  ['https://192.0.2.7:7443/#482193775', 'https://192.0.2.7:7443'],
  ['HTTPS://192.0.2.7:7443/#482193775', 'https://192.0.2.7:7443'],
  ['https://192.0.2.7:7443#482193775', 'https://192.0.2.7:7443'],
  ['https://ada.local:7443/#482%20193%20775', 'https://ada.local:7443'],
  ['https://[2001:db8::1]:7443/#room=482193775', 'https://[2001:db8::1]:7443'],
  ['192.0.2.7:7443 482 193 775', 'https://192.0.2.7:7443'],
  ['192.0.2.7:7443/#482193775', 'https://192.0.2.7:7443'],
  ['192.0.2.7:7443/482-193-775', 'https://192.0.2.7:7443'],
  ['192.0.2.7:7443, 482 193 775', 'https://192.0.2.7:7443'],
  ['[2001:DB8::1]:7443 482193775', 'https://[2001:db8::1]:7443'],
  ['ada.local:7443 482193775', 'https://ada.local:7443'],
  ['visavis://192.0.2.7:7443/#482193775', 'https://192.0.2.7:7443'],
])('a room on a host: %s', (typed, origin) => {
  expect(parseRoomInput(typed)).toEqual(link(origin));
});

test.each([
  '48219377',
  '4821937755',
  '482.193.775',
  '48219377a',
  '٤٨٢١٩٣٧٧٥',
  'hello',
  'javascript:482193775',
  'javascript:1 482193775',
  'javascript://192.0.2.7:7443/#482193775',
  'data:text/html,<script>#482193775',
  'http://192.0.2.7:7443/#482193775',
  'file:///etc/passwd#482193775',
  'https://192.0.2.7:7443/',
  'https://192.0.2.7:7443/#48219377',
  'https://192.0.2.7:7443/path#482193775',
  'https://user:secret@192.0.2.7:7443/#482193775',
  'https://192.0.2.7:99999/#482193775',
  'https://#482193775',
  '192.0.2.7:99999 482193775',
  '192.0.2.7 482193775',
  '[::1:7443 482193775',
  'visavis:',
  'visavis:javascript:alert(1)',
  'visavis://',
  '1'.repeat(1_000_000),
])('neither: %.60s', (typed) => {
  expect(parseRoomInput(typed)).toEqual({ kind: 'invalid' });
});

describe('the fragment of an address', () => {
  test.each([
    ['', { room: null, token: null, code: null }],
    ['#482193775', { room: ROOM, token: null, code: null }],
    ['#token=abc', { room: null, token: 'abc', code: null }],
    ['#room=482193775&token=abc', { room: ROOM, token: 'abc', code: null }],
    ['#room=482193775&code=def', { room: ROOM, token: null, code: 'def' }],
    ['#room=nonsense', { room: null, token: null, code: null }],
    ['#%E0%A4%A', { room: null, token: null, code: null }],
  ])('%s', (fragment, asked) => {
    expect(parseFragment(fragment)).toEqual(asked);
  });
});
