// Bad input on the socket: a clear error, nothing lost, and nobody else disturbed.

import assert from 'node:assert/strict';
import test from 'node:test';
import { startServer } from '../harness/server.mjs';
import { Client, upgradeStatus } from '../harness/wire.mjs';

/** A longer message is refused. */
const MESSAGE_BYTES = 65_536;
/** A longer one is not even read. */
const READ_BYTES = 1_048_576;

/** @param {string} inner */
const join = (inner) => `{"message":{"type":"join",${inner}}}`;

/** What is refused with an error while the connection goes on, before a room is joined. @type {[string | Buffer, string][]} */
const REFUSED = [
  ['', 'malformed-json'],
  ['nonsense', 'malformed-json'],
  ['{"message":{"type":"join","room":"4821', 'malformed-json'],
  ['{"message":{"type":"leave"}} {}', 'malformed-json'],
  ['['.repeat(60_000), 'malformed-json'],
  [`{"message":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`, 'malformed-json'],
  [Buffer.from([0, 159, 146, 150]), 'not-text'],
  [Buffer.from('{"message":{"type":"leave"}}'), 'not-text'],
  ['null', 'invalid-field'],
  ['[]', 'invalid-field'],
  ['{}', 'invalid-field'],
  ['{"message":5}', 'invalid-field'],
  ['{"message":{"type":5}}', 'invalid-field'],
  ['{"seq":-1,"message":{"type":"leave"}}', 'invalid-field'],
  ['{"seq":1e400,"message":{"type":"leave"}}', 'malformed-json'],
  ['{"ack":"x","message":{"type":"leave"}}', 'invalid-field'],
  [join('"room":482193775,"name":"A"'), 'invalid-field'],
  [join('"room":"48219377","name":"A"'), 'invalid-field'],
  [join('"room":"48219377\u0663","name":"A"'), 'invalid-field'],
  [join('"room":"482193775"'), 'invalid-field'],
  [join('"room":"482193775","name":""'), 'invalid-field'],
  [join('"room":"482193775","name":"a\\u202eb"'), 'invalid-field'],
  [join('"room":"482193775","name":"a\\u0000b"'), 'invalid-field'],
  [join('"room":"482193775","name":"\\ud800"'), 'malformed-json'],
  [join(`"room":"482193775","name":"${'x'.repeat(60_000)}"`), 'invalid-field'],
  [join(`"room":"482193775","name":"${'x'.repeat(1_000_000)}"`), 'too-large'],
  [' '.repeat(MESSAGE_BYTES + 1), 'too-large'],
  [join('"room":"482193775","name":"A","role":"king"'), 'invalid-field'],
  [join('"room":"482193775","name":"A","state":{"microphone":"yes","camera":true}'), 'invalid-field'],
  [
    join(`"room":"482193775","name":"A","capabilities":${JSON.stringify(Array(17).fill('audio'))}`),
    'invalid-field',
  ],
  ['{"message":{"type":"dance"}}', 'unknown-message'],
  ['{"message":{"type":"create","name":"A"}}', 'not-allowed'],
  ['{"message":{"type":"state","microphone":true,"camera":true}}', 'not-joined'],
  ['{"message":{"type":"leave"}}', 'not-joined'],
  ['{"message":{"type":"signal","to":1,"signal":{"candidate":{"candidate":""}}}}', 'not-joined'],
];

/** What ends the connection, with its code and close code; sent after a hello and a join. @type {[string, string, number][]} */
const FATAL = [
  [' '.repeat(READ_BYTES + 1), 'too-large', 1009],
  ['x'.repeat(20_000_000), 'too-large', 1009],
  ['{"seq":7,"message":{"type":"state","microphone":true,"camera":true}}', 'sequence-gap', 4400],
];

/** @param {string} name */
const offer = (name) => ({ description: { type: 'offer', sdp: `v=0\r\ns=${name}\r\n` } });

test('each bad message gets its code and the connection goes on', async (t) => {
  const server = await startServer(t, 'host');
  const client = await Client.connect(t, server.link);
  client.say({ type: 'hello', versions: [1] });
  await client.hears('hello');
  for (const [data, code] of REFUSED) {
    client.sayRaw(data);
    const error = await client.hears('error');
    assert.equal(error.code, code, String(data).slice(0, 100));
    assert.match(error.message, /\.$/, 'with a sentence');
    assert.ok(JSON.stringify(error).length < 1_000);
  }
  client.say({ type: 'join', room: server.room, name: 'Ada' });
  assert.equal((await client.hears('welcome')).participants.length, 1);
  assert.equal((await server.status()).errors, REFUSED.length);
});

test('what breaks the protocol ends only the connection that did it', async (t) => {
  const server = await startServer(t, 'host');
  const [ada, bob] = [await Client.joined(t, server.link, 'Ada'), await Client.joined(t, server.link, 'Bob')];
  for (const [data, code, close] of FATAL) {
    const bad = await Client.joined(t, server.link, 'Eve');
    bad.sayRaw(data);
    assert.equal(await bad.isRefused(), code);
    assert.equal(await bad.isClosed(), close);
  }
  const greeting = async (/** @type {object} */ message) => {
    const client = await Client.connect(t, server.link);
    client.say(message);
    return [await client.isRefused(), await client.isClosed()];
  };
  assert.deepEqual(await greeting({ type: 'leave' }), ['hello-expected', 4400]);
  assert.deepEqual(await greeting({ type: 'hello', versions: [99] }), ['version-mismatch', 4406]);
  assert.deepEqual(await greeting({ type: 'hello', versions: [1], token: 'wrong' }), ['wrong-token', 4401]);
  assert.deepEqual(await greeting({ type: 'hello', versions: [1], code: 'wrong' }), ['wrong-token', 4401]);

  ada.say({ type: 'signal', to: bob.welcome.you, signal: offer('hello') });
  const heard = await bob.hears('signal');
  assert.deepEqual([heard.from, heard.signal], [ada.welcome.you, offer('hello')]);
});

