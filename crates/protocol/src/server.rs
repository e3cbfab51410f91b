use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::participant::{DisplayName, Hand, MediaState, Participant, ParticipantId, Reaction, Role};
use crate::private::{AccessToken, ResumeToken};
use crate::room_id::RoomId;
use crate::signal::Signal;

/// One WebSocket message from the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ServerFrame {
    /// The message's place in the session, from 1 without a gap. Absent outside a session, for
    /// `welcome`, `reaction`, `ping` and `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub seq: Option<u64>,
    /// The highest `seq` received from the client in this session; 0: none.
    #[serde(default)]
    #[cfg_attr(test, ts(type = "number"))]
    pub ack: u64,
    /// What is said. Shared: the same message is kept until it is acknowledged.
    #[cfg_attr(test, ts(as = "ServerMessage"))]
    pub message: Arc<ServerMessage>,
}

/// What the server can say. A client ignores types that it does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ServerMessage {
    /// Answers a hello.
    Hello {
        /// The version that both sides speak from here on.
        version: u32,
        /// Whether this connection may create and observe rooms.
        may_create: bool,
        /// What a single-use code was exchanged for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        token: Option<AccessToken>,
    },
    /// Begins a session, or continues it.
    Welcome(Box<Welcome>),
    /// Somebody has joined, or starts anew in the seat of the same `id`.
    Joined {
        /// Who.
        participant: Participant,
    },
    /// Somebody's link is lost.
    Reconnecting {
        /// Who.
        participant: ParticipantId,
    },
    /// Somebody's link is back and its session goes on.
    Resumed {
        /// Who.
        participant: ParticipantId,
    },
    /// Somebody is gone. About oneself: the session is over.
    Left {
        /// Who.
        participant: ParticipantId,
        /// Why.
        reason: LeaveReason,
    },
    /// Somebody turned the microphone or camera on or off, or shares a screen or does so no more.
    Changed {
        /// Who.
        participant: ParticipantId,
        /// What it sends now.
        state: MediaState,
    },
    /// Somebody raised a hand or took it down. Who did it is told too: the server says when it was up.
    Hand {
        /// Who.
        participant: ParticipantId,
        /// The hand; absent: it is down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        hand: Option<Hand>,
    },
    /// Somebody else shows something for a moment. Who cannot be reached now is not told.
    Reaction {
        /// Who.
        participant: ParticipantId,
        /// What.
        reaction: Reaction,
    },
    /// Something from one other participant.
    Signal {
        /// From whom.
        from: ParticipantId,
        /// The sender's session.
        session: u32,
        /// What.
        signal: Signal,
    },
    /// The way for others to this room has changed.
    Invite {
        /// The new one; absent: nobody on the network can reach the room now.
        invite: Option<Invite>,
    },
    /// The room is over for everybody.
    Ended {
        /// Why.
        reason: EndReason,
    },
    /// Something was refused.
    Error {
        /// Stable.
        code: ErrorCode,
        /// A sentence for a person who debugs; people are shown their own language by `code`.
        message: String,
        /// The `seq` of the refused message, if it had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        of: Option<u64>,
        /// Milliseconds to wait before another attempt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "number"))]
        retry_after_ms: Option<u64>,
        /// What was tried to find an unknown room on the network.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        tried: Option<Tried>,
    },
    /// Asks for a sign of life.
    Ping {},
    /// A type of a newer version; never sent.
    #[serde(other)]
    #[cfg_attr(test, ts(skip))]
    Unknown,
}

/// The state of the room for a member that enters it or comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Welcome {
    /// Who the client is.
    pub you: ParticipantId,
    /// As what it is there.
    pub role: Role,
    /// Which of its sessions this is, from 1.
    pub session: u32,
    /// The session from before goes on: what was negotiated is still valid, messages that were
    /// missed follow, and the client sends again what is above `received`.
    pub continued: bool,
    /// The highest `seq` received from the client in this session.
    #[cfg_attr(test, ts(type = "number"))]
    pub received: u64,
    /// For `resume` after a lost link or a reload.
    pub resume: ResumeToken,
    /// The room.
    #[cfg_attr(test, ts(type = "string"))]
    pub room: RoomId,
    /// The name of the host's machine, as its owner shows it.
    #[cfg_attr(test, ts(type = "string"))]
    pub host: DisplayName,
    /// Its seats.
    pub capacity: u32,
    /// Everybody with a seat, oneself included, in the order of joining.
    pub participants: Vec<Participant>,
    /// For the `RTCPeerConnection`.
    pub ice_servers: Vec<IceServer>,
    /// How others on the network get in; absent: they cannot now.
    pub invite: Option<Invite>,
    /// What the server accepts.
    pub limits: Limits,
}

/// Whom a server has asked for a room that it does not hold itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Tried {
    /// Hosts that were found on the network and answered.
    pub found: u32,
    /// Hosts that were met before, were not found now, and answered all the same.
    pub known: u32,
    /// What became of the address that the person gave: it answered. Absent if none was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub at: Option<bool>,
}

/// `RTCIceServer` (W3C webrtc-pc, section 4.2.4).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IceServer {
    /// `stun:` and `turn:` URLs (RFC 7064, RFC 7065).
    pub urls: Vec<String>,
    /// For TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub username: Option<String>,
    /// For TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub credential: Option<String>,
}

impl std::fmt::Debug for IceServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IceServer(…)")
    }
}

/// How somebody else gets into the room with only a browser.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Invite {
    /// `https` URL; the room ID is its fragment.
    pub link: String,
    /// SHA-256 of the host's certificate: 32 pairs of upper-case hexadecimal digits with colons.
    pub fingerprint: String,
}

impl std::fmt::Debug for Invite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Invite(…)")
    }
}

/// The limits that a client has to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// [`crate::limits::MESSAGE_BYTES`].
    pub message_bytes: u32,
    /// [`crate::limits::NAME_CHARS`].
    pub name_chars: u32,
    /// [`crate::limits::SILENCE_LIMIT`] in milliseconds: silence after which a side may take the
    /// link for lost.
    pub silence_ms: u32,
    /// [`crate::limits::GRACE`] in milliseconds: how long a seat is kept.
    pub grace_ms: u32,
}

impl Default for Limits {
    fn default() -> Self {
        use crate::limits::{GRACE, MESSAGE_BYTES, NAME_CHARS, SILENCE_LIMIT};
        Self {
            message_bytes: MESSAGE_BYTES as u32,
            name_chars: NAME_CHARS as u32,
            silence_ms: SILENCE_LIMIT.as_millis() as u32,
            grace_ms: GRACE.as_millis() as u32,
        }
    }
}

/// Why a participant is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum LeaveReason {
    /// It left.
    Left,
    /// Its link was lost and did not come back in time.
    Lost,
}

/// Why a room is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum EndReason {
    /// The host stopped hosting.
    HostStopped,
    /// A fault of the server.
    Fault,
}

impl ServerMessage {
    /// The refusal with the code's own sentence.
    pub fn error(code: ErrorCode) -> Self {
        Self::Error { code, message: code.sentence().to_owned(), of: None, retry_after_ms: None, tried: None }
    }
}
