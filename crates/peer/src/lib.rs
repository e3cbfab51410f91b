//! A WebRTC peer for webviews that have none: `docs/native-peer.md` as code.
//!
//! [`wire`] is what it says to the page.

pub mod wire;
