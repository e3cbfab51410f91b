//! Datagrams at the STUN port (RFC 8489).
#![no_main]

use std::net::{Ipv4Addr, SocketAddr};

use libfuzzer_sys::fuzz_target;
use visavis_lan::stun;

fuzz_target!(|datagram: &[u8]| {
    let _ = stun::answer(datagram, SocketAddr::from((Ipv4Addr::LOCALHOST, 7443)));
});
