// The network that own-network.sh made around the tests.

import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';

/** This machine's address on its only LAN. */
export const LAN_ADDRESS = '10.77.0.1';

assert.ok(
  Object.values(networkInterfaces())
    .flat()
    .some((entry) => entry?.address === LAN_ADDRESS),
  'The end-to-end tests run in a network of their own: start them with e2e/run.sh.',
);
