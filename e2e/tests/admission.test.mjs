// Who may speak to the server: every combination of Host, Origin, Sec-Fetch-Site and path, over real sockets.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { hostname } from 'node:os';
import test from 'node:test';
import tls from 'node:tls';
import { LAN_ADDRESS } from '../harness/network.mjs';
import { startServer } from '../harness/server.mjs';

/** Requests that are on their way at once: fewer than the server lets one address have connections. */
const AT_ONCE = 32;

/** What a page of another site, a rebound name, another port or a mistake would send as its host. @param {number} port */
const wrongHosts = (port) => [
  null,
  '',
  'example.org',
  `example.org:${port}`,
  `127.0.0.1.example.org:${port}`,
  `localhost.:${port}`,
  `LOCALHOST:${port}`,
  `127.0.0.1:${port + 1}`,
  `127.0.0.1:0${port}`,
  '127.0.0.1',
  `0.0.0.0:${port}`,
  `[::ffff:127.0.0.1]:${port}`,
  `[0:0:0:0:0:0:0:1]:${port}`,
  `2130706433:${port}`,
];

/** @param {number} port */
const wrongOrigins = (port) => [
  '',
  'null',
  'NULL',
  'https://example.org',
  `http://example.org:${port}`,
  `http://127.0.0.1:${port + 1}`,
  'http://127.0.0.1',
  `http://127.0.0.1:${port}/`,
  `HTTP://127.0.0.1:${port}`,
  `http://127.0.0.1:${port}.example.org`,
  `http://user@127.0.0.1:${port}`,
  'tauri://example.org',
  'tauri://localhost/',
  'file://',
];

const SITES = [null, 'same-origin', 'none', 'same-site', 'cross-site', 'Same-Origin', 'nonsense'];

