// What the model knows of a participant, as a tile.

import type { Participant } from '../protocol/messages';
import { colourOf } from './colours';
import { sends } from './devices';
import type { Gauges } from './gauges';
import type { Member } from './members';
import { screenKey, screenOf } from './screens';
import type { ShareState } from './share';
import type { CallState, LocalMedia, Tile } from './state';

export function cameraKey(id: Participant['id']): string {
  return `${id}`;
}

/** What else than a participant's own state is seen of it. */
interface Look {
  gauges: Gauges;
  hands: CallState['hands'];
}

/** One's own picture, and the screen that one shares. */
export function ownTiles(own: Participant, media: LocalMedia, share: ShareState, look: Look): Tile[] {
  const microphone = sends(media.microphone);
  const camera: Tile = {
    ...person(own, look),
    self: true,
    stream: media.stream,
    microphone,
    camera: sends(media.camera),
    presence: 'here',
    media: 'connected',
    speaking: microphone && look.gauges.speaksOneself,
    quality: null,
  };
  return share.status === 'on' ? [camera, screenTile(camera, share.stream)] : [camera];
}

/** Somebody else's. */
export function tilesOf(member: Member, look: Look): Tile[] {
  const { participant, link } = member;
  const { id, state, presence } = participant;
  const camera: Tile = {
    ...person(participant, look),
    self: false,
    stream: link?.stream.get() ?? null,
    microphone: state.microphone,
    camera: state.camera,
    presence,
    // An observer has no link that could be otherwise.
    media: link?.media.get() ?? 'connected',
    speaking: state.microphone && look.gauges.isSpeaking(id),
    quality: look.gauges.qualityOf(id),
  };
  return state.screen ? [camera, screenTile(camera, screenOf(member))] : [camera];
}

function screenTile(camera: Tile, stream: MediaStream | null): Tile {
  return {
    ...camera,
    key: screenKey(camera.id),
    kind: 'screen',
    stream,
    microphone: true,
    camera: true,
    speaking: false,
    quality: null,
    hand: null,
  };
}

function person(participant: Participant, { hands }: Look) {
  const { id, name } = participant;
  const place = hands.findIndex((raised) => raised.id === id);
  return {
    key: cameraKey(id),
    kind: 'camera' as const,
    id,
    name,
    colour: colourOf(participant),
    hand: place < 0 ? null : place + 1,
  };
}
