import { afterEach, describe, expect, test, vi } from 'vitest';
import { keptByBrowser } from '../platform/browser';
import type { Memory, Platform, Settings } from '../platform/platform';
import { Preferences } from './settings';
import { DEFAULT_SETTINGS, RULES, portFromText } from './settings-rules';
import { FakeShell } from './testing/fake-page';

afterEach(() => void vi.unstubAllGlobals());

const TURN = { urls: ['turn:192.0.2.9:3478?transport=tcp'], username: 'ada', credential: 'secret' };

describe('a value', () => {
  test.each<[keyof Settings, unknown]>([
    ['name', ''],
    ['name', 'Ada Lovelace'],
    ['colour', 'teal'],
    ['camera', null],
    ['camera', 'a'.repeat(64)],
    ['language', 'zh-Hans'],
    ['theme', 'dark'],
    ['networkInterface', 'enp3s0'],
    ['port', 0],
    ['port', 1024],
    ['port', 65_535],
    ['visible', true],
    ['iceServers', []],
    ['iceServers', [{ urls: ['stun:turn.example.org'], username: null, credential: null }]],
    ['iceServers', [{ urls: ['stuns:[2001:db8::1]:5349'], username: null, credential: null }]],
    ['iceServers', [TURN]],
    ['logLevel', 'trace'],
  ])('of %s is taken: %j', (field, value) => {
    expect(RULES[field](value as never)).toBeNull();
  });

  test.each<[keyof Settings, unknown, string]>([
    ['name', 'a'.repeat(65), 'setting.name'],
    ['name', 'A\u202eda', 'setting.name'],
    ['colour', 'beige', 'setting.other'],
    ['camera', '', 'setting.other'],
    ['speaker', 'x'.repeat(257), 'setting.other'],
    ['language', 'fr', 'setting.other'],
    ['theme', '', 'setting.other'],
    ['networkInterface', 'eth\n0', 'setting.other'],
    ['port', 1023, 'setting.port'],
    ['port', 65_536, 'setting.port'],
    ['port', 8080.5, 'setting.port'],
    ['port', NaN, 'setting.port'],
    ['visible', 'yes', 'setting.other'],
    ['iceServers', Array(9).fill(TURN), 'setting.ice-many'],
    ['iceServers', [{ ...TURN, urls: [] }], 'setting.ice-url'],
    ['iceServers', [{ ...TURN, urls: Array(5).fill(TURN.urls[0]) }], 'setting.ice-url'],
    ['iceServers', [{ ...TURN, urls: ['https://192.0.2.9'] }], 'setting.ice-url'],
    ['iceServers', [{ ...TURN, urls: ['turn:ada@192.0.2.9'] }], 'setting.ice-url'],
    ['iceServers', [{ ...TURN, urls: ['turn:192.0.2.9:0'] }], 'setting.ice-url'],
    ['iceServers', [{ ...TURN, urls: ['turn:192.0.2.9:65536'] }], 'setting.ice-url'],
    ['iceServers', [{ ...TURN, urls: ['stun:192.0.2.9?transport=udp'] }], 'setting.ice-url'],
    ['iceServers', [{ ...TURN, credential: null }], 'setting.ice-secret'],
    ['iceServers', [{ ...TURN, username: 'ada\u0000' }], 'setting.ice-secret'],
    ['logLevel', 'loud', 'setting.other'],
  ])('of %s is refused in words: %j', (field, value, key) => {
    expect(RULES[field](value as never)?.key).toBe(key);
  });
});

test.each([
  ['', 0],
  [' 8443 ', 8443],
  ['８４４３', 8443],
  ['8e3', NaN],
  ['-1', NaN],
  ['123456', NaN],
])('the port is read from %j', (typed, port) => {
  expect(portFromText(typed)).toBe(port);
});

/** Keeps nothing until told to. */
function keeper(change: Partial<Platform> = {}) {
  const kept: Settings[] = [];
  const answers: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  const platform = {
    settings: DEFAULT_SETTINGS,
    keepSettings: (settings: Settings) => {
      kept.push(settings);
      return new Promise<void>((resolve, reject) => void answers.push({ resolve, reject }));
    },
    ...change,
  } as Platform;
  return { kept, answers, preferences: new Preferences(platform) };
}

