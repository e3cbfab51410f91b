// Which way a phone's camera looks.

import type { DeviceLists } from './device-list';

/** `user`: at the person who holds the phone; `environment`: away (W3C Media Capture and Streams, section 4.3). */
export type Facing = 'user' | 'environment';

/** Of the camera whose picture this is; null where it does not say, as at a desk. */
export function facingOf(stream: MediaStream | null): Facing | null {
  const facing = stream?.getVideoTracks()[0]?.getSettings().facingMode;
  return facing === 'user' || facing === 'environment' ? facing : null;
}

/** Whether there is a camera that looks the other way. */
export function canTurn(stream: MediaStream | null, { camera }: DeviceLists): boolean {
  return camera.length > 1 && facingOf(stream) !== null;
}

export function otherSide(facing: Facing | null): Facing {
  return facing === 'environment' ? 'user' : 'environment';
}