test('in a room, too, each bad message gets its code, and those around it arrive in order', async (t) => {
  const server = await startServer(t, 'host');
  const [ada, bob] = [await Client.joined(t, server.link, 'Ada'), await Client.joined(t, server.link, 'Bob')];
  const candidate = { candidate: { candidate: 'x'.repeat(3_000) } };
  const { you } = ada.welcome;
  /** @type {[object, string][]} */
  const bad = [
    [{ type: 'join', room: server.room, name: 'Ada' }, 'already-joined'],
    [{ type: 'signal', to: 99, signal: offer('nobody') }, 'unknown-participant'],
    [{ type: 'signal', to: you, signal: offer('oneself') }, 'unknown-participant'],
    [{ type: 'signal', to: 'Bob', signal: offer('by name') }, 'invalid-field'],
    [{ type: 'signal', to: bob.welcome.you, signal: candidate }, 'invalid-field'],
    [{ type: 'signal', to: bob.welcome.you, signal: { description: { type: 'offer' } } }, 'invalid-field'],
    [
      { type: 'signal', to: bob.welcome.you, signal: { description: { type: 'hello', sdp: '' } } },
      'invalid-field',
    ],
    [{ type: 'state', microphone: 1, camera: true }, 'invalid-field'],
    [{ type: 'dance' }, 'unknown-message'],
  ];
  let seq = 0;
  for (const [message, code] of bad) {
    ada.say({ type: 'signal', to: bob.welcome.you, signal: offer(code) }, { seq: ++seq });
    ada.say(message, code === 'already-joined' ? {} : { seq: ++seq });
    assert.equal(await ada.isRefused(), code, JSON.stringify(message).slice(0, 100));
  }
  for (const [, code] of bad) assert.deepEqual((await bob.hears('signal')).signal, offer(code));
});

test('what is said to a lost participant arrives in order when it comes back', async (t) => {
  const server = await startServer(t, 'host');
  const [ada, bob] = [await Client.joined(t, server.link, 'Ada'), await Client.joined(t, server.link, 'Bob')];
  bob.socket.terminate();
  await ada.hears('reconnecting');
  const words = ['one', 'two', 'three'];
  for (const word of words) ada.say({ type: 'signal', to: bob.welcome.you, signal: offer(word) });
  const again = await Client.connect(t, server.link);
  again.say({ type: 'hello', versions: [1] });
  const resume = { token: bob.welcome.resume, received: 0 };
  again.say({ type: 'join', room: server.room, name: 'Bob', resume });
  assert.equal((await again.hears('welcome')).continued, true);
  for (const word of words) assert.deepEqual((await again.hears('signal')).signal, offer(word));
  await ada.hears('resumed');
});

test('a reader that acknowledges nothing is cut off, and its sender never waits', async (t) => {
  const server = await startServer(t, 'host');
  const ada = await Client.joined(t, server.link, 'Ada');
  const slow = await Client.joined(t, server.link, 'Slow', { acknowledges: false });
  for (let n = 0; n < 5_000; n++) ada.say({ type: 'signal', to: slow.welcome.you, signal: offer(String(n)) });
  assert.equal(await slow.isClosed(), 4429);
  const bob = await Client.joined(t, server.link, 'Bob');
  ada.say({ type: 'signal', to: bob.welcome.you, signal: offer('still here') });
  assert.deepEqual((await bob.hears('signal')).signal, offer('still here'));
});

test('guessing room IDs costs more and more time', async (t) => {
  const server = await startServer(t, 'host');
  const guesser = await Client.connect(t, server.link);
  guesser.say({ type: 'hello', versions: [1] });
  const codes = [];
  for (let guess = 0; guess < 7; guess++) {
    guesser.say({ type: 'join', room: `11122233${guess}`, name: 'Eve' });
    const error = await guesser.hears('error');
    codes.push(error.code);
    if (error.code === 'try-later') assert.ok(error.retryAfterMs > 0);
  }
  assert.deepEqual(codes.slice(0, 5), Array(5).fill('unknown-room'));
  assert.ok(codes.includes('try-later'), codes.join());
});

test('only pages of this server may open a socket', async (t) => {
  const server = await startServer(t, 'host');
  for (const page of [server.link, server.local]) {
    const { origin, host } = new URL(page);
    assert.equal(await upgradeStatus(page, { Origin: origin }), 101);
    for (const headers of [
      {},
      { Origin: 'null' },
      { Origin: 'https://example.org' },
      { Origin: origin.replace(/\d+$/, '1') },
      { Origin: `${origin}.example.org` },
      { Origin: origin, Host: 'example.org' },
      { Origin: origin, Host: host.replace(/:\d+$/, '') },
      { Origin: origin, Host: host.replace(/^.*:/, 'localhost.example.org:') },
    ]) {
      assert.equal(await upgradeStatus(page, /** @type {{}} */ (headers)), 403, JSON.stringify(headers));
    }
  }
  assert.equal(await upgradeStatus(server.local, { Origin: 'tauri://localhost' }), 101);
  assert.equal(await upgradeStatus(server.link, { Origin: 'tauri://localhost' }), 403);
});
