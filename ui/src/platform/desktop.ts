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

/** Whether the page runs in the desktop window. */
export function isDesktop(): boolean {
  return '__TAURI_INTERNALS__' in window;
}

/** The desktop window: its server is in the same process, and the shell does what a page cannot. */
export async function desktopPlatform(): Promise<Platform> {
  const memory = browserMemory();
  // Asked beside what is waited for below: the lobby is of use as soon as both are there.
  let first: Promise<OwnServer> | null = invoke<OwnServer>('own_server');
  first.catch(() => {});
  return {
    kind: 'desktop',
    memory,
    requestedRoom: null,
    // A window whose app does not answer can still tell that.
    ...(await attach().catch(() => keptByBrowser(memory))),
    server() {
      const asked = first ?? invoke<OwnServer>('own_server');
      first = null;
      return asked;
    },
    openCall: (room) => invoke('open_call', { room }),
    openLink: (link) => invoke('open_link', { link }),
  };
}

/** Learns how things are, and listens from now on. */
async function attach(): Promise<Required<Pick<Platform, 'settings' | 'keepSettings' | 'shell'>>> {
  const early: ShellWish[] = [];
  let take: (wish: ShellWish) => void = (wish) => early.push(wish);
  let news: Partial<Desktop> = {};
  let update: (change: Partial<Desktop>) => void = (change) => (news = { ...news, ...change });

  const events = new Channel<ShellEvent>((event) => {
    if (event.type === 'notices') update({ notices: event.notices });
    else if (event.type === 'tray-changed') update({ trayAvailable: event.available });
    else take(event);
  });
  const first = await invoke<Desktop>('attach', { events });
  if (first.link !== null) early.unshift({ type: 'link', link: first.link });
  const desktop = new Store<Desktop>({ ...first, ...news });
  update = (change) => desktop.update((before) => ({ ...before, ...change }));

  let shown: ShownCall | null = null;
  let told = Promise.resolve();
  // One after the other: each is a task of its own in the app, and the last one said must be the last one heard.
  const showTray = () =>
    (told = told.catch(() => {}).then(() => invoke<void>('show_tray', { content: trayContent(shown) })));
  // At once, and in another language when that is chosen. The tray is a comfort: nothing depends on it.
  language.subscribe(() => void showTray().catch(() => {}));

  const shell: Shell = {
    desktop,
    listen(handle) {
      take = handle;
      for (const wish of early.splice(0)) handle(wish);
    },
    refresh: async () => desktop.set(await invoke<Desktop>('refresh')),
    showCall(call) {
      shown = call;
      return showTray();
    },
    closeQuestionShown: () => invoke('close_question_shown'),
    quit: () => invoke('quit'),
    report: (page) => invoke<string>('report', { page }),
  };
  return {
    settings: first.settings,
    keepSettings: async (settings: Settings) =>
      desktop.set(await invoke<Desktop>('change_settings', { settings })),
    shell,
  };
}
