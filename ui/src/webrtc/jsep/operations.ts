// The operations chain of a connection (W3C webrtc-pc, section 4.4.1.2): what changes descriptions is done one
// after the other.

import { closedError } from '../webidl/errors';

export class Operations {
  readonly #waiting: (() => void)[] = [];
  #running = false;
  readonly #isClosed: () => boolean;
  readonly #emptied: () => void;

  constructor(isClosed: () => boolean, emptied: () => void) {
    this.#isClosed = isClosed;
    this.#emptied = emptied;
  }

  get empty(): boolean {
    return !this.#running;
  }

  /** What is still under way when the connection is closed never settles. */
  chain<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#isClosed()) return Promise.reject(closedError());
    return new Promise<T>((resolve, reject) => {
      const run = (): void => {
        const settle = (then: () => void) => {
          if (this.#isClosed()) return;
          then();
          this.#next();
        };
        started(operation).then(
          (value) => settle(() => resolve(value)),
          (error: unknown) => settle(() => reject(error as Error)),
        );
      };
      if (this.#running) this.#waiting.push(run);
      else {
        this.#running = true;
        run();
      }
    });
  }

  #next(): void {
    const run = this.#waiting.shift();
    if (run) return run();
    this.#running = false;
    this.#emptied();
  }
}

function started<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return operation();
  } catch (error) {
    return Promise.reject(error as Error);
  }
}
