// The engine that connections of this page are made with: a constructor that the platform defines has no room for it.

import type { Engine } from '../engine';

let current: Engine | null = null;

export function useEngine(engine: Engine): void {
  current = engine;
}

export function engineInUse(): Engine {
  if (!current) throw new Error('install() was not called');
  return current;
}
