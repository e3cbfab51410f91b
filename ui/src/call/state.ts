// What the view shows: plain data, replaced as a whole on every change. `App` (app.ts) owns it.

import type { Notice } from '../platform/platform';
import type { Held } from './adaptation';
import type { Crowd } from './crowd';
import type { LinkState } from './link-state';
import type { Quality } from './quality';
import type { Colour, Invite, ParticipantId } from '../protocol/messages';
import type { ShownReaction } from './reactions';

export interface AppState {
  stage: Stage;
  /** In the stage `joining`. */
  entering: Entering;
  lobby: LobbyState;
  /** One's own devices, from the lobby on. */
  media: LocalMedia;
  /** Present in the stages `call` and `observing`. */
  call: CallState | null;
  /** What the person has to know now; shown as an alert. */
  problem: Sentence | null;
  /** What has to be answered before anything happens. */
  question: Question | null;
  /** What the desktop app has to say. */
  notices: Notice[];
  /** The latest thing worth saying to a screen reader; the number tells two equal ones apart. */
  announcement: (Sentence & { number: number }) | null;
}

export type Stage =
  | 'lobby'
  /** Entering or creating a room. */
  | 'joining'
  /** In the room with a seat. */
  | 'call'
  /** Sees who is in the room, without a seat: the window of a webview without WebRTC. */
  | 'observing'
  /** After leaving or after the end; `problem` says why if it was not one's own wish. */
  | 'ended';

/** What entering waits for, once that is worth saying. The last two only on the way back, after a reload. */
export type Entering =
  | 'entering'
  /** The room's host, which is looked for on the network. */
  | 'searching'
  /** The page's own server, or the host whose guest it is. */
  | 'reconnecting'
  /** Somebody stands between the page's own server and the host; it is tried again. */
  | 'intercepted';

export type Question =
  /** A link was opened. `host`: where the room is, if the link says so. */
  | { kind: 'join'; link: string; room: string; host: string | null }
  /** The window is to close while a room is open. `endsRooms`: rooms of this machine end with the app. */
  | { kind: 'close'; endsRooms: boolean };

/** A sentence of the catalogue and what goes into it. */
export interface Sentence {
  key: string;
  values?: Record<string, string | number>;
}

export interface LobbyState {
  name: string;
  /** The content of the field `Room ID or invite link`. */
  room: string;
  /** Whether this page belongs to the person at this machine: only then rooms are created here. */
  canCreate: boolean;
  /** Whether calls can be made in this very page. */
  canCall: boolean;
  /** The window can hand a call over to the default browser. */
  canOpenBrowser: boolean;
  /** An unknown ID was typed: creating a room is offered. */
  offerToCreate: boolean;
}

export interface LocalMedia {
  /** For the preview and one's own tile; null while there is no picture. */
  stream: MediaStream | null;
  microphone: Device;
  camera: Device;
}

export interface Device {
  /** Whether the person wants it on. */
  on: boolean;
  status: 'asking' | 'ready' | 'missing';
  /** Why it is missing. */
  problem: DeviceProblem | null;
  /** What was in use and went away; it is used again when it is back. */
  lost: LostDevice | null;
}

export interface LostDevice {
  /** As the system calls it; empty where that is not known. */
  label: string;
  /**
   * `unplugged`: it is no longer there. `taken`: it is, for another program. `paused`: it gives nothing for now, as
   * the system or another program wishes.
   */
  why: 'unplugged' | 'taken' | 'paused';
  /** What is used until it is back, as the system calls it; null: nothing. */
  instead: string | null;
}

export type DeviceProblem = 'not-found' | 'busy' | 'denied' | 'insecure' | 'unsupported' | 'failed';

export interface CallState {
  /** Nine digits. */
  room: string;
  /** The name of the host's machine. */
  host: string;
  invite: Invite | null;
  capacity: number;
  /** The room was created by this page: what others need to get in is this machine's to set. */
  own: boolean;
  /**
   * The signaling link. `moved`: a guest has heard nothing for so long that the host may have another address.
   * `lost`: still trying after the seat's grace has run out.
   */
  link: LinkState | 'moved';
  /** Whose hands are up, who raised it first coming first. */
  hands: { id: ParticipantId; name: string; self: boolean }[];
  /** What people show right now, the latest last. */
  reactions: readonly ShownReaction[];
  /** Oneself first (if seated), then the others in the order of joining; a screen comes after whose it is. */
  tiles: Tile[];
  /** What is done because machine or network do not carry the call. */
  held: Held;
  /** Whether this machine carries as many people. */
  crowd: Crowd;
  /** The key of the tile of who spoke last, of the others. */
  speaker: string | null;
}

export interface Tile {
  /** Its own among all tiles: a person who shares a screen has two. */
  key: string;
  kind: 'camera' | 'screen';
  id: ParticipantId;
  name: string;
  self: boolean;
  colour: Colour;
  /** Replaced only when the tracks come from another connection. */
  stream: MediaStream | null;
  microphone: boolean;
  camera: boolean;
  presence: 'here' | 'reconnecting';
  /** How the media link to this participant is; `connected` for oneself. */
  media:
    | 'connecting'
    | 'connected'
    | 'reconnecting'
    | 'failed'
    /** For good: the other side sent what no call sends, or is not the one that was invited. */
    | 'dropped'
    | 'untrusted';
  speaking: boolean;
  /** Of the connection to this participant; null while it is not known, and for oneself. */
  quality: Quality | null;
  /** Raised as the how manieth of the room; null if it is down. */
  hand: number | null;
}

/** How many people the tiles show. */
export function peopleIn(tiles: readonly Tile[]): Tile[] {
  return tiles.filter(({ kind }) => kind === 'camera');
}
