// What arrives from the server is checked before anything uses it: a relay or a newer server may send what
// the types do not say. Unknown fields are left out, unknown messages become `null` and are only counted.

import type {
  Candidate,
  Colour,
  Description,
  ErrorCode,
  IceServer,
  Invite,
  Limits,
  MediaState,
  Participant,
  Reaction,
  ServerMessage,
  Signal,
  Tried,
  Welcome,
} from './messages';

/** A frame whose place in the session is known; `message` is null if this page cannot read it. */
export interface DecodedFrame {
  seq?: number;
  ack: number;
  message: ServerMessage | null;
}

/** Longest frame that is read, in UTF-16 units: a welcome to the largest room, several times over. */
const FRAME_CHARS = 1 << 20;
/** Longest text and list in a frame; the protocol's own limits are below. */
const TEXT_CHARS = 1 << 16;
const LIST_ENTRIES = 256;

/** Null: not a frame at all. */
export function decodeServerFrame(text: string): DecodedFrame | null {
  if (text.length > FRAME_CHARS) return null;
  try {
    const frame = record(JSON.parse(text));
    const seq = optional(frame.seq, natural);
    const ack = optional(frame.ack, natural) ?? 0;
    return { ...(seq === undefined ? {} : { seq }), ack, message: message(frame.message) };
  } catch {
    return null;
  }
}

class WrongShape extends Error {}

type Fields = Record<string, unknown>;

function message(value: unknown): ServerMessage | null {
  try {
    return knownMessage(record(value));
  } catch (error) {
    if (error instanceof WrongShape) return null;
    throw error;
  }
}

function knownMessage(m: Fields): ServerMessage | null {
  switch (m.type) {
    case 'hello':
      return {
        type: 'hello',
        version: natural(m.version),
        mayCreate: truth(m.mayCreate),
        ...present('token', m.token, string),
      };
    case 'welcome':
      return { type: 'welcome', ...welcome(m) };
    case 'joined':
      return { type: 'joined', participant: participant(m.participant) };
    case 'reconnecting':
      return { type: 'reconnecting', participant: natural(m.participant) };
    case 'resumed':
      return { type: 'resumed', participant: natural(m.participant) };
    case 'left':
      return { type: 'left', participant: natural(m.participant), reason: oneOf(m.reason, ['left', 'lost']) };
    case 'changed':
      return { type: 'changed', participant: natural(m.participant), state: mediaState(m.state) };
    case 'hand':
      return { type: 'hand', participant: natural(m.participant), ...present('hand', m.hand, natural) };
    case 'reaction':
      return {
        type: 'reaction',
        participant: natural(m.participant),
        reaction: oneOf(m.reaction, REACTIONS),
      };
    case 'signal':
      return { type: 'signal', from: natural(m.from), session: natural(m.session), signal: signal(m.signal) };
    case 'invite':
      return { type: 'invite', invite: invite(m.invite) };
    case 'ended':
      return { type: 'ended', reason: oneOf(m.reason, ['host-stopped', 'fault']) };
    case 'error':
      return {
        type: 'error',
        code: ERROR_CODES.find((code) => code === m.code) ?? 'internal',
        message: string(m.message),
        ...present('of', m.of, natural),
        ...present('retryAfterMs', m.retryAfterMs, natural),
        ...present('tried', m.tried, tried),
      };
    case 'ping':
      return { type: 'ping' };
    default:
      return null;
  }
}

function tried(value: unknown): Tried {
  const fields = record(value);
  return { found: natural(fields.found), known: natural(fields.known), ...present('at', fields.at, truth) };
}

function welcome(m: Fields): Welcome {
  return {
    you: natural(m.you),
    role: oneOf(m.role, ['participant', 'observer']),
    session: natural(m.session),
    continued: truth(m.continued),
    received: natural(m.received),
    resume: string(m.resume),
    room: string(m.room),
    host: string(m.host),
    capacity: natural(m.capacity),
    participants: list(m.participants, participant),
    iceServers: list(m.iceServers, iceServer),
    invite: invite(m.invite),
    limits: limits(m.limits),
  };
}

function participant(value: unknown): Participant {
  const p = record(value);
  return {
    id: natural(p.id),
    session: natural(p.session),
    name: string(p.name),
    ...colour(p.colour),
    capabilities: list(p.capabilities, string),
    state: mediaState(p.state),
    presence: oneOf(p.presence, ['here', 'reconnecting']),
    ...present('hand', p.hand, natural),
  };
}

