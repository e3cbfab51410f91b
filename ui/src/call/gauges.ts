import type { ParticipantId } from '../protocol/messages';
import { counted, judge, loudnessBetween, SteadyQuality, type Counted, type Quality } from './quality';
import type { Scope } from './scope';
import { nextSpeaker, Speech } from './speaking';

/** A link as far as it is measured. */
export interface Measured {
  id: ParticipantId;
  statistics(): Promise<Iterable<object>>;
}

/** How often the sound is measured, in ms: who begins to speak is seen to within two syllables. */
export const MEASURED_EVERY_MS = 250;
/** So many measurements make one judgement of the connection: in two seconds enough packets come to see some lost. */
const MEASUREMENTS_PER_JUDGEMENT = 8;

/** What one link has shown. */
class Gauge {
  readonly speech = new Speech();
  readonly quality = new SteadyQuality();
  /** An answer is waited for: a connection that is busy is not asked twice. */
  asked = false;
  #latest: Counted | null = null;
  #judged: Counted | null = null;
  #measurements = 0;

  /** Returns how loud one's own sound was, as far as this link knows. */
  add(now: Counted): number {
    const before = this.#latest ?? now;
    this.#latest = now;
    this.speech.hear(loudnessBetween(before.sound, now.sound));
    this.#judged ??= now;
    this.#measurements += 1;
    if (this.#measurements === MEASUREMENTS_PER_JUDGEMENT) {
      this.quality.add(judge(this.#judged, now));
      this.#judged = now;
      this.#measurements = 0;
    }
    return loudnessBetween(before.ownSound, now.ownSound);
  }
}

/** Measures the links of a call: who speaks, and how good each connection is. */
export class Gauges {
  /** Who of the others spoke last. */
  speaker: ParticipantId | null = null;
  readonly #gauges = new Map<ParticipantId, Gauge>();
  readonly #own = new Speech();
  readonly #links: () => Measured[];
  readonly #changed: () => void;
  #shown = '';

  /** `links`: those that are connected at the moment; `changed`: something is to be shown anew. */
  constructor(scope: Scope, links: () => Measured[], changed: () => void) {
    this.#links = links;
    this.#changed = changed;
    scope.interval(() => this.#measure(), MEASURED_EVERY_MS);
  }

  isSpeaking(id: ParticipantId): boolean {
    return this.#gauges.get(id)?.speech.speaking ?? false;
  }

  get speaksOneself(): boolean {
    return this.#own.speaking;
  }

  /** Null until it has been judged. */
  qualityOf(id: ParticipantId): Quality | null {
    return this.#gauges.get(id)?.quality.value ?? null;
  }

  #measure(): void {
    const links = this.#links();
    for (const id of this.#gauges.keys()) if (!links.some((link) => link.id === id)) this.#gauges.delete(id);
    if (links.length === 0) this.#own.hear(0);
    links.forEach((link, index) => void this.#ask(link, index === 0));
    this.#tell();
  }

  /** `own`: one link is enough to know how loud one is oneself. */
  async #ask(link: Measured, own: boolean): Promise<void> {
    const gauge = this.#gauges.get(link.id) ?? new Gauge();
    this.#gauges.set(link.id, gauge);
    if (gauge.asked) return;
    gauge.asked = true;
    try {
      const loudness = gauge.add(counted(await link.statistics()));
      if (own) this.#own.hear(loudness);
    } catch {
      // Closed meanwhile.
    }
    gauge.asked = false;
  }

  #tell(): void {
    const speaking = new Set([...this.#gauges].flatMap(([id, { speech }]) => (speech.speaking ? [id] : [])));
    this.speaker = nextSpeaker(this.speaker, speaking);
    const qualities = [...this.#gauges].map(([id, { quality }]) => [id, quality.value]);
    const shown = JSON.stringify([this.speaker, [...speaking], this.speaksOneself, qualities]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#changed();
  }
}
