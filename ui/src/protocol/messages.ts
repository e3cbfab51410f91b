// Generated from crates/protocol by `UPDATE=1 cargo test -p visavis-protocol`. Do not edit.

export const VERSION = 1;
export const MESSAGE_BYTES = 65536;
export const NAME_CHARS = 64;
export const DEFAULT_CAPACITY = 6;
export const ACKNOWLEDGE_EVERY = 32;
export const REACTION_BURST = 5;

export type ClientFrame = { 
/**
 * The message's place in the session, from 1 without a gap. Absent outside a session, for
 * `react` and `pong`, and from clients that never continue a session.
 */
seq?: number, 
/**
 * The highest `seq` received from the server in this session; 0: none.
 */
ack: number, 
/**
 * What is said.
 */
message: ClientMessage, };

export type ClientMessage = { "type": "hello", 
/**
 * Every version that the client speaks.
 */
versions: Array<number>, 
/**
 * Shows that the page belongs to the person at this machine.
 */
token?: AccessToken, 
/**
 * To be exchanged for a token.
 */
code?: SingleUseCode, } | { "type": "create", 
/**
 * Seats; the server's default where absent.
 */
capacity?: number, 
/**
 * The wished name.
 */
name: string, 
/**
 * The colour that the person chose, if any.
 */
colour?: Colour, 
/**
 * As what.
 */
role: Role, 
/**
 * What the page can do, at most [`LIST_ENTRIES`].
 */
capabilities: Array<string>, 
/**
 * What is sent from the start.
 */
state: MediaState, } | { "type": "join", 
/**
 * Which room.
 */
room: string, 
/**
 * Asks for a seat that this page had.
 */
resume?: Resume, 
/**
 * Where the room's host is said to be. Counts only from the person at this machine, whose own server then
 * looks there first.
 */
at?: string, 
/**
 * The wished name.
 */
name: string, 
/**
 * The colour that the person chose, if any.
 */
colour?: Colour, 
/**
 * As what.
 */
role: Role, 
/**
 * What the page can do, at most [`LIST_ENTRIES`].
 */
capabilities: Array<string>, 
/**
 * What is sent from the start.
 */
state: MediaState, } | { "type": "leave", } | { "type": "signal", 
/**
 * For whom.
 */
to: ParticipantId, 
/**
 * The addressee's session that is meant; an earlier one than its present one is
 * ignored. Absent: whichever it is in.
 */
session?: number, 
/**
 * What.
 */
signal: Signal, } | { "type": "state", 
/**
 * The microphone is on.
 */
microphone: boolean, 
/**
 * The camera is on.
 */
camera: boolean, 
/**
 * A screen, window or tab is shared.
 */
screen?: boolean, } | { "type": "hand", 
/**
 * Whether it is up from now on.
 */
raised: boolean, } | { "type": "react", 
/**
 * What.
 */
reaction: Reaction, } | { "type": "vouch", 
/**
 * For whom.
 */
participant: ParticipantId, } | { "type": "pong", };

export type Entrant = { 
/**
 * The wished name.
 */
name: string, 
/**
 * The colour that the person chose, if any.
 */
colour?: Colour, 
/**
 * As what.
 */
role: Role, 
/**
 * What the page can do, at most [`LIST_ENTRIES`].
 */
capabilities: Array<string>, 
/**
 * What is sent from the start.
 */
state: MediaState, };

export type Resume = { 
/**
 * As the last welcome gave it.
 */
token: ResumeToken, 
/**
 * The highest `seq` received, from a page that has kept its state: the session is then
 * continued. Absent from a page that starts anew.
 */
received?: number, };

export type ServerFrame = { 
/**
 * The message's place in the session, from 1 without a gap. Absent outside a session, for
 * `welcome`, `reaction`, `ping` and `error`.
 */
seq?: number, 
/**
 * The highest `seq` received from the client in this session; 0: none.
 */
ack: number, 
/**
 * What is said. Shared: the same message is kept until it is acknowledged.
 */
message: ServerMessage, };

export type ServerMessage = { "type": "hello", 
/**
 * The version that both sides speak from here on.
 */
version: number, 
/**
 * Whether this connection may create and observe rooms.
 */
mayCreate: boolean, 
/**
 * What a single-use code was exchanged for.
 */
token?: AccessToken, } | { "type": "welcome" } & Welcome | { "type": "joined", 
/**
 * Who.
 */
participant: Participant, } | { "type": "reconnecting", 
/**
 * Who.
 */
participant: ParticipantId, } | { "type": "resumed", 
/**
 * Who.
 */
participant: ParticipantId, } | { "type": "left", 
/**
 * Who.
 */
participant: ParticipantId, 
/**
 * Why.
 */
reason: LeaveReason, } | { "type": "changed", 
/**
 * Who.
 */
participant: ParticipantId, 
/**
 * What it sends now.
 */
state: MediaState, } | { "type": "hand", 
/**
 * Who.
 */
participant: ParticipantId, 
/**
 * The hand; absent: it is down.
 */
hand?: Hand, } | { "type": "reaction", 
/**
 * Who.
 */
participant: ParticipantId, 
/**
 * What.
 */
reaction: Reaction, } | { "type": "signal", 
/**
 * From whom.
 */
from: ParticipantId, 
/**
 * The sender's session.
 */
session: number, 
/**
 * What.
 */
signal: Signal, } | { "type": "invite", 
/**
 * The new one; absent: nobody on the network can reach the room now.
 */
invite: Invite | null, } | { "type": "ended", 
/**
 * Why.
 */
reason: EndReason, } | { "type": "error", 
/**
 * Stable.
 */
code: ErrorCode, 
/**
 * A sentence for a person who debugs; people are shown their own language by `code`.
 */
message: string, 
/**
 * The `seq` of the refused message, if it had one.
 */
of?: number, 
/**
 * Milliseconds to wait before another attempt.
 */
retryAfterMs?: number, 
/**
 * What was tried to find an unknown room on the network.
 */
tried?: Tried, } | { "type": "ping", };

