// Whether a machine or a network carries a call, from two looks at the figures of its links. Pure.

import type { CameraEffort } from './effort';
import type { LinkFigures } from './link-figures';

/** What was seen of a link between two looks, and how it was to be encoded. */
export interface Look {
  before: LinkFigures;
  after: LinkFigures;
  effort: CameraEffort;
}

/** An encoder that is at work for so much of the time is about to fall behind. */
const BUSY_ENCODER = 0.8;
/** All encoders together, as a part of the cores: the rest decodes, draws and belongs to others. */
const BUSY_CORES = 0.6;
/** Of the frames that come, so many are no longer shown. A few are lost in every change of speed. */
const MANY_DROPPED = 0.3;
/** Fewer say nothing. */
const ENOUGH_FRAMES = 10;
/** Of the packets, so many are lost: what sends again and estimates has not helped. */
const HEAVY_LOSS = 0.2;
/** Bits that a pixel of a frame needs to be worth seeing: a talking head, in VP8. */
const BITS_PER_PIXEL = 0.04;
/** Where the camera does not say: 640 by 480. */
const USUAL_PIXELS = 640 * 480;

/** `cores`: of this machine; `watched`: whether the page is in sight, for one that is not drops frames on purpose. */
export function machineIsStrained(looks: readonly Look[], cores: number, watched: boolean): boolean {
  if (looks.some(({ after, effort }) => effort.active && after.sent?.limitedBy === 'cpu')) return true;
  const busy = looks.map(encoderShare);
  if (busy.some((share) => share > BUSY_ENCODER)) return true;
  if (sum(busy) > BUSY_CORES * cores) return true;
  const came = sum(looks.map((look) => growth(look, (figures) => figures.received?.frames)));
  const dropped = sum(looks.map((look) => growth(look, (figures) => figures.received?.dropped)));
  return watched && came >= ENOUGH_FRAMES && dropped > MANY_DROPPED * came;
}

export function networkIsStrained(look: Look): boolean {
  const { after, effort } = look;
  const { sent, loss, available } = after;
  // Where nothing is sent, all that is told is of before.
  if (!sent || !effort.active || !isFed(look)) return false;
  if (loss !== null && loss > HEAVY_LOSS) return true;
  // Where it is known what there is, that counts: an encoder also says so when it is just kept to its limit.
  if (available === null) return sent.limitedBy === 'bandwidth';
  return available < Math.min(effort.maxBitrate, needed(sent, effort));
}

/** Whether the encoder is given pictures: without a camera there may be one all the same. */
function isFed(look: Look): boolean {
  return growth(look, ({ sent }) => sent?.frames) > 0 || (look.after.sent?.offered ?? 0) > 0;
}

/** Bits per second. */
function needed({ pixels, offered }: NonNullable<LinkFigures['sent']>, effort: CameraEffort): number {
  const frames = Math.min(offered ?? Infinity, effort.maxFramerate);
  const sentPixels = (pixels ?? USUAL_PIXELS) / effort.scaleResolutionDownBy ** 2;
  return BITS_PER_PIXEL * sentPixels * frames;
}

/** For how much of the time its encoder was at work. */
function encoderShare(look: Look): number {
  const seconds = (look.after.at - look.before.at) / 1000;
  const encoding = growth(look, (figures) => figures.sent?.encoding);
  return seconds > 0 ? encoding / seconds : 0;
}

/** What was counted anew meanwhile, or is not counted, has not grown. */
function growth({ before, after }: Look, count: (figures: LinkFigures) => number | null | undefined): number {
  const [was, is] = [count(before), count(after)];
  return typeof was === 'number' && typeof is === 'number' ? Math.max(0, is - was) : 0;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
