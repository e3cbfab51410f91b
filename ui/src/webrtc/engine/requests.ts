import { EngineError, type EngineErrorCode } from '../engine';
import type { AppMessage } from '../wire';

/** What the app answers to requests. */
export type Answer = Extract<AppMessage, { request: number }>;

interface Pending {
  connection: number;
  answer: (answer: Answer) => void;
  reject: (error: EngineError) => void;
}

/** What was asked of the app and is not answered yet. */
export class Requests {
  readonly #newNumber: () => number;
  readonly #pending = new Map<number, Pending>();

  constructor(newNumber: () => number) {
    this.#newNumber = newNumber;
  }

  /** A number to ask with, and the answer of this type. */
  make<Type extends Answer['type']>(
    connection: number,
    type: Type,
  ): { request: number; answered: Promise<Extract<AppMessage, { type: Type }>> } {
    const request = this.#newNumber();
    const answered = new Promise<Extract<AppMessage, { type: Type }>>((resolve, reject) => {
      const answer = (given: Answer) => {
        if (given.type === 'refused')
          reject(new EngineError(given.code satisfies EngineErrorCode, given.message));
        else if (given.type !== type) reject(new EngineError('fault', 'The app answered something else.'));
        else resolve(given as Extract<AppMessage, { type: Type }>);
      };
      this.#pending.set(request, { connection, answer, reject });
    });
    return { request, answered };
  }

  hear(answer: Answer): void {
    const pending = this.#pending.get(answer.request);
    this.#pending.delete(answer.request);
    pending?.answer(answer);
  }

  /** What was asked of this connection will not be answered. */
  fail(connection: number, error: EngineError): void {
    for (const [request, pending] of this.#pending) {
      if (pending.connection !== connection) continue;
      this.#pending.delete(request);
      pending.reject(error);
    }
  }
}
