//! Figures.

use std::time::Duration;

use visavis_peer::wire::{Kind, StatsReport};

use crate::common::pair::Pair;
use crate::media::send_pictures;

/// Any time: figures tell times as they are told what time it is.
const UNIX_MS: f64 = 1_700_000_000_000.0;

fn figures(pair: &mut Pair, of: usize) -> StatsReport {
    let now = pair.now;
    pair.peers[of].connection.stats(now, UNIX_MS)
}

#[test]
fn each_side_knows_the_others_certificate_and_how_they_encrypt() {
    let mut pair = Pair::new();
    let before = figures(&mut pair, 0).transport;
    assert_eq!((before.tls_version, before.srtp_cipher, before.remote_certificate), (None, None, None));
    assert_eq!(pair.peers[0].connection.remote_certificate(), None);
    pair.connect(&[Kind::Audio], false);
    let [ada, bob] = [0, 1].map(|index| figures(&mut pair, index).transport);
    assert_eq!(ada.remote_certificate.as_ref(), Some(&bob.local_certificate));
    assert_eq!(bob.remote_certificate.as_ref(), Some(&ada.local_certificate));
    assert_eq!(pair.peers[0].connection.remote_certificate(), Some(bob.local_certificate.der));
    assert_ne!(ada.local_certificate.fingerprint, bob.local_certificate.fingerprint);
    assert_eq!(ada.local_certificate.fingerprint_algorithm, "sha-256");
    assert_eq!(ada.local_certificate.fingerprint.split(':').count(), 32);
    assert!(ada.local_certificate.der.starts_with("30"), "a sequence, in DER");
    assert!(ada.tls_version.is_some() && ada.tls_version == bob.tls_version);
    assert!(ada.srtp_cipher.is_some() && ada.srtp_cipher == bob.srtp_cipher);
}

#[test]
fn checks_are_counted_where_they_are_made() {
    let mut pair = Pair::new();
    let mids = pair.connect(&[Kind::Video], false);
    pair.run(Duration::from_secs(10));
    let [ada, bob] = [0, 1].map(|index| figures(&mut pair, index).pair.unwrap());
    assert!(ada.requests_sent > 2 && bob.requests_sent > 2);
    assert!(ada.requests_received.abs_diff(bob.requests_sent) <= 1, "{ada:?} {bob:?}");
    assert_eq!(bob.responses_sent, bob.requests_received);
    pair.peers[0].connection.set_send(&mids[0], Some(7));
    send_pictures(&mut pair, &mids[0], Duration::from_secs(1));
    pair.link.cut = true;
    pair.run(Duration::from_secs(3));
    let heard = figures(&mut pair, 1).pair.unwrap().last_packet_received_timestamp.unwrap();
    assert!((UNIX_MS - heard - 3_000.0).abs() < 500.0, "{heard}");
}

#[test]
fn what_the_sender_says_of_itself_is_told_with_the_time_of_its_clock() {
    let mut pair = Pair::new();
    let mids = pair.connect(&[Kind::Video], false);
    pair.peers[0].connection.set_send(&mids[0], Some(7));
    let said = |pair: &mut Pair| {
        send_pictures(pair, &mids[0], Duration::from_secs(5));
        figures(pair, 1).inbound[0].remote.clone().unwrap()
    };
    let (first, second) = (said(&mut pair), said(&mut pair));
    assert!(second.packets_sent > first.packets_sent);
    let passed = second.remote_timestamp.unwrap() - first.remote_timestamp.unwrap();
    assert!((passed - 5_000.0).abs() < 2_000.0, "{passed}");
}

#[test]
fn figures_are_waited_for_while_they_lack_what_was_sent() {
    let mut pair = Pair::new();
    let mids = pair.connect(&[Kind::Video], false);
    assert_eq!(pair.peers[0].connection.figures_to_wait_for(), None);
    pair.peers[0].connection.set_send(&mids[0], Some(7));
    send_pictures(&mut pair, &mids[0], Duration::from_millis(40));
    if let Some(told) = pair.peers[0].connection.figures_to_wait_for() {
        pair.until("they are told", |pair| pair.peers[0].connection.figures_told() > told);
    }
    assert_eq!(pair.peers[0].connection.figures_to_wait_for(), None);
    assert!(figures(&mut pair, 0).outbound[0].packets_sent > 0);
}
