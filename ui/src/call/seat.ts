import type { Memory } from '../platform/platform';
import type { Entrance } from './signaling';

/** What a page that is loaded again has to know to take its seat again. */
export interface Seat {
  room: string;
  token: string;
  role: Entrance['role'];
  /** The room was created by this page. */
  own: boolean;
}

/** The seat that this tab had. `requested`: the room that the address bar names. */
export function keptSeat(memory: Memory, requested: string | null): Seat | null {
  const kept = memory.readForTab('resume');
  if (kept === null) return null;
  try {
    const { room, token, role, own } = JSON.parse(kept) as Partial<Seat>;
    const whole =
      typeof room === 'string' &&
      typeof token === 'string' &&
      (role === 'participant' || role === 'observer');
    if (whole && (requested ?? room) === room) return { room, token, role, own: own === true };
    // A link to another room was opened in this tab.
    keepSeat(memory, null);
    return null;
  } catch {
    return null;
  }
}

export function keepSeat(memory: Memory, seat: Seat | null): void {
  memory.writeForTab('resume', seat && JSON.stringify(seat));
}
