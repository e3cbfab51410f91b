// What the server does on HTTP, and with connections that never finish.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import test from 'node:test';
import tls from 'node:tls';
import { LAN_ADDRESS } from '../harness/network.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { Client } from '../harness/wire.mjs';

/**
 * @param {string} url
 * @param {http.RequestOptions} [options]
 * @returns {Promise<{ status: number, headers: http.IncomingHttpHeaders, body: string }>}
 */
async function get(url, options = {}) {
  const { request } = url.startsWith('https:') ? https : http;
  const sent = request(url, { rejectUnauthorized: false, ...options }).end();
  const [response] = /** @type {[http.IncomingMessage]} */ (await once(sent, 'response'));
  let body = '';
  for await (const part of response.setEncoding('utf8')) body += part;
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

test('the interface and the counts are served to whom they belong', async (t) => {
  const server = await startServer(t, 'host');
  const lan = new URL('/', server.link).href;
  const own = new URL('/', server.local).href;
  for (const page of [lan, own]) {
    const { status, headers, body } = await get(page);
    assert.equal(status, 200);
    assert.match(headers['content-type'] ?? '', /^text\/html/);
    assert.ok(headers['content-security-policy'], 'with a content security policy');
    assert.doesNotMatch(body, /(src|href)="(https?:)?\/\//, 'nothing comes from elsewhere');
    assert.doesNotMatch(body, new RegExp(server.room));
    assert.equal((await get(page, { headers: { Host: 'example.org' } })).status, 403);
    assert.equal((await get(page, { headers: { Origin: 'https://example.org' } })).status, 403);
    for (const path of [
      '/nothing',
      '/../Cargo.toml',
      '/%2e%2e/Cargo.toml',
      '/%00',
      `/${'x'.repeat(4_000)}`,
    ]) {
      assert.equal((await get(page, { path })).status, 404, path.slice(0, 40));
    }
  }
  const status = JSON.parse((await get(`${own}status`)).body);
  const counts = ['rooms', 'participants', 'observers', 'connections', 'messages', 'errors'];
  assert.deepEqual(Object.keys(status).sort(), counts.sort());
  assert.equal((await get(`${lan}status`)).status, 404, 'not on the network');
});

test('connections that never finish are dropped, and the server goes on', { timeout: 120_000 }, async (t) => {
  const server = await startServer(t, 'host');
  const own = Number(new URL(server.local).port);
  const plain = () => net.connect(server.port, LAN_ADDRESS);
  const encrypted = () => tls.connect({ port: server.port, host: LAN_ADDRESS, rejectUnauthorized: false });
  const local = () => net.connect(own, '127.0.0.1');
  /** @type {[string, net.Socket, string][]} */
  const halves = [
    ['TLS: nothing said', plain(), ''],
    ['TLS: half a hello', plain(), '\x16\x03\x01\x02\x00\x01'],
    ['TLS: no TLS at all', plain(), 'GET / HTTP/1.1\r\n\r\n'],
    ['HTTPS: nothing said', encrypted(), ''],
    ['HTTPS: half a head', encrypted(), 'GET / HTTP/1.1\r\nHost: '],
    ['HTTP: nothing said', local(), ''],
    ['HTTP: half a head', local(), 'GET / HTTP/1.1\r\nHost: '],
    ['HTTP: a head without end', local(), `GET / HTTP/1.1\r\nX: ${'x'.repeat(1_000_000)}`],
    ['HTTP: nonsense', local(), '\0\0\0\0\r\n\r\n'],
  ];
  const dropped = new Set();
  for (const [what, socket, start] of halves) {
    socket.on('error', () => {}); // `close` follows
    socket.on('close', () => dropped.add(what));
    socket.on('connect', () => socket.write(start, 'latin1'));
    socket.resume();
  }
  const silent = await Client.connect(t, server.link);
  const waiting = await Client.connect(t, server.link);
  waiting.say({ type: 'hello', versions: [1] });
  await waiting.hears('hello');

  for (const [what] of halves) await until(`dropped: ${what}`, () => dropped.has(what));
  for (const client of [silent, waiting]) {
    assert.equal(await client.isRefused(), 'timed-out');
    assert.equal(await client.isClosed(), 4408);
  }
  await until('no connection is left', async () => (await server.status()).connections <= 1);
  await Client.joined(t, server.link, 'Ada');
});
