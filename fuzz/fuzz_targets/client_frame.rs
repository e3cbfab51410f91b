//! What a page sends to a server (docs/protocol.md).
#![no_main]

use libfuzzer_sys::fuzz_target;
use visavis_protocol::decode_client_frame;

fuzz_target!(|text: &str| {
    let _ = decode_client_frame(text);
});