/** A navigation to a page, as opposed to something that a page loads. */
const NAVIGATION = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
const LOADING = { 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' };

/** @typedef {{ host: string | null, origin: string | null, site: string | null }} Sender */
/** @typedef {{ hosts: string[], origins: string[], windows: string[] }} Lists exactly who belongs here */
/** @typedef {{ name: string, method: string, path: string, extra: Record<string, string>, allows: (sender: Sender, lists: Lists) => boolean }} Kind */

/** What docs/protocol.md and docs/security.md allow, for each kind of request. @type {Kind[]} */
const KINDS = [
  {
    name: 'a WebSocket',
    method: 'GET',
    path: '/ws',
    extra: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
    allows: ({ host, origin, site }, { hosts, origins, windows }) =>
      hosts.includes(host ?? '') &&
      (windows.includes(origin ?? '') ||
        (origins.includes(origin ?? '') && [null, 'same-origin'].includes(site))),
  },
  {
    name: 'a POST',
    method: 'POST',
    path: '/',
    extra: { ...NAVIGATION, 'Content-Length': '0' },
    allows: ({ host, origin, site }, { hosts, origins }) =>
      hosts.includes(host ?? '') &&
      origins.includes(origin ?? '') &&
      [null, 'same-origin', 'none'].includes(site),
  },
  {
    name: 'a page that is opened',
    method: 'GET',
    path: '/',
    extra: NAVIGATION,
    allows: ({ host, origin, site }, { hosts, origins }) =>
      hosts.includes(host ?? '') &&
      (origin === null || origins.includes(origin)) &&
      [null, 'same-origin', 'none', 'same-site', 'cross-site'].includes(site),
  },
  ...['/', '/status', '/favicon.ico'].map((path) => ({
    name: `${path} that a page loads`,
    method: 'GET',
    path,
    extra: LOADING,
    allows: (/** @type {Sender} */ { host, origin, site }, /** @type {Lists} */ { hosts, origins }) =>
      hosts.includes(host ?? '') &&
      (origin === null || origins.includes(origin)) &&
      [null, 'same-origin', 'none'].includes(site),
  })),
];

/**
 * The status with which the server answers.
 *
 * @param {() => net.Socket} connect
 * @param {Kind} kind
 * @param {Sender} sender
 */
async function statusOf(connect, { method, path, extra }, { host, origin, site }) {
  const sent = { Connection: 'close', ...extra, Host: host, Origin: origin, 'Sec-Fetch-Site': site };
  const lines = Object.entries(sent).flatMap(([name, value]) => (value === null ? [] : `${name}: ${value}`));
  const socket = connect();
  try {
    socket.write([`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    const [start] = await once(socket, 'data');
    return Number(/^HTTP\/1\.1 (\d{3}) /.exec(String(start))?.[1]);
  } finally {
    socket.destroy();
  }
}

/**
 * Sends every combination, and holds the answers against what is allowed.
 *
 * @param {() => net.Socket} connect
 * @param {Lists} lists
 * @param {{ hosts: (string | null)[], origins: (string | null)[] }} wrong
 */
async function tryAll(connect, lists, wrong) {
  const combinations = KINDS.flatMap((kind) =>
    [...lists.hosts, ...wrong.hosts].flatMap((host) =>
      [null, ...lists.origins, ...lists.windows, ...wrong.origins].flatMap((origin) =>
        SITES.map((site) => ({ kind, sender: { host, origin, site } })),
      ),
    ),
  );
  const left = combinations.values();
  let allowed = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const { kind, sender } of left) {
        const status = await statusOf(connect, kind, sender);
        // Without a host a request is no HTTP/1.1 at all (RFC 9112, section 3.2).
        const isRefused = status === 403 || (status === 400 && sender.host === null);
        const isAllowed = kind.allows(sender, lists);
        assert.equal(
          !isRefused,
          isAllowed,
          `${kind.name}: ${JSON.stringify(sender)} was answered with ${status}`,
        );
        if (kind.path === '/ws' && isAllowed) assert.equal(status, 101);
        allowed += Number(isAllowed);
      }
    }),
  );
  assert.ok(allowed > 0 && allowed < combinations.length);
  return combinations.length;
}

test(
  'on loopback exactly this machine’s own pages and the window get in',
  { timeout: 120_000 },
  async (t) => {
    const server = await startServer(t, 'lobby');
    const { port } = server;
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
    const count = await tryAll(
      () => net.connect(port, '127.0.0.1'),
      {
        hosts,
        origins: hosts.map((host) => `http://${host}`),
        windows: ['tauri://localhost', 'http://tauri.localhost'],
      },
      {
        hosts: [...wrongHosts(port), `${LAN_ADDRESS}:${port}`],
        origins: [...wrongOrigins(port), `https://127.0.0.1:${port}`],
      },
    );
    t.diagnostic(`${count} combinations`);
  },
);

test('on the network exactly the pages of its own addresses get in', { timeout: 120_000 }, async (t) => {
  const server = await startServer(t, 'host');
  const { port } = server;
  const hosts = [`${LAN_ADDRESS}:${port}`];
  const name = /^[a-z0-9-]+/.exec(hostname().toLowerCase())?.[0];
  if (name && name !== 'localhost') hosts.push(`${name}.local:${port}`);
  const count = await tryAll(
    () => tls.connect({ port, host: LAN_ADDRESS, rejectUnauthorized: false }),
    { hosts, origins: hosts.map((host) => `https://${host}`), windows: [] },
    {
      hosts: [
        null,
        'example.org',
        `127.0.0.1:${port}`,
        `localhost:${port}`,
        LAN_ADDRESS,
        `10.77.0.10:${port}`,
      ],
      origins: [
        'null',
        'https://example.org',
        `http://${LAN_ADDRESS}:${port}`,
        `https://${LAN_ADDRESS}`,
        `https://${LAN_ADDRESS}:${port}.example.org`,
        'tauri://localhost',
        `https://127.0.0.1:${port}`,
      ],
    },
  );
  t.diagnostic(`${count} combinations`);
});
