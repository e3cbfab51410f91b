//! Connections as a driver sees them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod channels;
#[path = "../common/mod.rs"]
mod common;
mod media;
mod negotiation;
mod report;
