import type { ParticipantId } from '../protocol/messages';
import { Adaptation, type Held } from './adaptation';
import { carriedHere, crowdIn } from './crowd';
import { effortFor, type CameraEffort } from './effort';
import { figuresOf, type LinkFigures } from './link-figures';
import type { Scope } from './scope';
import type { AnnouncementKey } from './sentences';
import type { CallState, Tile } from './state';

/** How often it is looked how the links are, in ms: rarely enough to cost nothing, often enough for a strain of seconds. */
export const LOOK_MS = 2000;
/** So many looks without a new frame, and what is shown is no picture any more. */
const STILL_LOOKS = 2;
/** Where a webview does not tell how many processors there are. */
const USUAL_CORES = 2;

/** The part of a `PeerLink` that is used. */
export interface EffortLink {
  readonly media: { get(): Tile['media'] };
  statistics(): Promise<Iterable<object>>;
  setEffort(effort: CameraEffort): void;
}

/** The others in the call; an observer has no links to them. */
type Members = ReadonlyMap<ParticipantId, { link: EffortLink | null }>;

export interface EffortEvents {
  say(key: AnnouncementKey): void;
  /** What is held back, or whose picture stands still. */
  changed(): void;
}

/** Keeps the effort for each link at what their number asks for, and at what machine and network carry. */
export class EffortKeeper {
  readonly #scope: Scope;
  readonly #members: Members;
  readonly #events: EffortEvents;
  #held: Held = 'full';
  readonly #adaptation = new Adaptation<ParticipantId>(
    globalThis.navigator?.hardwareConcurrency || USUAL_CORES,
  );
  /** How often in a row no new frame had come, and how many there were. */
  readonly #stills = new Map<ParticipantId, { looks: number; frames: number }>();
  #looking = false;

  constructor(scope: Scope, members: Members, events: EffortEvents) {
    this.#scope = scope;
    this.#members = members;
    this.#events = events;
    scope.interval(() => void this.#look(), LOOK_MS);
  }

  /** After somebody came or went: the more there are, the less is done for each. */
  balance(): void {
    const usual = effortFor(this.#members.size);
    for (const [id, { link }] of this.#members) link?.setEffort(this.#adaptation.effortFor(id, usual));
  }

  /** With which a link begins, before its other side is a member. */
  forOneMore(): CameraEffort {
    return effortFor(this.#members.size + 1);
  }

  /** As it is to be shown: a picture that stands still is none. */
  asSeen(tiles: Tile[]): Tile[] {
    return tiles.map((tile) =>
      tile.kind === 'camera' && this.#isStill(tile.id) ? { ...tile, camera: false } : tile,
    );
  }

  /** What the person is told, of so many people in a room for so many. */
  told(people: number, capacity: number): Pick<CallState, 'held' | 'crowd'> {
    return { held: this.#held, crowd: crowdIn(people, capacity, carriedHere()) };
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const figures = new Map<ParticipantId, LinkFigures>();
    for (const [id, { link }] of [...this.#members]) {
      if (link?.media.get() !== 'connected') continue;
      try {
        figures.set(id, figuresOf(await link.statistics(), performance.now()));
      } catch {
        // It has ended meanwhile, or tells nothing: nothing is concluded.
      }
    }
    this.#looking = false;
    if (this.#scope.ended) return;
    const watched = globalThis.document?.visibilityState !== 'hidden';
    this.#adaptation.take(figures, effortFor(this.#members.size), performance.now(), watched);
    this.balance();
    const before = [...this.#stills.keys()].filter((id) => this.#isStill(id)).join();
    this.#countStills(figures);
    const now = [...this.#stills.keys()].filter((id) => this.#isStill(id)).join();
    const { held } = this.#adaptation;
    if (held === this.#held && now === before) return;
    if (held !== this.#held) this.#events.say(held === 'full' ? 'say.effort-full' : `effort.${held}`);
    this.#held = held;
    this.#events.changed();
  }

  #countStills(figures: ReadonlyMap<ParticipantId, LinkFigures>): void {
    for (const id of this.#stills.keys()) if (!figures.has(id)) this.#stills.delete(id);
    for (const [id, { received }] of figures) {
      const still = this.#stills.get(id);
      if (!received || received.frames === 0) this.#stills.delete(id);
      else if (still?.frames === received.frames) still.looks += 1;
      else this.#stills.set(id, { looks: 0, frames: received.frames });
    }
  }

  #isStill(id: ParticipantId): boolean {
    return (this.#stills.get(id)?.looks ?? 0) >= STILL_LOOKS;
  }
}
