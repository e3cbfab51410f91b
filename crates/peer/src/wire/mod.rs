//! What the page and the app say to each other over the loopback WebSocket.
//!
//! Text frames are [`PageMessage`]s and [`AppMessage`]s as JSON; binary frames ([`PageFrame`], [`AppFrame`])
//! carry pictures, sound and data.

mod app;
mod frame;
pub mod limits;
mod page;
mod stats;
#[cfg(test)]
mod typescript;

pub use app::{AppMessage, DtlsState, EndCode, IceState, RefusalCode};
pub use frame::{AppFrame, BLOCK_BYTES, Codec, FrameError, HEADER_BYTES, PACKET_BYTES, PageFrame};
pub use page::{
    Answer, AnswerLine, Certificate, ChannelOptions, DescriptionKind, Direction, Kind, LineDirection,
    NewLine, Offer, Open, PageMessage,
};
pub use stats::{
    AudioSourceStats, CandidateStats, CandidateType, CertificateStats, ChannelStats, CodecStats,
    DeliveredStats, InboundStats, OutboundStats, PairStats, PlayoutStats, RemoteInboundStats,
    RemoteOutboundStats, StatsReport, TransportStats,
};

/// The version of what is said here.
pub const VERSION: u32 = 1;

/// Why the socket is closed: the codes of RFC 6455, section 7.4, that this server uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum CloseCode {
    /// The app ends.
    GoingAway = 1001,
    /// A frame was longer than [`limits::READ_BYTES`], or a text frame than [`limits::TEXT_BYTES`].
    TooLarge = 1009,
    /// A text frame was not a message, or a binary frame had no proper header.
    Malformed = 4400,
    /// The first frame was not a `hello` with the right token, or none came in time.
    WrongToken = 4401,
    /// The page does not read what is sent to it.
    TooSlow = 4429,
}

impl CloseCode {
    /// The number on the wire.
    pub fn number(self) -> u16 {
        self as u16
    }
}
