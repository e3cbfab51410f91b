//! What the page says to its peer over the loopback WebSocket (docs/native-peer.md).
#![no_main]

use libfuzzer_sys::fuzz_target;
use visavis_peer::wire::{PageFrame, PageMessage};

fuzz_target!(|bytes: &[u8]| {
    let _ = PageFrame::parse(bytes);
    let _ = serde_json::from_slice::<PageMessage>(bytes);
});
