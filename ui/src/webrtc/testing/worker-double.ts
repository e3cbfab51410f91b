// A page without a browser, as far as the engine over the app's peer uses one before there are sound and pictures.

import type { News, Order } from '../worker/orders';

/** The page's worker: notes what it is told to do, and says what a test has it say. */
export class WorkerDouble {
  onmessage: ((event: { data: News }) => void) | null = null;
  readonly orders: Order[] = [];

  postMessage(order: Order): void {
    this.orders.push(order);
  }

  tell(news: News): void {
    this.onmessage?.({ data: news });
  }
}

/** The next worker that the page starts is this one. */
export function installWorkerDouble(worker = new WorkerDouble()): WorkerDouble {
  const Worker = function () {
    return worker;
  };
  const document = { createElement: () => ({ canPlayType: () => '' }) };
  Object.assign(globalThis, { Worker, document });
  return worker;
}
