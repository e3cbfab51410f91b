//! Datagrams to a connection that waits for its other side: STUN, DTLS, RTP and RTCP before and without keys.
#![no_main]

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use visavis_peer::connection::{Connection, Output};
use visavis_peer::wire::Answer;

/// What a browser offers.
const OFFER: &str = include_str!("../corpus/description/offer");

/// Datagrams of one input; each begins with its length in two bytes.
const DATAGRAMS: usize = 16;

/// Outputs after one datagram that are looked at.
const OUTPUTS: usize = 64;

fuzz_target!(|input: &[u8]| {
    let now = Instant::now();
    let mut connection = Connection::new("fuzz".into(), "a password of ICE".into(), None, now);
    let answer: Answer =
        serde_json::from_value(json!({ "connection": 1, "request": 1, "sdp": OFFER, "media": [] })).expect("an answer");
    connection.answer(&answer, now).expect("the offer is good");
    let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 5000));
    let remote = SocketAddr::from((Ipv4Addr::LOCALHOST, 5001));
    let mut rest = input;
    for _ in 0..DATAGRAMS {
        let Some((length, after)) = rest.split_at_checked(2) else { break };
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let (datagram, next) = after.split_at(after.len().min(length));
        connection.handle_packet(local, remote, datagram, now);
        for _ in 0..OUTPUTS {
            if let Output::Timeout(_) = connection.poll_output() {
                break;
            }
        }
        rest = next;
    }
});