export type Welcome = { 
/**
 * Who the client is.
 */
you: ParticipantId, 
/**
 * As what it is there.
 */
role: Role, 
/**
 * Which of its sessions this is, from 1.
 */
session: number, 
/**
 * The session from before goes on: what was negotiated is still valid, messages that were
 * missed follow, and the client sends again what is above `received`.
 */
continued: boolean, 
/**
 * The highest `seq` received from the client in this session.
 */
received: number, 
/**
 * For `resume` after a lost link or a reload.
 */
resume: ResumeToken, 
/**
 * The room.
 */
room: string, 
/**
 * The name of the host's machine, as its owner shows it.
 */
host: string, 
/**
 * Its seats.
 */
capacity: number, 
/**
 * Everybody with a seat, oneself included, in the order of joining.
 */
participants: Array<Participant>, 
/**
 * For the `RTCPeerConnection`.
 */
iceServers: Array<IceServer>, 
/**
 * How others on the network get in; absent: they cannot now.
 */
invite: Invite | null, 
/**
 * What the server accepts.
 */
limits: Limits, };

export type Tried = { 
/**
 * Hosts that were found on the network and answered.
 */
found: number, 
/**
 * Hosts that were met before, were not found now, and answered all the same.
 */
known: number, 
/**
 * What became of the address that the person gave: it answered. Absent if none was given.
 */
at?: boolean, };

export type IceServer = { 
/**
 * `stun:` and `turn:` URLs (RFC 7064, RFC 7065).
 */
urls: Array<string>, 
/**
 * For TURN.
 */
username?: string, 
/**
 * For TURN.
 */
credential?: string, };

export type Invite = { 
/**
 * `https` URL; the room ID is its fragment.
 */
link: string, 
/**
 * SHA-256 of the host's certificate: 32 pairs of upper-case hexadecimal digits with colons.
 */
fingerprint: string, };

export type Limits = { 
/**
 * [`crate::limits::MESSAGE_BYTES`].
 */
messageBytes: number, 
/**
 * [`crate::limits::NAME_CHARS`].
 */
nameChars: number, 
/**
 * [`crate::limits::SILENCE_LIMIT`] in milliseconds: silence after which a side may take the
 * link for lost.
 */
silenceMs: number, 
/**
 * [`crate::limits::GRACE`] in milliseconds: how long a seat is kept.
 */
graceMs: number, };

export type Participant = { 
/**
 * Who it is.
 */
id: ParticipantId, 
/**
 * Which of its sessions this is, from 1. A page that starts anew in its old seat has the
 * next one: what was negotiated with the one before is void.
 */
session: number, 
/**
 * Its name, unique in the room.
 */
name: DisplayName, 
/**
 * The colour that it chose, if any.
 */
colour?: Colour, 
/**
 * What its page can do; unknown entries are to be ignored.
 */
capabilities: Array<string>, 
/**
 * What it sends.
 */
state: MediaState, 
/**
 * Whether it can be reached.
 */
presence: Presence, 
/**
 * Its hand, if that is up.
 */
hand?: Hand, };

export type ParticipantId = number;

export type DisplayName = string;

export type Colour = "red" | "orange" | "yellow" | "green" | "teal" | "blue" | "purple" | "pink";

export type MediaState = { 
/**
 * The microphone is on.
 */
microphone: boolean, 
/**
 * The camera is on.
 */
camera: boolean, 
/**
 * A screen, window or tab is shared.
 */
screen?: boolean, };

export type Hand = number;

export type Reaction = "thumbs-up" | "clap" | "heart" | "laugh" | "surprise" | "party";

export type Presence = "here" | "reconnecting";

export type Role = "participant" | "observer";

export type Signal = { "description": Description } | { "candidate": Candidate };

export type Description = { 
/**
 * Offer or answer.
 */
type: DescriptionKind, 
/**
 * At most [`SDP_BYTES`] long.
 */
sdp: Sdp, };

export type DescriptionKind = "offer" | "answer";

export type Candidate = { 
/**
 * At most [`CANDIDATE_BYTES`] long.
 */
candidate: CandidateLine, 
/**
 * The media line's tag.
 */
sdpMid: string | null, 
/**
 * The media line's place, from 0.
 */
sdpMLineIndex: number | null, 
/**
 * The ICE user name fragment of the generation it belongs to.
 */
usernameFragment: string | null, };

export type Sdp = string;

export type CandidateLine = string;

export type AccessToken = string;

export type SingleUseCode = string;

export type ResumeToken = string;

export type LeaveReason = "left" | "lost";

export type EndReason = "host-stopped" | "fault";

export type ErrorCode = "malformed-json" | "not-text" | "too-large" | "unknown-message" | "invalid-field" | "hello-expected" | "version-mismatch" | "wrong-token" | "not-allowed" | "not-joined" | "already-joined" | "unknown-room" | "host-unreachable" | "intercepted" | "room-full" | "unknown-participant" | "try-later" | "too-many-rooms" | "sequence-gap" | "timed-out" | "replaced" | "too-slow" | "internal";
