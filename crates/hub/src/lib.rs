//! Rooms and their participants as a pure state machine: `docs/protocol.md` as code.
//!
//! The [`Hub`] does no input or output, has no clock and no randomness: a driver hands it what
//! happened ([`Input`]) with the time, and carries out what it answers ([`Output`]). The rule of
//! the drain: after every `handle_…` call [`Hub::poll_output`] until it is `None`, then arrange for
//! [`Hub::handle_timeout`] at [`Hub::poll_timeout`].

mod access;
mod connection;
mod entrance;
mod hub;
mod io;
mod lanes;
mod member;
mod outputs;
mod reactions;
mod refusal;
mod room;
mod rooms;
mod session;
pub mod throttle;
mod upkeep;

pub use hub::Hub;
pub use io::{ConnectionId, Counts, Hindrance, HubConfig, Input, InviteAddress, Output};
