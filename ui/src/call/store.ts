/**
 * A value that can be watched: the contract of Svelte's stores, without Svelte. `subscribe` calls at once
 * with the present value, then with each one that is not the same as the one before.
 */
export class Store<T> {
  #value: T;
  readonly #watchers = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const watcher of [...this.#watchers]) watcher(value);
  }

  update(change: (value: T) => T): void {
    this.set(change(this.#value));
  }

  /** Returns the function that ends the watching. */
  subscribe(watcher: (value: T) => void): () => void {
    const own = (value: T) => watcher(value);
    this.#watchers.add(own);
    own(this.#value);
    return () => void this.#watchers.delete(own);
  }
}
