import type { Component } from 'svelte';
import type { App } from '../call/app';
import { announce } from './announcer.svelte';
import { t } from './words';

// Which dialog the person opened. One for the page, so that whatever opens it needs not know where it is.

export const dialogs = $state<{ settings: Component<{ app: App }> | null }>({ settings: null });

/** The settings come when they are asked for: most who join a call never look at them. */
export async function openSettings(): Promise<void> {
  try {
    dialogs.settings = (await import('./settings/Settings.svelte')).default;
  } catch {
    announce(t('problem.server-unreachable'));
  }
}

export function closeSettings(): void {
  dialogs.settings = null;
}
