// Who speaks. Pure: from loudness to yes and no; what measures it is in gauges.ts.

/** How loud it was over some time, 0 to 1 (W3C webrtc-stats, audioLevel). A quiet room stays below a hundredth. */
export type Loudness = number;

/** From this loudness on somebody speaks ... */
const BEGINS = 0.02;
/** ... and goes on doing so above this, so that a soft syllable is no pause. */
const GOES_ON = 0.01;
/** So many quiet measurements in a row are an end, and no pause between two words. */
const PAUSE = 4;

/** Whether one person speaks, without flicker. */
export class Speech {
  #quiet = PAUSE;

  get speaking(): boolean {
    return this.#quiet < PAUSE;
  }

  hear(loudness: Loudness): void {
    const isHeard = loudness >= (this.speaking ? GOES_ON : BEGINS);
    this.#quiet = isHeard ? 0 : Math.min(PAUSE, this.#quiet + 1);
  }
}

/** Who has the floor: whoever speaks keeps it until silent, and after that until somebody else speaks. */
export function nextSpeaker<Id>(before: Id | null, speaking: ReadonlySet<Id>): Id | null {
  if (before !== null && speaking.has(before)) return before;
  const [next = before] = speaking;
  return next;
}
