// Where what a person typed or pasted leads from this page. Pure.

import { parseRoomInput } from './room-input';
import type { ProblemKey } from './sentences';

export type Destination =
  /** A room that the page's own server enters. `at`: where its host is said to be, `HOST:PORT`. */
  | { kind: 'room'; room: string; at?: string }
  /** Another host's page. */
  | { kind: 'page'; link: string }
  | { kind: 'nowhere'; problem: ProblemKey };

/** The page on which it was typed. */
export interface Departure {
  /** Where the page came from. */
  origin: string;
  /** Its server reaches other hosts itself: nothing of theirs is ever loaded into the person's own page. */
  reachesHosts: boolean;
}

/** Left out of an origin (RFC 9110, section 4.2.2). */
const HTTPS_PORT = '443';

/** RFC 1035, section 2.3.4. */
const NAME_CHARS = 253;

/** A name that only the local network resolves (RFC 6762, section 3). */
const LOCAL_NAME = /^(?:[a-z0-9-]{1,63}\.)+local$/u;

/** As URLs write it: four numbers, nothing else. */
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/u;

export function destinationOf(typed: string, { origin, reachesHosts }: Departure): Destination {
  const input = parseRoomInput(typed);
  if (input.kind === 'empty') return { kind: 'nowhere', problem: 'problem.room-missing' };
  if (input.kind === 'invalid') return { kind: 'nowhere', problem: 'problem.link-invalid' };
  const { room } = input;
  if (input.kind === 'room' || input.origin === origin) return { kind: 'room', room };
  if (!reachesHosts) return { kind: 'page', link: `${input.origin}/#${room}` };
  const at = hostAddress(input.origin);
  return at ? { kind: 'room', room, at } : { kind: 'nowhere', problem: 'problem.link-elsewhere' };
}

/** `HOST:PORT`; null for a name that the local network does not look up. */
function hostAddress(origin: string): string | null {
  const { hostname, port } = new URL(origin);
  const isAddress = hostname.startsWith('[') || IPV4.test(hostname);
  const isLocalName = hostname.length <= NAME_CHARS && LOCAL_NAME.test(hostname);
  return isAddress || isLocalName ? `${hostname}:${port || HTTPS_PORT}` : null;
}
