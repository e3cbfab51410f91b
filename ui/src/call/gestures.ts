import type {
  ClientMessage,
  Hand,
  Participant,
  ParticipantId,
  Reaction,
  ServerMessage,
} from '../protocol/messages';
import { Reactions } from './reactions';
import type { Scope } from './scope';
import type { AnnouncementKey } from './sentences';
import type { CallState } from './state';

/** What the server says of gestures. */
export type Gesture = Extract<ServerMessage, { type: 'hand' | 'reaction' }>;

export interface GestureEvents {
  /** To the server. */
  hand(message: Extract<ClientMessage, { type: 'hand' }>): void;
  reaction(message: Extract<ClientMessage, { type: 'react' }>): void;
  say(key: AnnouncementKey, values?: Record<string, string>): void;
  changed(): void;
}

type Person = Pick<Participant, 'id' | 'name'>;

/** Raised hands and reactions in a room. The server alone knows in which order hands went up: it says so to all. */
export class Gestures {
  readonly #events: GestureEvents;
  readonly #hands = new Map<ParticipantId, Hand>();
  readonly #reactions: Reactions;
  #self: Person | null = null;

  constructor(scope: Scope, events: GestureEvents) {
    this.#events = events;
    this.#reactions = new Reactions(scope, () => events.changed());
  }

  /** Somebody is in the room, with a hand or without one. */
  seen({ id, name, hand }: Participant, self: boolean): void {
    if (self) this.#self = { id, name };
    this.#set(id, hand);
  }

  hear(message: Gesture, name: string | undefined): void {
    const self = message.participant === this.#self?.id;
    if (message.type === 'hand') {
      this.#set(message.participant, message.hand);
      const change = message.hand === undefined ? 'down' : 'up';
      if (self) this.#events.say(`say.own-hand-${change}`);
      else if (name !== undefined) this.#events.say(`say.hand-${change}`, { name });
    } else if (name !== undefined && !self) {
      const { participant: id, reaction } = message;
      this.#reactions.show({ id, name, self, reaction });
      this.#events.say(`say.reaction.${reaction}`, { name });
    }
  }

  toggleHand(): void {
    const raised = this.#self !== null && this.#hands.has(this.#self.id);
    this.#events.hand({ type: 'hand', raised: !raised });
  }

  react(reaction: Reaction): void {
    if (!this.#self || !this.#reactions.maySend) return;
    this.#events.reaction({ type: 'react', reaction });
    this.#reactions.show({ ...this.#self, self: true, reaction });
  }

  /** As these people show them. */
  shown(people: Person[]): Pick<CallState, 'hands' | 'reactions'> {
    const number = ({ id }: Person) => this.#hands.get(id) ?? 0;
    const hands = people.filter(({ id }) => this.#hands.has(id)).sort((a, b) => number(a) - number(b));
    return {
      hands: hands.map(({ id, name }) => ({ id, name, self: id === this.#self?.id })),
      reactions: this.#reactions.shown,
    };
  }

  #set(id: ParticipantId, hand: Hand | undefined): void {
    if (hand === undefined) this.#hands.delete(id);
    else this.#hands.set(id, hand);
  }
}
