import type { Component } from 'svelte';
import type { App } from '../call/app';
import { announce } from './announcer.svelte';
import { t } from './words';

// Which dialog the person opened. One for the page, so that whatever opens it needs not know where it is.

type AppDialog = Component<{ app: App }> | null;
export const dialogs = $state<{ settings: AppDialog; shortcuts: AppDialog }>({
  settings: null,
  shortcuts: null,
});

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

export async function openShortcuts(): Promise<void> {
  try {
    dialogs.shortcuts = (await import('./controls/ShortcutsDialog.svelte')).default;
  } catch {
    announce(t('problem.server-unreachable'));
  }
}

export function closeShortcuts(): void {
  dialogs.shortcuts = null;
}

/** Whether the next Escape belongs to a dialog or a menu. */
export function isSomethingOpen(): boolean {
  return document.querySelector('dialog[open], :popover-open') !== null;
}
