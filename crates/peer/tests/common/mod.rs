//! What several of these tests stand on.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

pub mod client;
pub mod pair;

use std::time::Duration;

/// Between two pictures.
pub const FRAME: Duration = Duration::from_millis(33);

/// A VP8 frame of so many bytes: the first bit of its first byte says whether others are needed.
pub fn vp8(key_frame: bool, bytes: usize) -> Vec<u8> {
    let mut frame = vec![7; bytes];
    frame[..10].copy_from_slice(&[0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01]);
    frame[0] |= u8::from(!key_frame);
    frame
}
