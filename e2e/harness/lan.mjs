// Several machines on one network, each in a namespace of its own: a switch between them, no route to anywhere else.

import assert from 'node:assert/strict';
import net from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import { afterwards } from './afterwards.mjs';
import { Namespace } from './namespace.mjs';
import { end, hasEnded } from './programs.mjs';
import { until } from './until.mjs';

/** @typedef {import('node:test').TestContext} TestContext */

/** The interface between a host and a sink. */
const SINK = 'sink0';

/** Notes where packets are going. Those that no router passes on (RFC 5771, RFC 4291) stay on their network. */
const SINK_COUNTERS = `
  table netdev sink {
    set seen { type ipv4_addr . inet_proto . inet_service; flags dynamic; size 1024; }
    set seen6 { type ipv6_addr . inet_proto . inet_service; flags dynamic; size 1024; }
    chain arriving {
      type filter hook ingress device ${SINK} priority 0;
      ip daddr 224.0.0.0/24 return
      ip6 daddr ff02::/16 return
      meta l4proto { tcp, udp } add @seen { ip daddr . ip protocol . th dport } return
      meta l4proto { tcp, udp } add @seen6 { ip6 daddr . ip6 nexthdr . th dport } return
      add @seen { ip daddr . ip protocol . 0 } return
      add @seen6 { ip6 daddr . ip6 nexthdr . 0 }
    }
  }
`;

/** What carries bytes from a socket in the file system, which namespaces share, to where they go from inside. */
const FORWARDER = `
  const [socket, address, port] = process.argv.slice(1);
  const net = require('node:net');
  const pass = (from, to) => from.on('error', () => to.destroy()).pipe(to);
  net
    .createServer((outside) => {
      const inside = net.connect(Number(port), address);
      pass(outside, inside);
      pass(inside, outside);
    })
    .listen(socket, () => console.log('ready'));
`;

/** One machine. */
export class Host {
  /** Where it is on each network. @type {Map<Lan, { device: string, address: string }>} */
  #places = new Map();

  /** @param {TestContext} test @param {string} name @param {Namespace} namespace */
  constructor(test, name, namespace) {
    this.test = test;
    this.name = name;
    this.namespace = namespace;
  }

  /** A machine on no network yet; it is gone after the test. @param {TestContext} test @param {string} name */
  static async make(test, name) {
    return new Host(test, name, await Namespace.make(test));
  }

  /** Its address on its first network, or on the one that is named. @param {Lan} [lan] */
  address(lan) {
    return this.#place(lan).address;
  }

  /** How to run a program there. @param {string} program @param {string[]} args */
  command(program, args) {
    return this.namespace.command(program, args);
  }

  /**
   * Starts a program there.
   *
   * @param {string} program
   * @param {string[]} args
   * @param {import('node:child_process').SpawnOptions} [options]
   */
  start(program, args, options) {
    return this.namespace.start(program, args, options);
  }

  /** Runs a program there to its end, and returns what it printed. @param {string} program @param {...string} args */
  run(program, ...args) {
    return this.namespace.run(program, args);
  }

  /** A program file that runs `program` there: for those who start programs by their path. @param {string} program */
  wrapper(program) {
    return this.namespace.wrapper(program);
  }

  /** A loopback port of the tests that leads to one of this host, or through it to one at another address. @param {number} port @param {string} [address] @returns {Promise<number>} */
  async doorTo(port, address = '127.0.0.1') {
    const socket = path.join(this.namespace.folder, `${address}:${port}`);
    const forwarder = this.start('node', ['-e', FORWARDER, socket, address, String(port)]);
    afterwards(this.test, () => end(forwarder));
    await until('the forwarder listens', () => forwarder.output || hasEnded(forwarder));
    assert.ok(!hasEnded(forwarder), forwarder.errors);
    const door = net.createServer((outside) => {
      const inside = net.connect(socket);
      outside.on('error', () => inside.destroy()).pipe(inside);
      inside.on('error', () => outside.destroy()).pipe(outside);
    });
    door.unref().listen(0, '127.0.0.1');
    await once(door, 'listening');
    afterwards(this.test, () => door.close());
    return /** @type {net.AddressInfo} */ (door.address()).port;
  }

  /** @param {Lan} lan @param {string} device @param {string} address */
  arrive(lan, device, address) {
    this.namespace.ip('addr', 'add', `${address}/24`, 'dev', device);
    this.namespace.ip('link', 'set', device, 'up');
    this.#places.set(lan, { device, address });
  }

  /** Whether it is on a network. */
  get placed() {
    return this.#places.size > 0;
  }

  /** The name of its next interface. */
  nextDevice() {
    return `lan${this.#places.size}`;
  }

