// Screens that others share, as the call knows them.

import type { MediaState } from '../protocol/messages';

/** What is to be said when somebody's state changes; null: nothing about a screen. */
export function sharesOrNot(before: MediaState | undefined, now: MediaState) {
  if (!before || (before.screen ?? false) === (now.screen ?? false)) return null;
  return now.screen ? ('say.other-shares' as const) : ('say.other-shares-no-more' as const);
}

/** Whether there is something to be heard of it. */
export function hears(stream: MediaStream | null): stream is MediaStream {
  return stream !== null && stream.getAudioTracks().length > 0;
}