describe('a change', () => {
  test('counts at once and is kept', () => {
    const { kept, preferences } = keeper();
    preferences.change('theme', 'dark');
    expect(preferences.settings.theme).toBe('dark');
    expect(kept).toEqual([{ ...DEFAULT_SETTINGS, theme: 'dark' }]);
  });

  test('that is refused is said beside its field, and kept nowhere', () => {
    const { kept, preferences } = keeper();
    preferences.changePort('80');
    expect(preferences.state.get()).toMatchObject({
      settings: { port: 0 },
      refused: { port: { key: 'setting.port', values: { first: '1024', last: '65535' } } },
    });
    expect(kept).toEqual([]);
    preferences.changePort('8443');
    expect(preferences.state.get().refused).toEqual({});
    expect(kept.at(-1)?.port).toBe(8443);
  });

  test('to what it was is none', () => {
    const { kept, preferences } = keeper();
    preferences.change('theme', 'system');
    expect(kept).toEqual([]);
  });

  test('of a name leaves out what a name cannot have', () => {
    const { kept, preferences } = keeper();
    preferences.changeName('  Ada\u200b  Lovelace ');
    expect(kept.at(-1)?.name).toBe('Ada Lovelace');
  });

  test('during a saving waits for it, and only the latest is saved', async () => {
    const { kept, answers, preferences } = keeper();
    preferences.change('theme', 'dark');
    preferences.change('colour', 'red');
    preferences.change('colour', 'blue');
    expect(kept).toHaveLength(1);
    answers[0]?.resolve();
    await vi.waitFor(() => expect(kept).toHaveLength(2));
    expect(kept[1]).toMatchObject({ theme: 'dark', colour: 'blue' });
  });

  test('that the app refuses is taken back, with the reason; others stay', async () => {
    const { kept, answers, preferences } = keeper();
    preferences.change('port', 8443);
    preferences.change('theme', 'dark');
    answers[0]?.reject({ code: 'invalid-setting', field: 'port', message: '' });
    await vi.waitFor(() => expect(kept).toHaveLength(2));
    expect(preferences.state.get()).toMatchObject({
      settings: { port: 0, theme: 'dark' },
      refused: { port: { key: 'setting.port' } },
    });
  });

  test('that the app refuses goes back to what was kept last, not to what was there at first', async () => {
    const { kept, answers, preferences } = keeper();
    preferences.change('port', 8443);
    preferences.change('theme', 'dark');
    answers[0]?.resolve();
    await vi.waitFor(() => expect(kept).toHaveLength(2));
    preferences.change('port', 8444);
    answers[1]?.resolve();
    await vi.waitFor(() => expect(kept).toHaveLength(3));
    answers[2]?.reject({ code: 'invalid-setting', field: 'port', message: '' });
    await vi.waitFor(() => expect(preferences.settings.port).toBe(8443));
  });

  test('that the app refuses is nothing to speak of once something else is wished', async () => {
    const { kept, answers, preferences } = keeper();
    preferences.change('port', 8443);
    preferences.change('port', 8444);
    answers[0]?.reject({ code: 'invalid-setting', field: 'port', message: '' });
    await vi.waitFor(() => expect(kept).toHaveLength(2));
    expect(preferences.state.get()).toMatchObject({ settings: { port: 8444 }, refused: {} });
  });

  test('that cannot be saved counts all the same, and nothing is tried for ever', async () => {
    const { kept, answers, preferences } = keeper();
    preferences.change('theme', 'dark');
    answers[0]?.reject(new Error('no answer'));
    await Promise.resolve();
    preferences.change('colour', 'red');
    await vi.waitFor(() => expect(kept).toHaveLength(2));
    answers[1]?.reject({ code: 'invalid-setting', field: 'logLevel', message: '' });
    await vi.waitFor(() => expect(preferences.state.get().refused.logLevel?.key).toBe('setting.other'));
    expect(preferences.settings).toMatchObject({ theme: 'dark', colour: 'red' });
    expect(kept).toHaveLength(2);
  });
});

describe('STUN and TURN servers', () => {
  test('are added as they are typed, and removed', () => {
    const { preferences } = keeper();
    expect(preferences.addIceServer('turn:a.example  turns:a.example', ' ada ', 'x')).toBe(true);
    expect(preferences.addIceServer('stun:b.example', '', '')).toBe(true);
    preferences.removeIceServer(0);
    expect(preferences.settings.iceServers).toEqual([
      { urls: ['stun:b.example'], username: null, credential: null },
    ]);
  });

  test('that are none are refused', () => {
    const { preferences, kept } = keeper();
    expect(preferences.addIceServer('turn:a.example', '', '')).toBe(false);
    expect(preferences.state.get().refused.iceServers?.key).toBe('setting.ice-secret');
    expect(kept).toEqual([]);
  });
});

test('what the app says of the machine is in the state, always the latest', () => {
  const shell = new FakeShell();
  const { preferences } = keeper({ shell });
  shell.desktop.update((desktop) => ({ ...desktop, trayAvailable: false }));
  expect(preferences.state.get().desktop).toMatchObject({ trayAvailable: false, version: '1.2.3' });
});

describe('a guest’s browser', () => {
  function memoryOf(entries: Record<string, string>): Memory {
    return {
      readLasting: (key) => entries[key] ?? null,
      writeLasting: (key, value) => void (entries[key] = value),
      readForTab: () => null,
      writeForTab: () => {},
    };
  }

  test('keeps its own few, and gets them back', async () => {
    const entries: Record<string, string> = {};
    const changed = {
      ...DEFAULT_SETTINGS,
      name: 'Bob',
      camera: 'camera-1',
      theme: 'dark',
      port: 8443,
    } as const;
    await keptByBrowser(memoryOf(entries)).keepSettings(changed);
    expect(keptByBrowser(memoryOf(entries)).settings).toEqual({ ...changed, port: 0 });
    expect(entries).not.toHaveProperty('port');
  });

  test('falls back for a broken value alone', () => {
    const entries = { name: 'B\u202eob', colour: 'beige', theme: 'dark', language: '', speaker: '' };
    expect(keptByBrowser(memoryOf(entries)).settings).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark' });
  });
});
