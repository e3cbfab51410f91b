// How much one encodes for each other participant. In a mesh everybody encodes once per other, and shows more
// and smaller pictures the more there are: so each picture may be smaller too.

/** What `RTCRtpEncodingParameters` takes (W3C webrtc-pc, section 5.2.5). */
export type Effort = Required<
  Pick<RTCRtpEncodingParameters, 'maxBitrate' | 'maxFramerate' | 'scaleResolutionDownBy'>
>;

export interface CameraEffort extends Effort {
  /** Whether the picture is sent at all. */
  active: boolean;
}

/** What a camera gives, as good as a local network carries, in bits and frames per second. */
const FULL: CameraEffort = {
  active: true,
  maxBitrate: 1_500_000,
  maxFramerate: 30,
  scaleResolutionDownBy: 1,
};

/** So many full pictures a machine with two cores encodes; more others share their pixels and bits. */
const FULL_PICTURES = 2;

/** For each link, while there are so many others: fewer pixels, never fewer frames, for a face that moves is alive. */
export function effortFor(others: number): CameraEffort {
  const share = Math.min(1, FULL_PICTURES / Math.max(1, others));
  return {
    ...FULL,
    maxBitrate: Math.round(FULL.maxBitrate * share),
    scaleResolutionDownBy: Math.sqrt(1 / share),
  };
}

export function isSameEffort(one: CameraEffort, other: CameraEffort): boolean {
  return (Object.keys(one) as (keyof CameraEffort)[]).every((name) => one[name] === other[name]);
}
