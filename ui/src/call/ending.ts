import { sentence, type SentenceKey } from './sentences';
import type { Ending } from './signaling';
import type { Sentence } from './state';

/** What is said at the end of a call. `entered`: the person was in the room before. */
export function problemOf(ending: Ending, entered: boolean, unreachable: SentenceKey): Sentence | null {
  switch (ending.reason) {
    case 'left':
      return null;
    case 'unreachable':
      return sentence(unreachable);
    case 'ended':
      return sentence(ending.why === 'host-stopped' ? 'problem.host-stopped' : 'problem.room-ended');
    case 'refused':
      if (ending.code === 'unknown-room' && entered) return sentence('problem.room-ended');
      if (ending.code !== 'try-later') return sentence(`error.${ending.code}`);
      return sentence('error.try-later', { seconds: Math.ceil((ending.retryAfterMs ?? 1000) / 1000) });
  }
}
