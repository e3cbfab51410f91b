import type { Effort } from './effort';
import type { ScreenContent } from './share';

// What is encoded of a screen for each other participant: all of them look at it, however many they are, so it keeps
// its pixels as long as it can. In a mesh each of them costs an encoder.

/** Legible at once, and enough frames to follow a hand that points. */
const TEXT: Effort = { maxBitrate: 2_500_000, maxFramerate: 10, scaleResolutionDownBy: 1 };
/** A film as it is. */
const MOTION: Effort = { maxBitrate: 3_000_000, maxFramerate: 30, scaleResolutionDownBy: 1 };
/** For more than two others: text changes seldom, and a film is shown smaller. */
const TEXT_FOR_MANY: Effort = { maxBitrate: 1_200_000, maxFramerate: 5, scaleResolutionDownBy: 1 };
const MOTION_FOR_MANY: Effort = { maxBitrate: 1_000_000, maxFramerate: 15, scaleResolutionDownBy: 2 };

export function screenEffort(content: ScreenContent, others: number): Effort {
  if (others > 2) return content === 'text' ? TEXT_FOR_MANY : MOTION_FOR_MANY;
  return content === 'text' ? TEXT : MOTION;
}
