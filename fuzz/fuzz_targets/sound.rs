//! Sound of the other side: packets of any content, order and time, while somebody listens.
#![no_main]

use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use visavis_peer::audio::Playout;

/// Of a packet in the input: sequence number, timestamp, ms since the one before, length; then its payload.
const HEADER_BYTES: usize = 8;

fuzz_target!(|input: &[u8]| {
    let Ok(mut playout) = Playout::new() else { return };
    let (mut rest, mut now) = (input, Instant::now());
    while let Some((header, after)) = rest.split_at_checked(HEADER_BYTES) {
        let sequence = u16::from_le_bytes([header[0], header[1]]);
        let timestamp = u32::from_le_bytes([header[2], header[3], header[4], header[5]]);
        now += Duration::from_millis(header[6].into());
        let (payload, next) = after.split_at(after.len().min(header[7].into()));
        playout.insert(payload, sequence, timestamp, now);
        playout.pull(now);
        rest = next;
    }
});
