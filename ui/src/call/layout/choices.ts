import type { Tile } from '../state';
import { Store } from '../store';
import { NO_WISH, screenOf, type LayoutName, type LayoutWish, type OwnPlace } from './arrange';
import type { Position } from './floating';

/** How the person wants to see the call. */
export class LayoutChoices {
  readonly wish = new Store<LayoutWish>(NO_WISH);

  /** A layout that is chosen counts at once: nothing stays pinned, and a screen that is shared gives way to it. */
  choose(layout: LayoutName, tiles: readonly Tile[]): void {
    const despite = layout === 'grid' ? screenOf(tiles) : null;
    this.#change({ layout, pinned: null, despite });
  }

  /** Makes this tile large until it is unpinned or gone. */
  togglePin(key: string): void {
    this.#change({ pinned: this.wish.get().pinned === key ? null : key });
  }

  /** One's own picture. */
  placeOwn(own: OwnPlace): void {
    this.#change({ own });
  }

  /** One's own picture floats, here. */
  moveOwn(position: Position): void {
    this.#change({ own: 'floating', position });
  }

  #change(change: Partial<LayoutWish>): void {
    this.wish.update((wish) => ({ ...wish, ...change }));
  }
}
