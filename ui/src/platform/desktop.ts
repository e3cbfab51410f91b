import { Channel, invoke } from '@tauri-apps/api/core';
import { Store } from '../call/store';
import { language } from '../messages';
import { browserMemory, keptByBrowser } from './browser';
import type {
  Desktop,
  OwnServer,
  Platform,
  Settings,
  Shell,
  ShellEvent,
  ShellWish,
  ShownCall,
} from './platform';
import { trayContent } from './tray';

declare global {
  interface Window {
    visavisDesktop?: Desktop;
    /** Whether the app has a WebRTC peer for a webview without one (src-tauri/native_peer.rs). */
    visavisNativePeer?: boolean;
  }
}

/** Whether the page runs in the desktop window. */
export function isDesktop(): boolean {
  return '__TAURI_INTERNALS__' in window;
}

/** Where the app's own WebRTC peer listens, and what admits this page there. */
export function nativePeer(): Promise<{ url: string; token: string }> {
  return invoke('native_peer');
}

/** The desktop window: its server is in the same process, and the shell does what a page cannot. */
export async function desktopPlatform(): Promise<Platform> {
  const memory = browserMemory();
  return {
    kind: 'desktop',
    memory,
    requestedRoom: null,
    // A window whose app does not answer can still tell that.
    ...(await attach().catch(() => keptByBrowser(memory))),
    server: () => invoke<OwnServer>('own_server'),
    openCall: (room) => invoke('open_call', { room }),
  };
}

/**
 * What the shell has put beside the page, so that nothing has to be waited for (src-tauri/window.rs). It is as old as
 * the window: a page that is loaded again asks.
 */
function asItBegan(): Desktop | undefined {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation?.type === 'navigate' ? window.visavisDesktop : undefined;
}

/** Learns how things are, and listens from now on. */
async function attach(): Promise<Required<Pick<Platform, 'settings' | 'keepSettings' | 'shell'>>> {
  const early: ShellWish[] = [];
  let take: ((wish: ShellWish) => void) | null = null;
  let desktop: Store<Desktop> | null = null;
  let news: Partial<Desktop> = {};
  const update = (change: Partial<Desktop>) => {
    news = { ...news, ...change };
    desktop?.update((before) => ({ ...before, ...change }));
  };

  const events = new Channel<ShellEvent>((event) => {
    if (event.type === 'notices') update({ notices: event.notices });
    else if (event.type === 'tray-changed') update({ trayAvailable: event.available });
    else if (take) take(event);
    else early.push(event);
  });
  const known = asItBegan();
  // The page begins with what is known. To ask the app takes as long as to show the lobby, so that comes first.
  const begun = known ? new Promise<void>((resolve) => void setTimeout(resolve)) : Promise.resolve();
  const attached = begun.then(() => invoke<Desktop>('attach', { events }));
  const first = known ?? (await attached);
  const present = (desktop = new Store<Desktop>({ ...first, ...news }));
  const follow = ({ link, notices, interfaces, trayAvailable }: Desktop) => {
    update({ notices, interfaces, trayAvailable, ...news });
    if (link === null) return;
    if (take) take({ type: 'link', link });
    else early.unshift({ type: 'link', link });
  };
  // Where the app does not answer, what it said before the page began has to do.
  if (known) attached.then(follow).catch(() => {});
  else follow(first);

  let shown: ShownCall | null = null;
  let told = begun;
  // One after the other: each is a task of its own in the app, and the last one said must be the last one heard.
  const showTray = () =>
    (told = told.catch(() => {}).then(() => invoke<void>('show_tray', { content: trayContent(shown) })));
  // At once, and in another language when that is chosen. The tray is a comfort: nothing depends on it.
  language.subscribe(() => void showTray().catch(() => {}));

  const shell: Shell = {
    desktop: present,
    listen(handle) {
      take = handle;
      for (const wish of early.splice(0)) handle(wish);
    },
    refresh: async () => present.set(await invoke<Desktop>('refresh')),
    showCall(call) {
      shown = call;
      return showTray();
    },
    closeQuestionShown: () => invoke('close_question_shown'),
    askToQuit: () => invoke('ask_to_quit'),
    quit: () => invoke('quit'),
    report: (page) => invoke<string>('report', { page }),
  };
  return {
    settings: first.settings,
    keepSettings: async (settings: Settings) =>
      present.set(await invoke<Desktop>('change_settings', { settings })),
    shell,
  };
}
