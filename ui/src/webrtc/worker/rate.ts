/** What counts as now for a rate, in ms. */
const WINDOW_MS = 1000;

/** Events a second, over the last second. */
export class Rate {
  #times: number[] = [];

  count(): void {
    this.#times.push(performance.now());
    this.#forget();
  }

  perSecond(): number {
    this.#forget();
    return this.#times.length;
  }

  #forget(): void {
    const since = performance.now() - WINDOW_MS;
    while (this.#times.length > 0 && (this.#times[0] ?? 0) < since) this.#times.shift();
  }
}
