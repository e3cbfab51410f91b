// What the model knows of a participant, as a tile.

import type { Participant } from '../protocol/messages';
import { colourOf } from './colours';
import { sends } from './devices';
import type { Gauges } from './gauges';
import type { PeerLink } from './peer-link';
import type { LocalMedia, Tile } from './state';

/** Another participant and the media link to it; an observer has none. */
export interface Member {
  participant: Participant;
  link: PeerLink | null;
}

export function cameraKey(id: Participant['id']): string {
  return `${id}`;
}

export function ownTile(own: Participant, media: LocalMedia, gauges: Gauges): Tile {
  const microphone = sends(media.microphone);
  return {
    ...person(own),
    self: true,
    stream: media.stream,
    microphone,
    camera: sends(media.camera),
    presence: 'here',
    media: 'connected',
    speaking: microphone && gauges.speaksOneself,
    quality: null,
  };
}

export function tileOf({ participant, link }: Member, gauges: Gauges): Tile {
  const { id, state, presence } = participant;
  return {
    ...person(participant),
    self: false,
    stream: link?.stream.get() ?? null,
    microphone: state.microphone,
    camera: state.camera,
    presence,
    // An observer has no link that could be otherwise.
    media: link?.media.get() ?? 'connected',
    speaking: state.microphone && gauges.isSpeaking(id),
    quality: gauges.qualityOf(id),
  };
}

/** Raised hands by their order, on the pictures of whose they are. */
export function withHands(tiles: Tile[], hands: { id: Participant['id'] }[]): Tile[] {
  return tiles.map((tile) => {
    const place = hands.findIndex(({ id }) => id === tile.id);
    return place < 0 || tile.kind === 'screen' ? tile : { ...tile, hand: place + 1 };
  });
}

function person(participant: Participant) {
  const { id, name } = participant;
  return { key: cameraKey(id), kind: 'camera' as const, id, name, colour: colourOf(participant), hand: null };
}
