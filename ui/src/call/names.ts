import { NAME_CHARS } from '../protocol/messages';

/** Who has typed no name. The server numbers the second one. */
export const DEFAULT_NAME = 'Guest';

/** What the server refuses in names: controls, separators of lines, marks of text direction, joiners of words. */
const REFUSED = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * Makes a name that the server takes (1 to `NAME_CHARS` code points) out of whatever was typed or pasted:
 * what it refuses is left out, what is too long is cut, and nothing becomes `DEFAULT_NAME`.
 */
export function cleanName(typed: string): string {
  const kept = typed.replace(REFUSED, ' ').trim().replace(/ {2,}/g, ' ');
  const cut = Array.from(kept).slice(0, NAME_CHARS).join('').trim();
  return cut === '' ? DEFAULT_NAME : cut;
}
