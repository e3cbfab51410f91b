//! The server as its pages see it, with real sockets.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod access;
mod addresses;
mod call;
#[path = "../common/mod.rs"]
mod common;
mod load;
