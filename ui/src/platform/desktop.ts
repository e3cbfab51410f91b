import { invoke } from '@tauri-apps/api/core';
import { browserMemory } from './browser';
import type { OwnServer, Platform } from './platform';

/** Whether the page runs in the desktop window. */
export function isDesktop(): boolean {
  return '__TAURI_INTERNALS__' in window;
}

/** The desktop window: its server is in the same process, and the shell does what a page cannot. */
export function desktopPlatform(): Platform {
  return {
    kind: 'desktop',
    memory: browserMemory(),
    requestedRoom: null,
    server: () => invoke<OwnServer>('own_server'),
    openCall: (room) => invoke('open_call', { room }),
    openLink: (link) => invoke('open_link', { link }),
  };
}
