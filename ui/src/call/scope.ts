/**
 * Ends everything that was begun in it: listeners, timers, connections. What is added to a scope that has
 * ended is ended at once, so that nothing started late (after an `await`) is left behind.
 */
export class Scope {
  #ended = false;
  readonly #endings = new Set<() => void>();

  get ended(): boolean {
    return this.#ended;
  }

  /** Calls `end` when the scope ends. Returns what forgets it again without calling it. */
  add(end: () => void): () => void {
    if (this.#ended) {
      end();
      return () => {};
    }
    const own = () => end();
    this.#endings.add(own);
    return () => void this.#endings.delete(own);
  }

  listen(target: EventTarget, type: string, listener: (event: Event) => void): void {
    if (this.#ended) return;
    target.addEventListener(type, listener);
    this.add(() => target.removeEventListener(type, listener));
  }

  /** Returns what cancels it. */
  timeout(run: () => void, milliseconds: number): () => void {
    if (this.#ended) return () => {};
    const timer = setTimeout(() => {
      forget();
      run();
    }, milliseconds);
    const forget = this.add(() => clearTimeout(timer));
    return () => {
      forget();
      clearTimeout(timer);
    };
  }

  /** Returns what cancels it. */
  interval(run: () => void, milliseconds: number): () => void {
    if (this.#ended) return () => {};
    const timer = setInterval(run, milliseconds);
    const forget = this.add(() => clearInterval(timer));
    return () => {
      forget();
      clearInterval(timer);
    };
  }

  /** Ends what was added, the latest first; the second time it does nothing. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const endings = [...this.#endings].reverse();
    this.#endings.clear();
    for (const end of endings) end();
  }
}
