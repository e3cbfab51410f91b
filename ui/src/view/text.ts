// Small texts that are made from others.

import { tag } from './words';

/** The IDs of what is written beside a field, for `aria-describedby`: only of what is there. */
export function described(notes: Record<string, unknown>): string | undefined {
  const there = Object.keys(notes).filter((id) => notes[id] !== undefined);
  return there.length > 0 ? there.join(' ') : undefined;
}

/** At most two characters that stand for a name: `Ada Lovelace` is `AL`, `王小明` is `王`. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word) => firstCharacter(word ?? '').toLocaleUpperCase(tag())).join('');
}

/** What a person takes for one character may be several code points. */
function firstCharacter(word: string): string {
  if (word === '') return '';
  const [first] = new Intl.Segmenter(tag()).segment(word);
  return first?.segment ?? '';
}
