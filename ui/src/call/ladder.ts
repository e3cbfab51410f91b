// Stepping down under strain and up again, with patience: a ladder on which 0 is the top. Pure.

export interface Ladder {
  rung: number;
  strained: boolean;
  /** Since when it is strained, or is not, in ms. */
  since: number;
  /** When it last went up. */
  rose: number;
  /** How long it has to be calm before it goes up. Doubles each time that going up was too early. */
  patience: number;
}

export interface Steps {
  /** The lowest rung. */
  lowest: number;
  /** How long the strain has to last before it goes down from this rung, in ms. */
  down: (rung: number) => number;
}

/** The first time, in ms: what strained it is hardly over sooner. */
export const PATIENCE_MS = 10_000;
/** At most: who stays that long may see it better again. */
export const LONGEST_PATIENCE_MS = 160_000;
/** A strain so soon after going up comes of it. */
export const RELAPSE_MS = 20_000;

export const AT_THE_TOP: Ladder = {
  rung: 0,
  strained: false,
  since: -Infinity,
  rose: -Infinity,
  patience: PATIENCE_MS,
};

/** As it is now, having been like this or not since the last time. */
export function climb(ladder: Ladder, strained: boolean, now: number, { lowest, down }: Steps): Ladder {
  if (strained !== ladder.strained) return { ...ladder, strained, since: now };
  const lasted = now - ladder.since;
  if (strained) {
    if (ladder.rung >= lowest || lasted < down(ladder.rung)) return ladder;
    const relapsed = now - ladder.rose < RELAPSE_MS;
    const patience = relapsed ? Math.min(2 * ladder.patience, LONGEST_PATIENCE_MS) : PATIENCE_MS;
    return { ...ladder, rung: ladder.rung + 1, since: now, patience };
  }
  if (ladder.rung === 0 || lasted < ladder.patience) return ladder;
  return { ...ladder, rung: ladder.rung - 1, since: now, rose: now };
}
