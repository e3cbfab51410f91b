// How the way to the room is, and when it is tried again. Pure.

/**
 * `searching`: the page's own server is there and looks for the room's host. `intercepted`: it has found somebody in
 * between, and looks again.
 */
export type LinkState = 'up' | 'reconnecting' | 'searching' | 'lost' | 'intercepted';

/** The later, the more it matters to the person. */
const BY_WEIGHT: LinkState[] = ['up', 'reconnecting', 'searching', 'lost', 'intercepted'];

/** Waits before the attempts to reconnect, in ms: fast first, because most losses are short. */
const RETRY_DELAYS = [0, 500, 1000, 2000, 4000, 5000];
/** The part of a wait that is random, so that the guests of a host that was away do not come all at once. */
const JITTER = 0.3;

/** Whether this is news to who was told the other. What is worst is told until the link is up, not with every attempt. */
export function isWorse(state: LinkState, told: LinkState | null): boolean {
  return told === null || BY_WEIGHT.indexOf(state) > BY_WEIGHT.indexOf(told);
}

/** How long to wait, in ms, after so many losses before this one. `random`: 0 to 1. */
export function retryDelay(losses: number, random: number): number {
  const delay = RETRY_DELAYS[Math.min(losses, RETRY_DELAYS.length - 1)] ?? 0;
  return delay * (1 - JITTER * random);
}
