import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../call/settings-rules';
import { desktopPlatform } from './desktop';
import type { Desktop, ShellEvent } from './platform';

const NOTICE = { type: 'no-network' } as const;

/** What the app answers to each command; a command without an answer is refused. */
let answers: Record<string, (given: never) => unknown>;
let asked: [string, unknown][];
let tell: (event: ShellEvent) => void;

beforeEach(() => {
  const first: Desktop = {
    settings: { ...DEFAULT_SETTINGS, name: 'Ada', port: 8443 },
    notices: [],
    interfaces: [],
    link: null,
    version: '1.2.3',
    trayAvailable: true,
  };
  asked = [];
  answers = { attach: () => first };
  let deliver = (_: unknown) => {};
  let index = 0;
  tell = (message) => deliver({ index: index++, message });
  const internals = {
    transformCallback: (callback: typeof deliver) => ((deliver = callback), 1),
    unregisterCallback: () => {},
    invoke: async (command: string, given: never) => {
      asked.push([command, given]);
      const answer = answers[command];
      if (!answer) throw new Error(`no ${command}`);
      return answer(given);
    },
  };
  vi.stubGlobal('window', { __TAURI_INTERNALS__: internals });
});
afterEach(() => void vi.unstubAllGlobals());

test('the page begins with what the app keeps', async () => {
  const platform = await desktopPlatform();
  expect(platform.settings).toMatchObject({ name: 'Ada', port: 8443 });
  expect(platform.shell?.desktop.get().version).toBe('1.2.3');
});

test('changed settings are the app’s to keep, and what it tells then is known', async () => {
  const platform = await desktopPlatform();
  const settings = { ...platform.settings, tray: false };
  answers['change_settings'] = () => ({ ...platform.shell?.desktop.get(), settings, notices: [NOTICE] });
  await platform.keepSettings(settings);
  expect(asked.at(-1)).toEqual(['change_settings', { settings }]);
  expect(platform.shell?.desktop.get().notices).toEqual([NOTICE]);
});

test('what the app wished before the page listened is not lost', async () => {
  const attach = answers['attach'];
  answers['attach'] = (given) => {
    tell({ type: 'close-asked', endsRooms: true });
    tell({ type: 'notices', notices: [NOTICE] });
    return { ...(attach?.(given) as Desktop), link: '482193775' };
  };
  const { shell } = await desktopPlatform();
  expect(shell?.desktop.get().notices).toEqual([NOTICE]);
  const wished: unknown[] = [];
  shell?.listen((wish) => wished.push(wish));
  tell({ type: 'leave' });
  expect(wished).toEqual([
    { type: 'link', link: '482193775' },
    { type: 'close-asked', endsRooms: true },
    { type: 'leave' },
  ]);
});

test('changed notices are known', async () => {
  const { shell } = await desktopPlatform();
  tell({ type: 'notices', notices: [NOTICE] });
  expect(shell?.desktop.get()).toMatchObject({ notices: [NOTICE], version: '1.2.3' });
});

test('an app that does not answer still has a page, with the settings of a browser', async () => {
  answers = {};
  const platform = await desktopPlatform();
  expect(platform).toMatchObject({ kind: 'desktop', settings: DEFAULT_SETTINGS });
  expect(platform.shell).toBeUndefined();
});

test('what the shell has put beside the page is not waited for, and what is newer follows', async () => {
  const attach = answers['attach'];
  let answer = (_: Desktop) => {};
  answers['attach'] = () => new Promise<Desktop>((resolve) => (answer = resolve));
  const first = attach?.(undefined as never) as Desktop;
  vi.stubGlobal('window', { ...window, visavisDesktop: first });
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ type: 'navigate' }] as never);
  const { settings, shell } = await desktopPlatform();
  expect(settings.name).toBe('Ada');
  const wished: unknown[] = [];
  shell?.listen((wish) => wished.push(wish));
  tell({ type: 'notices', notices: [NOTICE] });
  await vi.waitFor(() => expect(asked.map(([command]) => command)).toContain('attach'));
  answer({ ...first, link: '482193775', trayAvailable: false });
  await vi.waitFor(() => expect(wished).toEqual([{ type: 'link', link: '482193775' }]));
  expect(shell?.desktop.get()).toMatchObject({ notices: [NOTICE], trayAvailable: false });
  vi.restoreAllMocks();
});
