//! Every limit of the protocol. A side that meets a larger thing refuses it; it never truncates.

use std::time::Duration;

/// The version of the protocol that this crate speaks.
pub const VERSION: u32 = 1;

/// Longest WebSocket message in bytes. A session description of a mesh link is 5 to 10 kB; more
/// room would only let a client make the server hold more.
pub const MESSAGE_BYTES: usize = 64 * 1024;

/// Longest WebSocket message that is read at all. Between [`MESSAGE_BYTES`] and this a message is
/// refused and the connection goes on; above it the connection is closed unread. More would let
/// each connection make the server hold more.
pub const READ_BYTES: usize = 1024 * 1024;

/// Longest session description (SDP) in bytes. Escaped as JSON it still fits one message.
pub const SDP_BYTES: usize = 48 * 1024;

/// Longest ICE candidate line, media line tag or user name fragment in bytes (RFC 8839 lines are
/// below 300).
pub const CANDIDATE_BYTES: usize = 2 * 1024;

/// Longest display name in characters (Unicode scalar values). Fits one line under a tile.
pub const NAME_CHARS: usize = 64;

/// Most entries in a list of capabilities, and in the list of versions of a hello.
pub const LIST_ENTRIES: usize = 16;

/// Longest capability in bytes.
pub const CAPABILITY_BYTES: usize = 32;

/// Most participants that any room can be created for. Above it the broadcast of presence
/// would outweigh the calls.
pub const MAX_CAPACITY: u32 = 128;

/// Participants of a room for which nobody chose a number: the largest mesh that an ordinary
/// machine encodes without dropping frames.
pub const DEFAULT_CAPACITY: u32 = 6;

/// Fewest participants that a room can be created for: fewer is no call.
pub const MIN_CAPACITY: u32 = 2;

/// How often the server asks a connection for a sign of life. Shorter notices a lost link
/// sooner and costs more messages.
pub const PING_INTERVAL: Duration = Duration::from_secs(2);

/// Silence after which a connection counts as lost: three missed answers.
pub const SILENCE_LIMIT: Duration = Duration::from_secs(6);

/// How long the seat of a lost participant is kept. Longer bridges longer outages, and shows
/// somebody who has gone for longer.
pub const GRACE: Duration = Duration::from_secs(30);

/// How long the seat of a lost participant is kept at most, however often others vouch that its media still flows.
/// Longer would let a call outlive its host's absence for longer, and one guest hold a seat for somebody who has gone.
pub const LONGEST_GRACE: Duration = Duration::from_secs(600);

/// Reactions of one participant that are passed on at once, after a rest. More would let one person cover the
/// pictures of all others.
pub const REACTION_BURST: u32 = 5;

/// How often one more reaction is passed on after that. Shorter would be a shower without end.
pub const REACTION_INTERVAL: Duration = Duration::from_secs(1);

/// How long a connection may stay without a hello, or without a room after it.
pub const JOIN_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a single-use code can be exchanged for a token: the start of a slow browser.
pub const CODE_LIFETIME: Duration = Duration::from_secs(60);

/// Most messages kept for a participant until it acknowledges them. Above it its session cannot
/// be continued any more and starts anew. A page that reads must never get there: a busy one may
/// be a second behind.
pub const UNACKNOWLEDGED_MESSAGES: usize = 4096;

/// Most bytes kept for a participant until it acknowledges them: what all candidates and
/// descriptions of a full room take, many times over.
pub const UNACKNOWLEDGED_BYTES: usize = 2 * 1024 * 1024;

/// After how many received messages an acknowledgement is due at the latest: a small part of what
/// the other side keeps.
pub const ACKNOWLEDGE_EVERY: u64 = 32;
