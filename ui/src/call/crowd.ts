// How many people a machine carries in one call, for the person to know before there are more.

import { DEFAULT_CAPACITY } from '../protocol/messages';

/** `fits`: there may be more. `last`: with one more there are too many. `over`: there are. */
export type Crowd = 'fits' | 'last' | 'over';

/** On how many processors `make bench ONLY=mesh` found how many people are carried: `DEFAULT_CAPACITY`. */
const MEASURED_CORES = 2;
const FEWEST = 2;
/** However strong the machine, each tile is small then, and each link costs the network its bits. */
const MOST = 12;

/** How many people this machine carries, itself included. */
export function carriedBy(cores: number): number {
  const people = Math.floor((DEFAULT_CAPACITY * cores) / MEASURED_CORES);
  return Math.min(Math.max(people, FEWEST), MOST);
}

/** The same of the machine that this page runs on. */
export function carriedHere(): number {
  return carriedBy(globalThis.navigator?.hardwareConcurrency || MEASURED_CORES);
}

/** `capacity`: how many the room takes. A room that is full needs no warning of one more. */
export function crowdIn(people: number, capacity: number, carried: number): Crowd {
  if (people > carried) return 'over';
  return people === carried && people < capacity ? 'last' : 'fits';
}
