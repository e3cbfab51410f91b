// The catalogue as components read it: they show the other words as soon as the language changes.

import { fromStore } from 'svelte/store';
import type { Sentence } from '../call/state';
import { isKey, language, translate, type MessageKey } from '../messages';
import type { Values } from '../messages/message';

const spoken = fromStore(language);

/** The message in the person's language. */
export function t(key: MessageKey, values?: Values): string {
  return translate(spoken.current, key, values);
}

/** The sentence that the model asks for. */
export function say({ key, values }: Sentence): string {
  return isKey(key) ? t(key, values) : key;
}

/** The language's tag, for what the browser writes itself. */
export function tag(): string {
  return spoken.current;
}
