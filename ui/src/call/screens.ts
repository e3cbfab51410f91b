// Screens that people share, as the call knows them.

import type { MediaState, ParticipantId } from '../protocol/messages';
import type { AudioSink } from './audio-sink';
import type { Devices } from './devices';
import type { Member } from './members';
import type { ScreenShare } from './share';

export function screenKey(id: ParticipantId) {
  return `${id}-screen` as const;
}

/** What of the screen of this participant is there to be shown: nothing of which it has not told. */
export function screenOf(member: Member | undefined): MediaStream | null {
  return member?.participant.state.screen ? (member.link?.screen.get() ?? null) : null;
}

/** What is to be said when somebody's state changes; null: nothing about a screen. */
export function sharesOrNot(before: MediaState | undefined, now: MediaState) {
  if (!before || (before.screen ?? false) === (now.screen ?? false)) return null;
  return now.screen ? ('say.other-shares' as const) : ('say.other-shares-no-more' as const);
}

/** Plays what is to be heard of it, if anything is. */
export function playScreen(sink: AudioSink, id: ParticipantId, member: Member | undefined): void {
  const stream = screenOf(member);
  if (stream && stream.getAudioTracks().length > 0) sink.set(screenKey(id), stream);
  else sink.remove(screenKey(id));
}

/** What the others are told that one sends. */
export function mediaStateOf(devices: Devices, share: ScreenShare): MediaState {
  return { ...devices.mediaState, ...(share.state.get().status === 'on' && { screen: true }) };
}
