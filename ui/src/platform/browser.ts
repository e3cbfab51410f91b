import { parseFragment } from '../call/room-input';
import { DEFAULT_SETTINGS, KINDS_OF_DEVICE, settingFromText } from '../call/settings-rules';
import type { Memory, Platform, Settings } from './platform';

/** A page in a browser tab: its server is where it came from. */
export function browserPlatform(): Platform {
  const memory = browserMemory();
  const { room, code } = takeFragment(memory);
  return {
    kind: 'browser',
    memory,
    requestedRoom: room,
    ...keptByBrowser(memory),
    server() {
      const token = memory.readForTab('token');
      return Promise.resolve({
        url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
        ...(token ? { token } : {}),
        ...(code ? { code } : {}),
      });
    },
    onOtherLink(prepare) {
      window.addEventListener('hashchange', () => {
        if (location.hash === '') return;
        void prepare(parseFragment(location.hash).room).then(() => location.reload());
      });
    },
    openLink(link) {
      location.assign(link);
    },
  };
}

/** What concerns a page in a browser; the rest is the host's. */
const KEPT_BY_GUESTS = ['name', 'colour', ...KINDS_OF_DEVICE, 'language', 'theme'] as const;

/** Settings as one entry each, so that one that is broken costs no other. */
export function keptByBrowser(memory: Memory): Pick<Platform, 'settings' | 'keepSettings'> {
  const kept = KEPT_BY_GUESTS.map((key) => [key, settingFromText(key, memory.readLasting(key))]);
  return {
    settings: { ...DEFAULT_SETTINGS, ...(Object.fromEntries(kept) as Partial<Settings>) },
    keepSettings(settings) {
      for (const key of KEPT_BY_GUESTS) memory.writeLasting(key, settings[key] ?? '');
      return Promise.resolve();
    },
  };
}

/** Reads what the address bar asks for and leaves only the room in it: what admits is not to be seen or shared. */
function takeFragment(memory: Memory): { room: string | null; code: string | null } {
  const { room, token, code } = parseFragment(location.hash);
  if (token) memory.writeForTab('token', token);
  history.replaceState(null, '', `${location.pathname}${location.search}${room ? `#${room}` : ''}`);
  return { room, code };
}

/** The browser's storage; where it is forbidden (private windows) the page remembers only while it is open. */
export function browserMemory(): Memory {
  const lasting = guarded(() => localStorage);
  const forTab = guarded(() => sessionStorage);
  return {
    readLasting: lasting.read,
    writeLasting: lasting.write,
    readForTab: forTab.read,
    writeForTab: forTab.write,
  };
}

/** Tells this app's entries from what else a person finds in the browser's storage. */
const PREFIX = 'visavis.';

function guarded(storage: () => Storage) {
  const unsaved = new Map<string, string | null>();
  return {
    read(key: string): string | null {
      const kept = unsaved.get(key);
      if (kept !== undefined) return kept;
      try {
        return storage().getItem(PREFIX + key);
      } catch {
        return null;
      }
    },
    write(key: string, value: string | null): void {
      try {
        if (value === null) storage().removeItem(PREFIX + key);
        else storage().setItem(PREFIX + key, value);
        unsaved.delete(key);
      } catch {
        unsaved.set(key, value);
      }
    },
  };
}
