//! Session descriptions of the other side (RFC 8829): as an offer that is answered, and as an answer.
#![no_main]

use std::time::Instant;

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use visavis_peer::connection::{Connection, Output};
use visavis_peer::wire::{Answer, Offer};

/// Outputs of one connection that are looked at: more than it has to say at once.
const OUTPUTS: usize = 64;

fn connection() -> Connection {
    Connection::new("fuzz".into(), "a password of ICE".into(), None, Instant::now())
}

fn drain(connection: &mut Connection) {
    for _ in 0..OUTPUTS {
        if let Output::Timeout(_) = connection.poll_output() {
            break;
        }
    }
}

fuzz_target!(|sdp: &str| {
    let offer: Offer = serde_json::from_value(json!({
        "connection": 1, "request": 1, "directions": [], "stopped": [], "dataChannels": true, "iceRestart": false,
        "media": [{ "kind": "audio", "direction": "sendrecv" }, { "kind": "video", "direction": "sendrecv" }],
    }))
    .expect("an offer");
    let answer: Answer =
        serde_json::from_value(json!({ "connection": 1, "request": 1, "sdp": sdp, "media": [] })).expect("an answer");
    let mut offered = connection();
    let _ = offered.answer(&answer, Instant::now());
    drain(&mut offered);
    let mut offering = connection();
    let _ = offering.offer(&offer);
    let _ = offering.accept(sdp, Instant::now());
    drain(&mut offering);
});
