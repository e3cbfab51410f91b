import { once } from 'node:events';
import net from 'node:net';

/** A TCP port that nobody uses on this address; in a network of one's own it stays so. */
export async function freePort(address = '127.0.0.1') {
  const probe = net.createServer().listen(0, address);
  await once(probe, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}
