// What is done when a machine or a network cannot carry a call: fewer pixels, then fewer frames, then no picture; the
// sound is never touched. A state machine without a clock: time comes with the figures.

import { AT_THE_TOP, climb, type Ladder, type Steps } from './ladder';
import type { CameraEffort } from './effort';
import type { LinkFigures } from './link-figures';
import { machineIsStrained, networkIsStrained, type Look } from './strain';

export type Measure = 'pixels' | 'frames' | 'off';

/** What the person is told; `full`: nothing is held back. */
export type Held = 'full' | `${'machine' | 'network'}-${Measure}`;

interface Rung {
  measure: Measure | null;
  scale: number;
  frames: number;
}

/** From top to bottom. The lowest frames are still a face that moves, and the smallest picture one that is known. */
const RUNGS: readonly Rung[] = [
  { measure: null, scale: 1, frames: Infinity },
  { measure: 'pixels', scale: 1.5, frames: Infinity },
  { measure: 'pixels', scale: 2, frames: Infinity },
  { measure: 'pixels', scale: 3, frames: Infinity },
  { measure: 'frames', scale: 3, frames: 15 },
  { measure: 'frames', scale: 3, frames: 8 },
  { measure: 'off', scale: 3, frames: 8 },
];
const OFF = RUNGS.length - 1;

/** Smaller pictures save nothing worth having. */
const MOST_SCALE = 4;

/** How long a strain has to last, in ms: two looks. */
export const STEP_MS = 4000;
/** Before the picture goes altogether, it may be a matter of a moment. */
export const LAST_STEP_MS = 20_000;
/** Until estimates and encoders of a new link have settled, in ms: what they say before is no strain. */
export const SETTLING_MS = 10_000;

const STEPS: Steps = { lowest: OFF, down: (rung) => (rung + 1 === OFF ? LAST_STEP_MS : STEP_MS) };

interface Way {
  ladder: Ladder;
  figures: LinkFigures;
  /** When it was first looked at. */
  began: number;
}

export class Adaptation<Id> {
  readonly #cores: number;
  #machine = AT_THE_TOP;
  readonly #ways = new Map<Id, Way>();

  /** `cores`: how many processors this machine has. */
  constructor(cores: number) {
    this.#cores = cores;
  }

  /**
   * The figures of all links at this time, in ms. `usual`: how each would be encoded without any strain; `watched`:
   * whether the page is in sight.
   */
  take(figures: ReadonlyMap<Id, LinkFigures>, usual: CameraEffort, now: number, watched = true): void {
    const looks: Look[] = [];
    for (const id of this.#ways.keys()) if (!figures.has(id)) this.#ways.delete(id);
    for (const [id, after] of figures) {
      const way = this.#ways.get(id);
      if (!way) {
        this.#ways.set(id, { ladder: AT_THE_TOP, figures: after, began: now });
        continue;
      }
      const look = { before: way.figures, after, effort: this.effortFor(id, usual) };
      way.figures = after;
      if (now - way.began < SETTLING_MS) continue;
      way.ladder = climb(way.ladder, networkIsStrained(look), now, STEPS);
      looks.push(look);
    }
    this.#machine = climb(this.#machine, machineIsStrained(looks, this.#cores, watched), now, STEPS);
  }

  /** How the picture is to be encoded for this one. */
  effortFor(id: Id, usual: CameraEffort): CameraEffort {
    return eased(usual, Math.max(this.#machine.rung, this.#ways.get(id)?.ladder.rung ?? 0));
  }

  /** The hardest that is done, and why. */
  get held(): Held {
    const network = Math.max(0, ...[...this.#ways.values()].map(({ ladder }) => ladder.rung));
    const measure = RUNGS[Math.max(this.#machine.rung, network)]?.measure;
    if (!measure) return 'full';
    return `${this.#machine.rung >= network ? 'machine' : 'network'}-${measure}`;
  }
}

function eased(usual: CameraEffort, rung: number): CameraEffort {
  const { measure, scale, frames } = RUNGS[rung] ?? { measure: null, scale: 1, frames: Infinity };
  if (!measure) return usual;
  const scaleResolutionDownBy = Math.max(
    usual.scaleResolutionDownBy,
    Math.min(usual.scaleResolutionDownBy * scale, MOST_SCALE),
  );
  const maxFramerate = Math.min(usual.maxFramerate, frames);
  // As many bits for a pixel as before, which is generous for a small picture.
  const pixels = (usual.scaleResolutionDownBy / scaleResolutionDownBy) ** 2;
  const maxBitrate = Math.round(usual.maxBitrate * pixels * (maxFramerate / usual.maxFramerate));
  return { active: measure !== 'off', scaleResolutionDownBy, maxFramerate, maxBitrate };
}
