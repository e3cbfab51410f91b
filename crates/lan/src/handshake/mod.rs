//! The room-ID handshake between two apps (`docs/protocol.md`, «Between apps»).
//!
//! Typing the nine digits proves both sides to each other: SPAKE2 turns them into a key without showing them, a
//! confirmation under that key says that both have the same digits, and a MAC over the TLS exporter says that both are
//! ends of the same TLS connection. [`joiner`] and [`host`] hold the states without sockets or clocks; [`join`] and
//! [`admit`] drive them.

mod admit;
mod failure;
mod frames;
mod host;
mod join;
mod joiner;
mod proofs;
mod ticket;
mod wire;

#[cfg(test)]
mod tests;

pub use admit::{Refusal, Rooms, admit};
pub use failure::{HostFailure, JoinError};
pub use join::{Admitted, Asked};
pub use ticket::Ticket;

pub(crate) use proofs::EXPORTER_BYTES;
