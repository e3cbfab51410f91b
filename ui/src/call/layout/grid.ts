// Tiles of one size, in rows. Pure: from numbers to rectangles.

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What cameras and screens send; of these the one that fills the space best is taken, for all tiles alike. */
const ASPECTS = [16 / 9, 4 / 3];
/** On a screen that is held upright tiles may be so too: the pictures are cut at their sides. */
const UPRIGHT_ASPECTS = [...ASPECTS, 1, 3 / 4];

/** Space between tiles, in CSS pixels. */
export const GAP = 8;

/** The shapes that a tile may have on a stage of this size. */
export function aspectsFor(width: number, height: number): number[] {
  return height > width ? UPRIGHT_ASPECTS : ASPECTS;
}

/**
 * Lays `count` tiles of one size out in rows, as big as they fit into `width` × `height`. The rows are
 * centred as a block, and a last row that is not full is centred in itself.
 */
export function layoutTiles(
  count: number,
  width: number,
  height: number,
  aspects = aspectsFor(width, height),
  gap = GAP,
): Rectangle[] {
  let best = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const freeWidth = (width - gap * (columns - 1)) / columns;
    const freeHeight = (height - gap * (rows - 1)) / rows;
    for (const aspect of aspects) {
      const tileWidth = Math.max(0, Math.min(freeWidth, freeHeight * aspect));
      const area = tileWidth * (tileWidth / aspect);
      if (area > best.width * best.height) best = { columns, width: tileWidth, height: tileWidth / aspect };
    }
  }
  return Array.from({ length: Math.max(0, count) }, (_, index) =>
    place(index, count, width, height, best, gap),
  );
}

function place(
  index: number,
  count: number,
  width: number,
  height: number,
  tile: { columns: number; width: number; height: number },
  gap: number,
): Rectangle {
  const rows = Math.ceil(count / tile.columns);
  const row = Math.floor(index / tile.columns);
  const inRow = row === rows - 1 ? count - row * tile.columns : tile.columns;
  const column = index - row * tile.columns;
  const left = (width - inRow * tile.width - (inRow - 1) * gap) / 2;
  const top = (height - rows * tile.height - (rows - 1) * gap) / 2;
  return {
    x: left + column * (tile.width + gap),
    y: top + row * (tile.height + gap),
    width: tile.width,
    height: tile.height,
  };
}
