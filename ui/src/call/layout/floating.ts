// A picture that floats over the others. Pure: from fractions to rectangles and back.

import { GAP, type Rectangle } from './grid';

/** Where it is in the room that there is for it: 0 is left or top, 1 right or bottom. */
export interface Position {
  x: number;
  y: number;
}

/** Whoever hides the least: names are at the left of a tile. */
export const LOWER_RIGHT: Position = { x: 1, y: 1 };

/** Of the stage's shorter side: one sees oneself, and the others behind it. */
const SHARE = 0.34;
/** Its width, in CSS pixels: below one sees nothing, above it is in the way. */
const WIDTHS = { least: 104, most: 256 };
/** Upright where the stage is, as the phone's camera is. */
const ASPECT = { wide: 16 / 9, upright: 3 / 4 };
/** How far from the stage's edge. */
const MARGIN = 2 * GAP;
/** One press of an arrow key, as a part of the way. */
export const STEP = 0.1;

/** The rectangle of the floating picture on a stage of this size. */
export function floatAt(position: Position, width: number, height: number): Rectangle {
  const size = sizeOn(width, height);
  const free = freeOn(width, height);
  return { x: MARGIN + position.x * free.width, y: MARGIN + position.y * free.height, ...size };
}

/** The position at which the picture's upper left corner is nearest to this point of the stage. */
export function positionAt(x: number, y: number, width: number, height: number): Position {
  const free = freeOn(width, height);
  return {
    x: free.width > 0 ? within((x - MARGIN) / free.width) : 0,
    y: free.height > 0 ? within((y - MARGIN) / free.height) : 0,
  };
}

/** `x` and `y` steps on, as far as there is room. */
export function stepped(position: Position, x: number, y: number): Position {
  return { x: within(position.x + x * STEP), y: within(position.y + y * STEP) };
}

/** The next corner, clockwise, of the one that the position is nearest to. */
export function nextCorner({ x, y }: Position): Position {
  const [right, low] = [x >= 0.5, y >= 0.5];
  if (right) return low ? { x: 0, y: 1 } : { x: 1, y: 1 };
  return low ? { x: 0, y: 0 } : { x: 1, y: 0 };
}

function sizeOn(width: number, height: number) {
  const upright = height > width;
  const wished = Math.min(width, height) * SHARE * (upright ? ASPECT.upright : 1);
  const most = Math.min(WIDTHS.most, Math.max(0, width - 2 * MARGIN));
  const floatWidth = Math.min(most, Math.max(WIDTHS.least, wished));
  return { width: floatWidth, height: floatWidth / (upright ? ASPECT.upright : ASPECT.wide) };
}

function freeOn(width: number, height: number) {
  const size = sizeOn(width, height);
  return {
    width: Math.max(0, width - 2 * MARGIN - size.width),
    height: Math.max(0, height - 2 * MARGIN - size.height),
  };
}

function within(part: number): number {
  return Math.min(1, Math.max(0, part));
}
