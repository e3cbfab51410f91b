//! ICE candidates of the other side (RFC 8839, section 5.1).
#![no_main]

use std::time::Instant;

use libfuzzer_sys::fuzz_target;
use visavis_peer::connection::Connection;

fuzz_target!(|text: &str| {
    let mut connection = Connection::new("fuzz".into(), "a password of ICE".into(), None, Instant::now());
    let _ = connection.add_remote_candidate(text);
});