  /** It has another address from now on, as after a new lease: what was open at the old one is lost. @param {string} address @param {Lan} [lan] */
  move(address, lan) {
    const place = this.#place(lan);
    // Adding first would do nothing: with the first address its secondaries go, too.
    this.namespace.ip('-4', 'addr', 'flush', 'dev', place.device);
    this.namespace.ip('addr', 'add', `${address}/24`, 'dev', place.device);
    place.address = address;
  }

  /** It has a default route from now on, into a sink: nothing answers there, and what arrives is noted. */
  async openSink() {
    const far = await Namespace.make(this.test);
    this.namespace.connect(SINK, far, SINK);
    for (const end of [this.namespace, far]) {
      // No address and no question for one: whatever arrives was sent there.
      end.ip('link', 'set', SINK, 'arp', 'off', 'addrgenmode', 'none');
      end.ip('link', 'set', SINK, 'up');
    }
    this.namespace.ip('route', 'add', 'default', 'dev', SINK);
    this.namespace.ip('-6', 'route', 'add', 'default', 'dev', SINK);
    far.run('nft', ['-f', '-'], SINK_COUNTERS);
    return {
      /** Where packets that arrived were going, each `ADDRESS PROTOCOL PORT` once; the port is 0 if there is none. */
      destinations: () =>
        ['seen', 'seen6'].flatMap((set) => {
          const { nftables } = JSON.parse(far.run('nft', ['-j', 'list', 'set', 'netdev', 'sink', set]));
          const entries = nftables.find((/** @type {any} */ entry) => entry.set).set.elem ?? [];
          return entries.map((/** @type {any} */ { concat }) => concat.join(' '));
        }),
    };
  }

  /** @param {Lan} [lan] */
  #place(lan) {
    const place = lan ? this.#places.get(lan) : [...this.#places.values()][0];
    assert.ok(place, `${this.name} is on this network`);
    return place;
  }
}

/** A network: a switch with a cable to each of its hosts. */
export class Lan {
  /** @type {Map<Host, string>} */
  #ports = new Map();
  /** What the switch does not pass, in the words of nft. @type {Set<string>} */
  #drops = new Set();

  /** @param {Namespace} namespace of the switch @param {string} subnet the first three numbers of its addresses */
  constructor(namespace, subnet) {
    this.namespace = namespace;
    this.subnet = subnet;
  }

  /**
   * Makes a network with these hosts on it, and takes all of it away after the test.
   *
   * @template {string} Name
   * @param {TestContext} test
   * @param {{ hosts?: Name[], subnet?: string }} [options]
   * @returns {Promise<{ lan: Lan } & Record<Name, Host>>}
   */
  static async make(test, { hosts = [], subnet = '10.79.0' } = {}) {
    const lan = new Lan(await Namespace.make(test), subnet);
    lan.namespace.ip('link', 'add', 'switch', 'type', 'bridge');
    lan.namespace.ip('link', 'set', 'switch', 'up');
    const made = await Promise.all(hosts.map((name) => Host.make(test, name)));
    for (const host of made) lan.join(host);
    return /** @type {any} */ ({ lan, ...Object.fromEntries(made.map((host) => [host.name, host])) });
  }

  /** Puts a host on this network, on its next interface. @param {Host} host */
  join(host) {
    const port = `port${this.#ports.size + 1}`;
    const device = host.nextDevice();
    host.namespace.connect(device, this.namespace, port);
    this.namespace.ip('link', 'set', port, 'master', 'switch', 'up');
    this.#ports.set(host, port);
    host.arrive(this, device, `${this.subnet}.${this.#ports.size}`);
  }

  /** The switch passes no mDNS from now on. */
  dropMulticast() {
    this.#drop('udp dport 5353');
  }

  passMulticast() {
    this.#pass('udp dport 5353');
  }

  /** No TCP between these two from now on, as if a cable was cut; all else goes on. @param {Host} one @param {Host} other */
  cutTcp(one, other) {
    this.#drop(this.#tcp(one, other), this.#tcp(other, one));
  }

  /** @param {Host} one @param {Host} other */
  mendTcp(one, other) {
    this.#pass(this.#tcp(one, other), this.#tcp(other, one));
  }

  /** @param {Host} from @param {Host} to */
  #tcp(from, to) {
    return `iifname ${this.#ports.get(from)} oifname ${this.#ports.get(to)} meta l4proto tcp`;
  }

  /** @param {...string} packets */
  #drop(...packets) {
    for (const which of packets) this.#drops.add(which);
    this.#filter();
  }

  /** @param {...string} packets */
  #pass(...packets) {
    for (const which of packets) this.#drops.delete(which);
    this.#filter();
  }

  #filter() {
    const rules = [...this.#drops].map((packets) => `add rule bridge lan forward ${packets} drop`);
    const chain = 'add chain bridge lan forward { type filter hook forward priority 0; }';
    const lines = ['flush ruleset', 'add table bridge lan', chain, ...rules];
    this.namespace.run('nft', ['-f', '-'], `${lines.join('\n')}\n`);
  }
}
