// What may be set, field by field. Pure.

import { catalogues } from '../messages';
import type { ConfiguredIceServer, Settings } from '../platform/platform';
import { NAME_CHARS } from '../protocol/messages';
import { PERSON_COLOURS } from './colours';
import { cleanName } from './names';
import { sentence } from './sentences';
import type { Sentence } from './state';

export const COLOURS = ['automatic', ...PERSON_COLOURS] as const satisfies readonly Settings['colour'][];
export const LANGUAGES: readonly string[] = ['system', ...Object.keys(catalogues)];
export const THEMES = ['system', 'light', 'dark'] as const satisfies readonly Settings['theme'][];
export const LOG_LEVELS = [
  'error',
  'warn',
  'info',
  'debug',
  'trace',
] as const satisfies readonly Settings['logLevel'][];
export const KINDS_OF_DEVICE = ['camera', 'microphone', 'speaker'] as const;

/** What counts where nothing was set. */
export const DEFAULT_SETTINGS: Settings = {
  name: '',
  colour: 'automatic',
  camera: null,
  microphone: null,
  speaker: null,
  language: 'system',
  theme: 'system',
  networkInterface: null,
  port: 0,
  visible: false,
  tray: true,
  iceServers: [],
  logLevel: 'warn',
};

/** Ports below are the system's. */
export const FIRST_PORT = 1024;
export const LAST_PORT = 65_535;

/** A browser asks each of them for each other participant: more only delays. */
export const MAX_ICE_SERVERS = 8;
const MAX_ICE_URLS = 4;
/** Longer than any address (RFC 1035: a name has at most 253 characters) and any password in use. */
const MAX_TEXT = 512;

/** Browsers' device IDs are 44 to 64 characters. Longer ones and such with controls come from elsewhere. */
const DEVICE_ID = /^[\x20-\x7e]{1,256}$/u;
const INTERFACE_NAME = /^[^\p{Cc}]{1,256}$/u;

/** RFC 7064 and RFC 7065: a scheme, a name or address, perhaps a port; for TURN perhaps the transport. */
const ICE_URL =
  /^(?:stuns?|turns?):(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(\d{1,5}))?(\?transport=(?:udp|tcp))?$/iu;

type Rule<T> = (value: T) => Sentence | null;

/** For each field: what is wrong with a value, in words; null: nothing. */
export const RULES: { [Field in keyof Settings]: Rule<Settings[Field]> } = {
  name: (name) =>
    refusedUnless(name === cleanName(name, ''), sentence('setting.name', { count: NAME_CHARS })),
  colour: (colour) => oneOf(COLOURS, colour),
  camera: deviceRefused,
  microphone: deviceRefused,
  speaker: deviceRefused,
  language: (language) => oneOf(LANGUAGES, language),
  theme: (theme) => oneOf(THEMES, theme),
  networkInterface: (name) => refusedUnless(name === null || INTERFACE_NAME.test(name)),
  port: portRefused,
  visible: (visible) => refusedUnless(typeof visible === 'boolean'),
  tray: (tray) => refusedUnless(typeof tray === 'boolean'),
  iceServers: iceServersRefused,
  logLevel: (level) => oneOf(LOG_LEVELS, level),
};

/** What is said of a value that the app refuses although nothing was wrong with it here. */
export function refusalOf(field: keyof Settings): Sentence {
  if (field === 'name') return sentence('setting.name', { count: NAME_CHARS });
  if (field === 'port') return portSentence();
  return sentence(field === 'iceServers' ? 'setting.ice-url' : 'setting.other');
}

/** What a browser kept as text; the default for what is not there, broken or from elsewhere. */
export function settingFromText<Field extends keyof Settings>(
  field: Field,
  text: string | null,
): Settings[Field] {
  const value = text === '' && DEFAULT_SETTINGS[field] === null ? null : text;
  if (value === null || RULES[field](value as never) !== null) return DEFAULT_SETTINGS[field];
  return value as Settings[Field];
}

/** The number in the field `Port`: nothing means any free one. NaN is refused by its rule. */
export function portFromText(text: string): number {
  const digits = text.normalize('NFKC').trim();
  if (digits === '') return 0;
  return /^\d{1,5}$/u.test(digits) ? Number(digits) : NaN;
}

/** A server as it is typed: several addresses are separated by spaces or commas. */
export function iceServerFromText(
  addresses: string,
  username: string,
  credential: string,
): ConfiguredIceServer {
  const urls = addresses.split(/[\s,]+/u).filter((url) => url !== '');
  return { urls, username: username.trim() || null, credential: credential || null };
}

/** What is wrong with one server. */
export function iceServerRefused({ urls, username, credential }: ConfiguredIceServer): Sentence | null {
  if (urls.length < 1 || urls.length > MAX_ICE_URLS || !urls.every(isIceUrl))
    return sentence('setting.ice-url');
  const relays = urls.some((url) => /^turn/iu.test(url));
  const texts = [username, credential].map((text) => text ?? '');
  if (texts.some((text) => text.length > MAX_TEXT || /\p{Cc}/u.test(text)))
    return sentence('setting.ice-secret');
  return relays && texts.includes('') ? sentence('setting.ice-secret') : null;
}

function iceServersRefused(servers: ConfiguredIceServer[]): Sentence | null {
  if (servers.length > MAX_ICE_SERVERS) return sentence('setting.ice-many', { count: MAX_ICE_SERVERS });
  return servers.map(iceServerRefused).find((refused) => refused !== null) ?? null;
}

function isIceUrl(url: string): boolean {
  const match = url.length <= MAX_TEXT ? ICE_URL.exec(url) : null;
  if (!match) return false;
  const [, port, transport] = match;
  if (transport && !/^turn/iu.test(url)) return false;
  return port === undefined || (Number(port) >= 1 && Number(port) <= LAST_PORT);
}

function portRefused(port: number): Sentence | null {
  const fits = Number.isInteger(port) && port >= FIRST_PORT && port <= LAST_PORT;
  return refusedUnless(port === 0 || fits, portSentence());
}

/** As digits: a port is a name, not an amount. */
function portSentence(): Sentence {
  return sentence('setting.port', { first: String(FIRST_PORT), last: String(LAST_PORT) });
}

function deviceRefused(id: string | null): Sentence | null {
  return refusedUnless(id === null || DEVICE_ID.test(id));
}

function oneOf<T>(known: readonly T[], value: T): Sentence | null {
  return refusedUnless(known.includes(value));
}

function refusedUnless(fine: boolean, refused = sentence('setting.other')): Sentence | null {
  return fine ? null : refused;
}
