// Which tile goes where. Pure: from the tiles, what the person chose and the size of the stage to rectangles.

import type { Tile } from '../state';
import { floatAt, LOWER_RIGHT, type Position } from './floating';
import { aspectsFor, GAP, layoutTiles, type Rectangle } from './grid';

export const LAYOUTS = ['grid', 'speaker', 'strip'] as const;
/** All alike; only who speaks; one large, and all others in a strip beside it. */
export type LayoutName = (typeof LAYOUTS)[number];

export const OWN_PLACES = ['placed', 'floating', 'hidden'] as const;
/** One's own picture: among the others, over them, or not shown. */
export type OwnPlace = (typeof OWN_PLACES)[number];

/** What the person chose. */
export interface LayoutWish {
  layout: LayoutName;
  /** The key of the tile that stays large while it is there. */
  pinned: string | null;
  /** Null: as it suits the layout. */
  own: OwnPlace | null;
  /** Where one's own picture floats. */
  position: Position;
  /** The screen that was shared when the layout was chosen: it is not made large against that. */
  despite: string | null;
}

export const NO_WISH: LayoutWish = {
  layout: 'grid',
  pinned: null,
  own: null,
  position: LOWER_RIGHT,
  despite: null,
};

export type ArrangedTile = Pick<Tile, 'key' | 'kind' | 'self'>;

export interface Place extends Rectangle {
  role: 'equal' | 'large' | 'small' | 'floating';
}

export interface Arrangement {
  /** What came of the wish. */
  layout: LayoutName;
  own: OwnPlace;
  /** By the tiles' keys; who has none is not shown. */
  places: Map<string, Place>;
}

export interface Size {
  width: number;
  height: number;
}

/** The strip's depth, of the stage's longer side: the first at which the tiles in it are large enough, or the last. */
const STRIP_SHARES = [0.2, 0.25, 0.3, 0.35, 0.4];
/** In CSS pixels: on a smaller one nobody is recognised, and no name can be read. */
const SMALL_LEAST = { width: 84, height: 60 };

/** A phone's picture as it is held, and as it lies: others lose their sides on an upright stage. */
const SINGLE_ASPECT = { narrowest: 9 / 16, widest: 16 / 9 };

/** `speaker`: the key of who spoke last. */
export function arrange(
  tiles: readonly ArrangedTile[],
  wish: LayoutWish,
  speaker: string | null,
  { width, height }: Size,
): Arrangement {
  const others = tiles.filter((tile) => !isOwnPicture(tile));
  const own = tiles.find(isOwnPicture);
  const large = largeOf(tiles, wish, speaker);
  const layout = wish.layout === 'grid' && large !== null ? 'strip' : wish.layout;
  const ownPlace = placeOfOwn(wish, layout, others.length);
  const seated = (ownPlace === 'placed' ? tiles : others).map(({ key }) => key);

  const places =
    large === null || seated.length < 2
      ? equal(seated, width, height)
      : layout === 'speaker'
        ? new Map([[large, filling(large, tiles, { x: 0, y: 0, width, height })]])
        : withStrip(large, seated, tiles, width, height);
  if (own && ownPlace === 'floating')
    places.set(own.key, { ...floatAt(wish.position, width, height), role: 'floating' });
  return { layout, own: ownPlace, places };
}

/** The tile that is larger than the others, if one is. */
export function largeOf(
  tiles: readonly ArrangedTile[],
  { layout, pinned, despite }: LayoutWish,
  speaker: string | null,
): string | null {
  const isThere = (key: string | null) => tiles.some((tile) => tile.key === key);
  if (isThere(pinned)) return pinned;
  const screen = screenOf(tiles);
  if (screen !== null && screen !== despite) return screen;
  if (layout === 'grid') return null;
  if (isThere(speaker)) return speaker;
  return (tiles.find((tile) => !isOwnPicture(tile)) ?? tiles[0])?.key ?? null;
}

/** What somebody else shares; the latest comer's of several. */
export function screenOf(tiles: readonly ArrangedTile[]): string | null {
  return tiles.filter(({ kind, self }) => kind === 'screen' && !self).at(-1)?.key ?? null;
}

function isOwnPicture({ kind, self }: ArrangedTile): boolean {
  return self && kind === 'camera';
}

/** Who is alone sees nobody but oneself. */
function placeOfOwn(wish: LayoutWish, layout: LayoutName, others: number): OwnPlace {
  if (others === 0) return 'placed';
  const place = wish.own ?? (others === 1 ? 'floating' : 'placed');
  return layout === 'speaker' && place === 'placed' ? 'floating' : place;
}

function equal(keys: string[], width: number, height: number): Map<string, Place> {
  const room = { x: 0, y: 0, width, height };
  const rectangles = keys.length === 1 ? [single(room)] : layoutTiles(keys.length, width, height);
  return placed(keys, rectangles, 'equal');
}

function withStrip(
  large: string,
  keys: string[],
  tiles: readonly ArrangedTile[],
  width: number,
  height: number,
): Map<string, Place> {
  const beside = width >= height;
  const small = keys.filter((key) => key !== large);
  const { depth, rectangles } = stripOf(small.length, beside, width, height);
  const rest = Math.max(0, (beside ? width : height) - depth - GAP);
  const main = { x: 0, y: 0, width: beside ? rest : width, height: beside ? height : rest };
  const [x, y] = beside ? [rest + GAP, 0] : [0, rest + GAP];
  const places = placed(
    small,
    rectangles.map((rectangle) => ({ ...rectangle, x: rectangle.x + x, y: rectangle.y + y })),
    'small',
  );
  return places.set(large, filling(large, tiles, main));
}

function stripOf(count: number, beside: boolean, width: number, height: number) {
  const aspects = aspectsFor(width, height);
  const strips = STRIP_SHARES.map((share) => {
    const depth = share * (beside ? width : height);
    const rectangles = beside
      ? layoutTiles(count, depth, height, aspects)
      : layoutTiles(count, width, depth, aspects);
    return { depth, rectangles };
  });
  const isEnough = ({ rectangles: [first] }: (typeof strips)[number]) =>
    !first || (first.width >= SMALL_LEAST.width && first.height >= SMALL_LEAST.height);
  return strips.find(isEnough) ?? (strips.at(-1) as (typeof strips)[number]);
}

/** A screen takes all the room and is shown whole; of a camera's picture not too much is cut. */
function filling(key: string, tiles: readonly ArrangedTile[], room: Rectangle): Place {
  if (tiles.some((tile) => tile.key === key && tile.kind === 'screen')) return { ...room, role: 'large' };
  return { ...single(room), role: 'large' };
}

/** A single picture fills the room as far as its shape allows. */
function single({ x, y, width, height }: Rectangle): Rectangle {
  const wide = Math.min(width, height * SINGLE_ASPECT.widest);
  const high = Math.min(height, width / SINGLE_ASPECT.narrowest);
  return { x: x + (width - wide) / 2, y: y + (height - high) / 2, width: wide, height: high };
}

function placed(keys: string[], rectangles: Rectangle[], role: Place['role']): Map<string, Place> {
  return new Map(
    keys.flatMap((key, index) => {
      const rectangle = rectangles[index];
      return rectangle ? [[key, { ...rectangle, role }]] : [];
    }),
  );
}
