//! A WebRTC peer for webviews that have none: `docs/native-peer.md` as code.
//!
//! [`connection`] is one connection as pure state, with [`audio`] for its sound; [`page`] gives both sockets, a
//! clock and a page, with which it speaks [`wire`].

pub mod audio;
pub mod connection;
mod hex;
pub mod page;
pub mod wire;
