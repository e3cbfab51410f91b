// What the interface says, in the person's language. A new language is one file beside these, named by its
// BCP 47 tag of language and script, as `zh-Hans.ts`.

import { Store } from '../call/store';
import { en } from './en';
import { format, type Message, type Values } from './message';

export type MessageKey = keyof typeof en;
export type Catalogue = Record<MessageKey, Message>;

const files = import.meta.glob<Catalogue>(['./*.ts', '!./index.ts', '!./message.ts', '!./*.test.ts'], {
  eager: true,
  import: 'default',
});

/** By tag. */
export const catalogues: Record<string, Catalogue> = Object.fromEntries(
  Object.entries(files).map(([path, catalogue]) => [path.replace(/^\.\/|\.ts$/g, ''), catalogue]),
);

/** For everybody whose language is not here. */
const FALLBACK = 'en';

/** A script's subtag has four letters, a region's has fewer (BCP 47, section 2.2). */
const SCRIPT_CHARS = 4;

/** The tag of the first wished language (BCP 47, as in `navigator.languages`) that there is a catalogue for. */
export function chooseLanguage(wished: readonly string[]): string {
  const found = wished.map(matching).find((tag) => tag !== undefined);
  return found ?? FALLBACK;
}

/** `zh-CN` is written in Hans, `zh-TW` is not: script counts, region does not. */
function matching(wish: string): string | undefined {
  const tags = Object.keys(catalogues);
  const [language, subtag = ''] = wish.toLowerCase().split('-');
  // Intl's tables take longer to load than the rest of a page to begin; these questions need none of them.
  if (!tags.some((tag) => tag.split('-')[0] === language)) return undefined;
  if (language && tags.includes(language) && subtag.length < SCRIPT_CHARS) return language;
  return matchingByTables(wish);
}

function matchingByTables(wish: string): string | undefined {
  try {
    const { language, script } = new Intl.Locale(wish).maximize();
    return Object.keys(catalogues).find((tag) => {
      const own = new Intl.Locale(tag).maximize();
      return own.language === language && own.script === script;
    });
  } catch {
    return undefined;
  }
}

/** The language of the interface: another value is another language from then on. */
export const language = new Store(systemLanguage());

/** What fits the person's browser or system best. */
export function systemLanguage(): string {
  return chooseLanguage(globalThis.navigator?.languages ?? []);
}

/** The message in this language. */
export function translate(language: string, key: MessageKey, values: Values = {}): string {
  return format((catalogues[language] ?? en)[key], values, language);
}

/** The message in the language of the moment. */
export function t(key: MessageKey, values: Values = {}): string {
  return translate(language.get(), key, values);
}

/** Whether there is a message of this key: the model names them as text. */
export function isKey(key: string): key is MessageKey {
  return Object.hasOwn(en, key);
}
