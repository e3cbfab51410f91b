// Tasks of the event loop ("queue a task"). Not timers: those of a hidden window are held back.

const waiting: (() => void)[] = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => waiting.shift()?.();

/** Runs this in a task of its own, in the order of the calls. */
export function queueTask(task: () => void): void {
  waiting.push(task);
  port2.postMessage(null);
}

/** Resolves within a task of its own; what is done at once on it is done in that task. */
export const nextTask = (): Promise<void> => new Promise((resolve) => queueTask(resolve));