/** A colour of a newer version is none. */
function colour(value: unknown): Pick<Participant, 'colour'> {
  const known = COLOURS.find((one) => one === value);
  return known ? { colour: known } : {};
}

function mediaState(value: unknown): MediaState {
  const state = record(value);
  return {
    microphone: truth(state.microphone),
    camera: truth(state.camera),
    ...present('screen', state.screen, truth),
  };
}

function iceServer(value: unknown): IceServer {
  const server = record(value);
  return {
    urls: list(server.urls, string),
    ...present('username', server.username, string),
    ...present('credential', server.credential, string),
  };
}

function invite(value: unknown): Invite | null {
  if (value === null || value === undefined) return null;
  const fields = record(value);
  return { link: httpsLink(fields.link), fingerprint: string(fields.fingerprint) };
}

/** The link is shown and can be clicked: nothing but https. */
function httpsLink(value: unknown): string {
  const link = string(value);
  if (!link.startsWith('https://')) throw new WrongShape();
  return link;
}

function limits(value: unknown): Limits {
  const l = record(value);
  return {
    messageBytes: natural(l.messageBytes),
    nameChars: natural(l.nameChars),
    silenceMs: natural(l.silenceMs),
    graceMs: natural(l.graceMs),
  };
}

function signal(value: unknown): Signal {
  const fields = record(value);
  return fields.description === undefined
    ? { candidate: candidate(fields.candidate) }
    : { description: description(fields.description) };
}

function description(value: unknown): Description {
  const d = record(value);
  return { type: oneOf(d.type, ['offer', 'answer']), sdp: string(d.sdp) };
}

function candidate(value: unknown): Candidate {
  const c = record(value);
  return {
    candidate: string(c.candidate),
    sdpMid: nullable(c.sdpMid, string),
    sdpMLineIndex: nullable(c.sdpMLineIndex, natural),
    usernameFragment: nullable(c.usernameFragment, string),
  };
}

function record(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WrongShape();
  return value as Fields;
}

function string(value: unknown): string {
  if (typeof value !== 'string' || value.length > TEXT_CHARS) throw new WrongShape();
  return value;
}

function natural(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new WrongShape();
  return value;
}

function truth(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new WrongShape();
  return value;
}

function list<T>(value: unknown, entry: (value: unknown) => T): T[] {
  if (!Array.isArray(value) || value.length > LIST_ENTRIES) throw new WrongShape();
  return value.map(entry);
}

function oneOf<T extends string>(value: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new WrongShape();
  return found;
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

function nullable<T>(value: unknown, read: (value: unknown) => T): T | null {
  return optional(value, read) ?? null;
}

/** `{key: value}` if there is one, nothing otherwise: absent fields stay absent. */
function present<K extends string, T>(key: K, value: unknown, read: (value: unknown) => T): { [P in K]?: T } {
  const found = optional(value, read);
  return (found === undefined ? {} : { [key]: found }) as { [P in K]?: T };
}

/** The compiler checks that none is missing. */
const COLOURS = Object.keys({
  red: 0,
  orange: 0,
  yellow: 0,
  green: 0,
  teal: 0,
  blue: 0,
  purple: 0,
  pink: 0,
} satisfies Record<Colour, 0>) as Colour[];

/** All that there are, in the order in which they are offered. The compiler checks that none is missing. */
export const REACTIONS = Object.keys({
  'thumbs-up': 0,
  clap: 0,
  heart: 0,
  laugh: 0,
  surprise: 0,
  party: 0,
} satisfies Record<Reaction, 0>) as Reaction[];

/** Known codes; any other is taken as `internal`. The compiler checks that none is missing. */
const ERROR_CODES = Object.keys({
  'malformed-json': 0,
  'not-text': 0,
  'too-large': 0,
  'unknown-message': 0,
  'invalid-field': 0,
  'hello-expected': 0,
  'version-mismatch': 0,
  'wrong-token': 0,
  'not-allowed': 0,
  'not-joined': 0,
  'already-joined': 0,
  'unknown-room': 0,
  'host-unreachable': 0,
  intercepted: 0,
  'room-full': 0,
  'unknown-participant': 0,
  'try-later': 0,
  'too-many-rooms': 0,
  'sequence-gap': 0,
  'timed-out': 0,
  replaced: 0,
  'too-slow': 0,
  internal: 0,
} satisfies Record<ErrorCode, 0>) as ErrorCode[];
