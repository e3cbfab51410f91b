import { NAME_CHARS } from '../protocol/messages';

/**
 * What the server refuses in names: controls, separators of lines, marks of text direction, joiners of words,
 * and fillers that look like nothing.
 */
const REFUSED =
  /[\p{Cc}\p{Cs}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\u3164\ufeff\uffa0]/gu;

/** Characters that only change what is beside them: alone they are no name. */
const JOINERS = /[\u200c\u200d\ufe00-\ufe0f]/gu;

/**
 * Makes a name that the server takes (1 to `NAME_CHARS` code points) out of whatever was typed or pasted:
 * what it refuses is left out, what is too long is cut. Nothing becomes `nobody`.
 */
export function cleanName(typed: string, nobody: string): string {
  const kept = typed.replace(REFUSED, ' ').trim().replace(/ {2,}/g, ' ');
  const cut = Array.from(kept).slice(0, NAME_CHARS).join('').trim();
  return cut.replace(JOINERS, '').trim() === '' ? nobody : cut;
}
