import type { Tried } from '../protocol/messages';
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
      if (ending.code === 'unknown-room')
        return entered ? sentence('problem.room-ended') : notFound(ending.tried);
      if (ending.code !== 'try-later') return sentence(`error.${ending.code}`);
      return sentence('error.try-later', { seconds: Math.ceil((ending.retryAfterMs ?? 1000) / 1000) });
  }
}

/** What was tried to find the room. */
function notFound(tried: Tried | undefined): Sentence {
  if (!tried) return sentence('error.unknown-room');
  if (tried.at) return sentence('problem.address-without-room');
  const count = tried.found + tried.known;
  if (tried.at === undefined)
    return count === 0 ? sentence('problem.no-app-found') : sentence('problem.no-app-has-room', { count });
  return count === 0
    ? sentence('problem.address-silent')
    : sentence('problem.address-silent-others', { count });
}
