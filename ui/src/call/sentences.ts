// Every sentence that the call may ask the view to say. The catalogues in ../messages have all of them.

import type { Held } from './adaptation';
import type { Facing } from './camera-side';
import type { DeviceProblem, Sentence } from './state';
import type { ErrorCode, Reaction } from '../protocol/messages';

export type SentenceKey =
  /** What the server refused. `error.try-later` has {seconds}. */
  | `error.${ErrorCode}`
  | ProblemKey
  | SettingKey
  /** Why a device is missing: `device.camera.busy`. For `Device.problem`, shown beside the device. */
  | `device.${'camera' | 'microphone'}.${DeviceProblem}`
  | AnnouncementKey;

export type ProblemKey =
  /** The browser cannot make calls: says so, and what to use. */
  | 'problem.no-webrtc'
  /** `Join` with nothing typed. */
  | 'problem.room-missing'
  /** Neither a room ID nor an invite link. */
  | 'problem.link-invalid'
  /** A link to a name that the local network does not look up. */
  | 'problem.link-elsewhere'
  /** An unknown room: no other app answered. */
  | 'problem.no-app-found'
  /** None of {count} other apps has it. */
  | 'problem.no-app-has-room'
  /** Nor does an app answer at the given address; the second with {count} others that have no such room. */
  | 'problem.address-silent'
  | 'problem.address-silent-others'
  /** It answers, and has no such room. */
  | 'problem.address-without-room'
  /** The page's own server does not answer. */
  | 'problem.server-unreachable'
  /** The same in the desktop window, where the server is part of the app. */
  | 'problem.own-server'
  /** The room is over: everybody else is gone, or a fault of the server ended it. */
  | 'problem.room-ended'
  /** The host closed the app. */
  | 'problem.host-stopped'
  /** The browser could not share what was chosen. */
  | 'problem.share-failed'
  /** The default browser, or the link in it, could not be opened. */
  | 'problem.browser-failed';

/** Why a value is not accepted. */
export type SettingKey =
  /** With {count}: how long a name may be. */
  | 'setting.name'
  /** With {first} and {last}. */
  | 'setting.port'
  /** Not the address of a STUN or TURN server. */
  | 'setting.ice-url'
  /** A TURN server without user name and password, or with one that is too long. */
  | 'setting.ice-secret'
  /** With {count}. */
  | 'setting.ice-many'
  /** Whatever else. */
  | 'setting.other';

export type AnnouncementKey =
  /** Somebody else; with {name}. */
  | 'say.joined'
  | 'say.left'
  | 'say.lost'
  | 'say.reconnecting'
  | 'say.back'
  | 'say.hand-up'
  | 'say.hand-down'
  | 'say.other-shares'
  | 'say.other-shares-no-more'
  | `say.reaction.${Reaction}`
  | 'say.dropped'
  | 'say.untrusted'
  /** Oneself. */
  | 'say.entered'
  | 'say.microphone-on'
  | 'say.microphone-off'
  | 'say.camera-on'
  | 'say.camera-off'
  | `say.camera-${Facing}`
  | 'say.link-back'
  /** What machine or network does not carry, and that they carry it again. */
  | `effort.${Exclude<Held, 'full'>}`
  | 'say.effort-full'
  | 'say.own-hand-up'
  | 'say.own-hand-down'
  | 'say.share-on'
  | 'say.share-off'
  /** With {device}, as the system calls it. */
  | 'say.device-back'
  /** On the way into a room, or back into it. */
  | `joining.${'searching' | 'reconnecting' | 'intercepted'}`;

/** A sentence whose key the catalogues are known to have. */
export function sentence(key: SentenceKey, values?: Record<string, string | number>): Sentence {
  return values ? { key, values } : { key };
}
