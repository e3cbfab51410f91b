//! The messages between a page and the signaling server: their types, limits and version.
//!
//! `docs/protocol.md` is the document that these types follow. A page sends [`ClientFrame`]s and
//! receives [`ServerFrame`]s, each one JSON object in one WebSocket text message.

mod client;
mod decode;
mod error;
mod host_address;
pub mod limits;
mod object;
mod participant;
mod private;
mod room_id;
mod server;
mod signal;
#[cfg(test)]
mod typescript;

pub use client::{ClientFrame, ClientMessage, Entrant, Resume};
pub use decode::{DecodeError, decode_client_frame};
pub use error::{CloseCode, ErrorCode};
pub use host_address::HostAddress;
pub use participant::{
    Colour, DisplayName, Hand, MediaState, Participant, ParticipantId, Presence, Reaction, Role,
};
pub use private::{AccessToken, CandidateLine, PrivateKey, ResumeToken, Sdp, SingleUseCode};
pub use room_id::RoomId;
pub use server::{
    EndReason, IceServer, Invite, LeaveReason, Limits, ServerFrame, ServerMessage, Tried, Welcome,
};
pub use signal::{Candidate, Description, DescriptionKind, Signal};
