//! A WebRTC peer for webviews that have none.

pub mod audio;
