// What a person typed or pasted into `Room ID or invite link`. Pure.

export type RoomInput =
  | { kind: 'empty' }
  /** Nine digits. */
  | { kind: 'room'; room: string }
  /** A room on the host at `origin`, always `https`. */
  | { kind: 'link'; origin: string; room: string }
  | { kind: 'invalid' };

/** Longer than any link: not worth reading. */
const MAX_CHARS = 2048;

/** What may stand between digits: spaces of any width, hyphens and dashes. */
const BETWEEN_DIGITS = /[\s\u2010-\u2015\u2212-]/gu;

/** Comes along when text is copied, and is not seen. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** A name with a dot, an IPv4 address, or an IPv6 address in brackets; then the port; then the room ID. */
const ADDRESS_AND_ID =
  /^((?:[a-z0-9-]+\.)+[a-z0-9-]+|\[[0-9a-f:.]+\]):(\d{1,5})(?:\s*\/?#|\s*\/\s*|\s*,\s*|\s+)(.+)$/iu;

export function parseRoomInput(typed: string): RoomInput {
  if (typed.length > MAX_CHARS) return { kind: 'invalid' };
  // NFKC makes the full-width digits of East Asian keyboards plain.
  const text = typed.normalize('NFKC').replace(INVISIBLE, '').trim();
  if (text === '') return { kind: 'empty' };

  const room = roomId(text);
  if (room) return { kind: 'room', room };

  const address = ADDRESS_AND_ID.exec(text);
  if (address) return link(`https://${address[1]}:${address[2]}/`, roomId(address[3] ?? ''));

  if (/^https:\/\//iu.test(text)) return link(text);
  if (/^visavis:/iu.test(text)) return appLink(text.slice('visavis:'.length));
  return { kind: 'invalid' };
}

/** The nine digits of a room ID, without what people put between them. */
export function roomId(text: string): string | null {
  const digits = text.replace(BETWEEN_DIGITS, '');
  return /^[0-9]{9}$/u.test(digits) ? digits : null;
}

/** What a link's fragment asks for: `#482193775` or `#room=482193775&token=…`. */
export function parseFragment(fragment: string): {
  room: string | null;
  token: string | null;
  code: string | null;
} {
  const text = fragment.replace(/^#/u, '');
  if (!text.includes('=')) return { room: roomId(decoded(text)), token: null, code: null };
  const fields = new URLSearchParams(text);
  return { room: roomId(fields.get('room') ?? ''), token: fields.get('token'), code: fields.get('code') };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What follows `visavis:`: an ID, or the host's address and an ID. */
function appLink(rest: string): RoomInput {
  const room = roomId(rest.replace(/^\/\//u, '').replace(/\/$/u, ''));
  if (room) return { kind: 'room', room };
  if (rest.startsWith('https:')) return link(rest);
  return rest.startsWith('//') ? link(`https:${rest}`) : { kind: 'invalid' };
}

function link(text: string, given?: string | null): RoomInput {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { kind: 'invalid' };
  }
  const room = given ?? parseFragment(url.hash).room;
  const plain =
    url.protocol === 'https:' && url.username === '' && url.password === '' && url.pathname === '/';
  return plain && room ? { kind: 'link', origin: url.origin, room } : { kind: 'invalid' };
}

/** A room ID in groups of three, as people read it aloud. */
export function grouped(room: string): string {
  return room.replace(/\d{3}(?=\d)/g, '$& ');
}
