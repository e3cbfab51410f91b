import { granted } from '../webidl/interface';

export interface Stats {
  id: string;
  timestamp: number;
  type: string;
  [figure: string]: unknown;
}

/** A map that cannot be changed. */
export class RTCStatsReport {
  readonly #stats: Map<string, Stats>;

  constructor(...args: unknown[]) {
    this.#stats = granted(args);
  }

  get size(): number {
    return this.#stats.size;
  }

  get(key: unknown): Stats | undefined {
    return this.#stats.get(`${key as string}`);
  }

  has(key: unknown): boolean {
    return this.#stats.has(`${key as string}`);
  }

  entries(): IterableIterator<[string, Stats]> {
    return this.#stats.entries();
  }

  keys(): IterableIterator<string> {
    return this.#stats.keys();
  }

  values(): IterableIterator<Stats> {
    return this.#stats.values();
  }

  forEach(callback: (value: Stats, key: string, report: RTCStatsReport) => void, thisArg?: unknown): void {
    const stats = this.#stats;
    if (typeof callback !== 'function') throw new TypeError('The callback is not a function');
    stats.forEach((value, key) => callback.call(thisArg, value, key, this));
  }

  static {
    const { entries } = this.prototype;
    const own = { value: entries, writable: true, configurable: true };
    Object.defineProperty(this.prototype, Symbol.iterator, own);
    Object.defineProperty(this.prototype.forEach, 'length', { value: 1, configurable: true });
  }
}
