// How much one encodes for each other participant. In a mesh everybody encodes once per other, and shows more
// and smaller pictures the more there are: so each picture may be smaller too.

/** What `RTCRtpEncodingParameters` takes (W3C webrtc-pc, section 5.2.5). */
export type Effort = Required<
  Pick<RTCRtpEncodingParameters, 'maxBitrate' | 'maxFramerate' | 'scaleResolutionDownBy'>
>;

// Bits and frames per second, and by how much the camera's picture is made smaller. Each step keeps the pixels for
// all others together at about two full pictures, which a machine with two cores encodes.

/** What a camera gives, as good as a local network carries. */
const FULL: Effort = { maxBitrate: 1_500_000, maxFramerate: 30, scaleResolutionDownBy: 1 };
/** Four tiles are still large: fewer frames. */
const CALMER: Effort = { maxBitrate: 800_000, maxFramerate: 20, scaleResolutionDownBy: 1 };
/** Five tiles and more are small: a quarter of the pixels. */
const SMALL: Effort = { maxBitrate: 300_000, maxFramerate: 15, scaleResolutionDownBy: 2 };

/** For each link, while there are so many others. */
export function effortFor(others: number): Effort {
  if (others <= 2) return FULL;
  return others === 3 ? CALMER : SMALL;
}
