// The network of several hosts that tests are made of: what it passes, and what it can be told to drop.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import test from 'node:test';
import { afterwards } from '../harness/afterwards.mjs';
import { Host, Lan } from '../harness/lan.mjs';
import { end, hasEnded } from '../harness/programs.mjs';
import { until } from '../harness/until.mjs';

/** How long a connection may take that is not to come about, in ms: far longer than one that does. */
const SILENCE = 1_000;

test('hosts reach each other, one by one and all at once, until the network drops it', async (t) => {
  const { lan, a, b, c } = await Lan.make(t, { hosts: ['a', 'b', 'c'] });
  const [atA, atB] = [await listen(t, a), await listen(t, b)];
  assert.deepEqual(await reach(b, a.address(), atA.port), { from: b.address() });
  assert.deepEqual(await reach(a, b.address(), atB.port), { from: a.address() });

  lan.cutTcp(a, b);
  assert.equal(await reach(b, a.address(), atA.port), null, 'not from b to a');
  assert.equal(await reach(a, b.address(), atB.port), null, 'nor back');
  assert.ok(await reach(c, a.address(), atA.port), 'others are not cut off');
  shout(b, `send ${a.address()} 7000`);
  await until('UDP goes on', () => atA.heard().includes(b.address()));
  lan.mendTcp(a, b);
  assert.ok(await reach(b, a.address(), atA.port));

  shout(c, 'multicast');
  await until('a multicast is heard', () => atA.heard().includes(`${c.address()} multicast`));
  lan.dropMulticast();
  shout(b, 'multicast');
  shout(b, `send ${a.address()} 7000 later`);
  await until('what was sent later is heard', () => atA.heard().includes(`${b.address()} later`));
  assert.ok(!atA.heard().includes(`${b.address()} multicast`), 'a multicast is not');
  lan.passMulticast();
  shout(b, 'multicast');
  await until('a multicast is heard again', () => atA.heard().includes(`${b.address()} multicast`));
});

test('a host has another address, a second network, and a way out that is watched', async (t) => {
  const { lan, a, b } = await Lan.make(t, { hosts: ['a', 'b'] });
  const atA = await listen(t, a);
  const before = a.address();
  a.move('10.79.0.77');
  assert.equal(a.address(), '10.79.0.77');
  assert.ok(await reach(b, '10.79.0.77', atA.port));
  assert.equal(await reach(b, before, atA.port), null);

  const { lan: other, d } = await Lan.make(t, { hosts: ['d'], subnet: '10.80.0' });
  assert.equal(await reach(d, a.address(), atA.port), null, 'networks do not reach each other');
  other.join(a);
  assert.deepEqual([a.address(lan), a.address(other)], ['10.79.0.77', '10.80.0.2']);
  assert.ok(await reach(d, a.address(other), atA.port));
  assert.equal(await reach(d, b.address(), atA.port), null, 'a host is no router');

  const sink = await b.openSink();
  assert.ok(await reach(b, a.address(), atA.port));
  shout(b, 'multicast');
  assert.deepEqual(sink.destinations(), [], 'what stays on the network is not noted');
  shout(b, 'send 192.0.2.1 7000');
  shout(b, 'send 2001:db8::1 7001');
  await until('two packets have left', () => sink.destinations().length === 2);
  assert.deepEqual(sink.destinations(), ['192.0.2.1 udp 7000', '2001:db8::1 udp 7001']);
});

test('a port of a host can be reached from here', async (t) => {
  const host = await Host.make(t, 'alone');
  const { port } = await listen(t, host);
  const [answer] = await once(http.get(`http://127.0.0.1:${await host.doorTo(port)}/`), 'response');
  let body = '';
  for await (const part of answer) body += part;
  assert.deepEqual(JSON.parse(body), { from: '127.0.0.1' });
});

/** A host that tells who connects, and notes what UDP it hears. @param {import('node:test').TestContext} t @param {Host} host */
async function listen(t, host) {
  const script = `
    const note = (socket) =>
      socket.on('message', (message, { address }) => console.log(address.replace('::ffff:', '') + ' ' + message));
    note(require('node:dgram').createSocket('udp4')).bind(7000);
    const group = note(require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true }));
    if (${host.placed}) group.bind(5353, () => group.addMembership('224.0.0.251', '${host.placed && host.address()}'));
    require('node:http')
      .createServer((request, response) => response.end(JSON.stringify({ from: request.socket.remoteAddress })))
      .listen(0, '0.0.0.0', function () { console.log('port ' + this.address().port); });`;
  const listener = host.start('node', ['-e', script]);
  afterwards(t, () => end(listener));
  const found = () => /port (\d+)\n/.exec(listener.output)?.[1];
  await until('the listener listens', () => found() || hasEnded(listener));
  assert.ok(!hasEnded(listener), listener.errors);
  return { port: Number(found()), heard: () => listener.output };
}

/** What the listener at this address answers, or nothing. @param {Host} from @param {string} address @param {number} port */
async function reach(from, address, port) {
  const script = `
    fetch('http://${address}:${port}', { signal: AbortSignal.timeout(${SILENCE}) })
      .then((answer) => answer.text())
      .then(console.log, () => console.log('null'))
      .then(() => process.exit());`;
  const asker = from.start('node', ['-e', script]);
  await once(asker, 'close');
  return JSON.parse(asker.output);
}

/** Sends a datagram: `send ADDRESS PORT [TEXT]`, or `multicast`. @param {Host} from @param {string} what */
function shout(from, what) {
  const [how = '', address = '224.0.0.251', port = '5353', text = how] = what.split(' ');
  const script = `
    const socket = require('node:dgram').createSocket('${address.includes(':') ? 'udp6' : 'udp4'}');
    socket.bind(0, () => {
      if (${how === 'multicast'}) socket.setMulticastInterface('${from.address()}');
      socket.send('${text}', ${port}, '${address}', () => socket.close());
    });`;
  from.run('node', '-e', script);
}
