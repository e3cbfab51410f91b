// The overloads of before promises, which take two callbacks (W3C webrtc-pc, section 4.4.3).

type Callback = (value?: unknown) => void;

export interface Overload {
  /** Hands the outcome to the callbacks, if there are any; the promise then only tells that the call was made. */
  callbacks: <T, R = T>(outcome: Promise<T>) => Promise<R>;
  first: unknown;
}

/** `at`: which argument is the first callback. */
export function withCallbacks(args: unknown[], at: number): Overload {
  const [success, failure] = [args[at], args[at + 1]];
  if (typeof success !== 'function' || args.length < at + 2) {
    return { callbacks: <T, R>(outcome: Promise<T>) => outcome as unknown as Promise<R>, first: args[0] };
  }
  if (typeof failure !== 'function') throw new TypeError('The second callback is not a function');
  const callbacks = <T, R>(outcome: Promise<T>): Promise<R> => {
    outcome.then(
      (value) => (success as Callback)(value),
      (error: unknown) => (failure as Callback)(error),
    );
    return Promise.resolve(undefined as R);
  };
  return { callbacks, first: at === 0 ? args[2] : args[0] };
}
