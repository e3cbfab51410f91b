use serde::{Deserialize, Serialize};

/// Why the server refused something. The code is stable; the sentence may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The frame is not JSON.
    MalformedJson,
    /// The frame is binary.
    NotText,
    /// The frame is longer than [`crate::limits::MESSAGE_BYTES`].
    TooLarge,
    /// The message's type is unknown.
    UnknownMessage,
    /// A field is missing or has a wrong value.
    InvalidField,
    /// The first message was not a hello.
    HelloExpected,
    /// Both sides speak no common version.
    VersionMismatch,
    /// The access token or single-use code is not valid (any more).
    WrongToken,
    /// Only the person at the host's machine may do this.
    NotAllowed,
    /// This needs a room, and the connection is in none.
    NotJoined,
    /// The connection is in a room already.
    AlreadyJoined,
    /// No room has this ID.
    UnknownRoom,
    /// The host of the room does not answer now.
    HostUnreachable,
    /// Somebody between here and the host reads along: the connection was refused.
    Intercepted,
    /// Every seat is taken.
    RoomFull,
    /// The addressee is not in the room.
    UnknownParticipant,
    /// Too many attempts; `retryAfterMs` says how long to wait.
    TryLater,
    /// This server holds as many rooms as it can.
    TooManyRooms,
    /// A message before this one is missing.
    SequenceGap,
    /// Nothing was heard for too long, or no room was joined in time.
    TimedOut,
    /// The seat was taken over by another page with the same resume token.
    Replaced,
    /// The connection does not read what is sent to it.
    TooSlow,
    /// A fault of the server; the room it happened in has ended.
    Internal,
}

impl ErrorCode {
    /// Every code, in the order of the document.
    pub const ALL: [Self; 23] = [
        Self::MalformedJson,
        Self::NotText,
        Self::TooLarge,
        Self::UnknownMessage,
        Self::InvalidField,
        Self::HelloExpected,
        Self::VersionMismatch,
        Self::WrongToken,
        Self::NotAllowed,
        Self::NotJoined,
        Self::AlreadyJoined,
        Self::UnknownRoom,
        Self::HostUnreachable,
        Self::Intercepted,
        Self::RoomFull,
        Self::UnknownParticipant,
        Self::TryLater,
        Self::TooManyRooms,
        Self::SequenceGap,
        Self::TimedOut,
        Self::Replaced,
        Self::TooSlow,
        Self::Internal,
    ];

    /// The sentence that goes with the code where nothing more exact is known.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::MalformedJson => "This message is not valid JSON.",
            Self::NotText => "Messages are text, not binary.",
            Self::TooLarge => "This message is too long.",
            Self::UnknownMessage => "This kind of message is unknown here.",
            Self::InvalidField => "A field of this message is missing or wrong.",
            Self::HelloExpected => "The first message has to be a hello.",
            Self::VersionMismatch => "This page and the host's app speak different versions.",
            Self::WrongToken => "This page no longer belongs to a running app. Open it again from the app.",
            Self::NotAllowed => "Only the person at the host's machine can do this.",
            Self::NotJoined => "Join a room first.",
            Self::AlreadyJoined => "This page is in a room already.",
            Self::UnknownRoom => "There is no room with this ID.",
            Self::HostUnreachable => "The room's host does not answer.",
            Self::Intercepted => {
                "Somebody stands between this machine and the host. Nothing was said to them."
            }
            Self::RoomFull => "This room is full.",
            Self::UnknownParticipant => "That participant is not in the room.",
            Self::TryLater => "Too many attempts. Wait a moment, then try again.",
            Self::TooManyRooms => "This host cannot hold more rooms.",
            Self::SequenceGap => "A message got lost on the way.",
            Self::TimedOut => "Nothing was heard for too long.",
            Self::Replaced => "This call goes on in another page.",
            Self::TooSlow => "This page does not keep up with the room.",
            Self::Internal => "Something went wrong at the host. Create a new room.",
        }
    }

    /// With which code the connection is closed after this error, if it is.
    pub fn close_code(self) -> Option<CloseCode> {
        match self {
            Self::HelloExpected | Self::SequenceGap => Some(CloseCode::ProtocolError),
            Self::VersionMismatch => Some(CloseCode::VersionMismatch),
            Self::WrongToken => Some(CloseCode::WrongToken),
            Self::TimedOut => Some(CloseCode::TimedOut),
            Self::Replaced => Some(CloseCode::Replaced),
            Self::TooSlow => Some(CloseCode::TooSlow),
            Self::Internal => Some(CloseCode::Internal),
            Self::MalformedJson
            | Self::NotText
            | Self::TooLarge
            | Self::UnknownMessage
            | Self::InvalidField
            | Self::NotAllowed
            | Self::NotJoined
            | Self::AlreadyJoined
            | Self::UnknownRoom
            | Self::HostUnreachable
            | Self::Intercepted
            | Self::RoomFull
            | Self::UnknownParticipant
            | Self::TryLater
            | Self::TooManyRooms => None,
        }
    }
}

/// WebSocket close codes (RFC 6455, section 7.4) that the server uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum CloseCode {
    /// The server is shutting down.
    GoingAway = 1001,
    /// A text message was not UTF-8.
    NotUtf8 = 1007,
    /// The message was longer than [`crate::limits::READ_BYTES`].
    TooLarge = 1009,
    /// A fault of the server.
    Internal = 1011,
    /// The client broke the protocol.
    ProtocolError = 4400,
    /// The token or code was not valid.
    WrongToken = 4401,
    /// The way to the room's host is lost; the page may resume.
    HostLost = 4404,
    /// No common version.
    VersionMismatch = 4406,
    /// Nothing was heard for too long.
    TimedOut = 4408,
    /// Another page took the seat over.
    Replaced = 4409,
    /// The client did not read fast enough. It may resume.
    TooSlow = 4429,
}

impl CloseCode {
    /// The number on the wire.
    pub fn number(self) -> u16 {
        self as u16
    }
}
