import type { Scope } from './scope';

/**
 * Keeps the screen awake until the scope ends, where the browser can (W3C Screen Wake Lock). The lock goes with the
 * page out of sight, and is taken again when it is back.
 */
export function keepAwake(scope: Scope): void {
  const { wakeLock } = navigator as Partial<Pick<Navigator, 'wakeLock'>>;
  if (!wakeLock) return;
  let held: WakeLockSentinel | null = null;
  let asking = false;
  const take = async () => {
    const isHeld = held !== null && !held.released;
    if (asking || isHeld || scope.ended || document.visibilityState !== 'visible') return;
    asking = true;
    try {
      const lock = await wakeLock.request('screen');
      if (scope.ended) release(lock);
      else held = lock;
    } catch {
      // A battery that is nearly empty, say: the call goes on without.
    } finally {
      asking = false;
    }
  };
  scope.listen(document, 'visibilitychange', () => void take());
  scope.add(() => held && release(held));
  void take();
}

function release(lock: WakeLockSentinel): void {
  lock.release().catch(() => {});
}
