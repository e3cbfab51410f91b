// By which colour each participant is known.

import type { Colour, Participant, ParticipantId } from '../protocol/messages';

/** In the order in which they are offered, and given to those who chose none. */
export const PERSON_COLOURS = [
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'purple',
  'pink',
] as const satisfies readonly Colour[];

/** The chosen one; else one after the other, so that neighbours in the order of joining differ. */
export function colourOf({ colour, id }: Pick<Participant, 'colour' | 'id'>): Colour {
  return colour ?? given(id);
}

/** Half the way around the circle and one on each time: those who follow each other look least alike. */
function given(id: ParticipantId): Colour {
  const STRIDE = 5;
  return PERSON_COLOURS[(id * STRIDE) % PERSON_COLOURS.length] ?? 'teal';
}
