//! What strangers send: nothing of it may do more than end its own connection.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod common;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use common::pair::{Pair, media_mids, offer};
use proptest::prelude::*;
use proptest::sample::Index;
use visavis_peer::connection::{Connection, End, Event, Output, Picture};
use visavis_peer::wire::{
    Answer, AnswerLine, Codec, DescriptionKind, Direction, DtlsState, Kind, PageFrame, PageMessage,
};
use visavis_protocol::Sdp;

fn connection() -> Connection {
    Connection::new("user".into(), "passwordpasswordpassword".into(), None, Instant::now())
}

/// Drains a connection; tells why it has ended, if it has.
fn drain(connection: &mut Connection) -> Option<End> {
    let mut end = None;
    loop {
        match connection.poll_output() {
            Output::Event(Event::Ended(reason)) => end = Some(reason),
            Output::Event(_) | Output::Transmit { .. } => {}
            Output::Timeout(_) => return end,
        }
    }
}

/// Lets a connection live on for a while.
fn live(connection: &mut Connection) -> Option<End> {
    let mut end = drain(connection);
    for tick in 0..20 {
        connection.handle_timeout(Instant::now() + Duration::from_millis(100) * tick);
        end = end.or(drain(connection));
    }
    end
}

/// How a text of the other side is spoilt.
#[derive(Clone, Debug)]
enum Spoil {
    Remove(Index),
    Repeat(Index, Index),
    Swap(Index, Index),
    Replace(Index, String),
    Insert(Index, String),
    Digits(Index, u64),
    Truncate(Index),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let line = prop_oneof![
        "\\PC{0,40}",
        "a=(mid|ssrc|msid|rtpmap|fmtp|extmap|rid|simulcast|candidate|setup|ice-ufrag|group):\\PC{0,20}",
        "a=(sendrecv|recvonly|inactive|rtcp-mux|bundle-only|end-of-candidates)",
        "m=(audio|video|application) [0-9]{1,5} UDP/TLS/RTP/SAVPF [0-9 ]{1,12}",
        "a=rtpmap:[0-9]{1,3} (opus|VP8|VP9|H264|rtx|red|AV1)/[0-9]{1,6}(/2)?",
        "a=simulcast:(send|recv) [a-z;,~]{1,8}",
        "a=rid:[a-z0-9]{1,3} (send|recv)( pt=[0-9]{1,3})?",
        "a=sctp-init:[A-Za-z0-9+/=]{0,40}",
    ];
    prop_oneof![
        any::<Index>().prop_map(Spoil::Remove),
        any::<(Index, Index)>().prop_map(|(from, to)| Spoil::Repeat(from, to)),
        any::<(Index, Index)>().prop_map(|(one, other)| Spoil::Swap(one, other)),
        (any::<Index>(), line.clone()).prop_map(|(at, line)| Spoil::Replace(at, line)),
        (any::<Index>(), line).prop_map(|(at, line)| Spoil::Insert(at, line)),
        (any::<Index>(), any::<u64>()).prop_map(|(at, number)| Spoil::Digits(at, number)),
        any::<Index>().prop_map(Spoil::Truncate),
    ]
}

fn spoilt(text: &str, spoils: &[Spoil]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for spoil in spoils {
        let length = lines.len().max(1);
        lines.resize(length, String::new());
        match spoil {
            Spoil::Remove(at) => drop(lines.remove(at.index(length))),
            Spoil::Repeat(from, to) => lines.insert(to.index(length), lines[from.index(length)].clone()),
            Spoil::Swap(one, other) => lines.swap(one.index(length), other.index(length)),
            Spoil::Replace(at, line) => lines[at.index(length)].clone_from(line),
            Spoil::Insert(at, line) => lines.insert(at.index(length), line.clone()),
            Spoil::Digits(at, number) => {
                let line = &mut lines[at.index(length)];
                let digits: String = line.chars().skip_while(|c| !c.is_ascii_digit()).collect();
                let digits: String = digits.chars().take_while(char::is_ascii_digit).collect();
                if !digits.is_empty() {
                    *line = line.replacen(&digits, &number.to_string(), 1);
                }
            }
            Spoil::Truncate(at) => lines.truncate(at.index(length)),
        }
    }
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

fn answer(sdp: &str) -> Answer {
    let line = |mid| AnswerLine { mid, direction: Direction::SendRecv, stream: None, track: None };
    let media = media_mids(sdp).into_iter().map(line).collect();
    Answer { connection: 0, request: 0, sdp: Sdp::new(sdp), media }
}

/// What the first peer has to say to the second: its offer, or its answer to an offer of the second.
fn description(kind: DescriptionKind, mine: &mut Connection) -> String {
    let wish = offer(&[Kind::Audio, Kind::Video], true);
    let mut theirs = connection();
    match kind {
        DescriptionKind::Offer => theirs.offer(&wish).unwrap().sdp,
        DescriptionKind::Answer => {
            let sdp = mine.offer(&wish).unwrap().sdp;
            theirs.answer(&answer(&sdp), Instant::now()).unwrap().sdp
        }
    }
}

/// Each of them makes certificates, so there are few; `PROPTEST_CASES` sets another number.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn no_offer_is_too_much(spoils in prop::collection::vec(spoil(), 1..6), again in prop::collection::vec(spoil(), 0..4)) {
        let mut mine = connection();
        let sdp = description(DescriptionKind::Offer, &mut mine);
        let _ = mine.check(DescriptionKind::Offer, &spoilt(&sdp, &spoils));
        let _ = mine.answer(&answer(&spoilt(&sdp, &spoils)), Instant::now());
        live(&mut mine);
        let _ = mine.answer(&answer(&spoilt(&sdp, &again)), Instant::now());
        live(&mut mine);
        let _ = mine.offer(&offer(&[Kind::Video], true));
    }

    #[test]
    fn no_answer_is_too_much(spoils in prop::collection::vec(spoil(), 1..6)) {
        let mut mine = connection();
        let sdp = description(DescriptionKind::Answer, &mut mine);
        let _ = mine.check(DescriptionKind::Answer, &spoilt(&sdp, &spoils));
        let _ = mine.accept(&spoilt(&sdp, &spoils), Instant::now());
        live(&mut mine);
        let _ = mine.offer(&offer(&[Kind::Video], true));
    }

    #[test]
    fn no_candidate_is_too_much(
        candidate in "(a=)?(candidate:)?\\PC{0,20}( [0-9]{1,9}){0,2} (udp|tcp)? ?\\PC{0,60}( typ \\PC{0,9})?",
        real in "candidate:1 1 (udp|UDP|tcp) [0-9]{1,11} ([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f:]{2,20}|x\\.local) [0-9]{1,6} typ (host|srflx|relay|prflx)( raddr 0.0.0.0 rport 0)?",
    ) {
        let mut mine = connection();
        let sdp = description(DescriptionKind::Offer, &mut mine);
        mine.answer(&answer(&sdp), Instant::now()).unwrap();
        let _ = mine.add_remote_candidate(&candidate);
        let _ = mine.add_remote_candidate(&real);
        prop_assert_eq!(live(&mut mine), None);
    }

    /// From somebody who was let in: it is encrypted as it should be, and what is inside is anything.
    #[test]
    fn no_media_is_too_much(
        frames in prop::collection::vec((prop::collection::vec(any::<u8>(), 1..3000), any::<(bool, bool)>(), any::<u64>()), 1..30),
        sounds in prop::collection::vec((prop::collection::vec(any::<u8>(), 1..1000), any::<u64>()), 1..30),
    ) {
        let mut pair = Pair::new();
        let mids = pair.connect(&[Kind::Audio, Kind::Video], true);
        for (mid, stream) in mids.iter().zip([1, 2]) {
            pair.peers[0].connection.set_send(mid, Some(stream));
            pair.peers[1].connection.set_receive(mid, Some(stream));
        }
        for (data, (vp8, key_frame), time) in &frames {
            let picture = Picture { codec: if *vp8 { Codec::Vp8 } else { Codec::H264 }, key_frame: *key_frame, time: *time, data };
            let now = pair.now;
            pair.peers[0].connection.send_picture(2, picture, now);
            pair.run(Duration::from_millis(5));
        }
        for (data, time) in &sounds {
            let now = pair.now;
            pair.peers[0].connection.send_sound(1, &data.as_slice().into(), *time, *time, now);
            pair.run(Duration::from_millis(10));
            let now = pair.now;
            pair.peers[1].connection.pull_sound(1, 1, Duration::ZERO, now);
        }
        pair.run(Duration::from_secs(2));
        let now = pair.now;
        pair.peers[1].connection.stats(now, 0.0);
    }

    #[test]
    fn no_message_of_a_page_is_too_much(text in "\\PC*", kind in "[a-z-]{0,12}", field in "[a-zA-Z]{0,12}", bytes: Vec<u8>) {
        let _ = serde_json::from_str::<PageMessage>(&text);
        let object = serde_json::json!({ "type": kind, field: text, "connection": 1 });
        let _ = serde_json::from_value::<PageMessage>(object);
        let _ = PageFrame::parse(&bytes);
        for kind in 1..=4 {
            let mut frame = bytes.clone();
            frame.insert(0, kind);
            let _ = PageFrame::parse(&frame);
        }
    }
}

#[test]
fn nobody_is_believed_without_the_right_certificate() {
    let mut pair = Pair::new();
    let offered = pair.peers[0].connection.offer(&offer(&[Kind::Audio], false)).unwrap().sdp;
    let at = offered.find("sha-256 ").unwrap() + 8;
    let other = if &offered[at..at + 2] == "00" { "01" } else { "00" };
    let forged = format!("{}{other}{}", &offered[..at], &offered[at + 2..]);
    let answer = pair.answer(1, &forged, Direction::SendRecv);
    pair.peers[0].connection.accept(&answer, pair.now).unwrap();
    pair.gather(0);
    pair.gather(1);
    pair.until("it is dropped", |pair| pair.peers[1].has(&Event::Ended(End::Untrusted)));
    assert!(pair.peers[1].has(&Event::Dtls(DtlsState::Failed)));
    assert!(!pair.peers[1].has(&Event::Dtls(DtlsState::Connected)));
}

/// Packets of a real call are changed on their way, and made up besides.
#[test]
fn packets_of_strangers_do_not_end_a_call() {
    for seed in 0..10 {
        let mut pair = Pair::seeded(seed);
        let mid = pair.connect(&[Kind::Audio, Kind::Video], true).remove(1);
        pair.link.spoilt = 0.3;
        pair.peers[0].connection.set_send(&mid, Some(1));
        pair.peers[1].connection.set_receive(&mid, Some(1));
        for number in 0..50u64 {
            let data = common::vp8(number % 10 == 0, 3000);
            let picture = Picture {
                codec: Codec::Vp8,
                key_frame: number % 10 == 0,
                time: number * 33_000,
                data: &data,
            };
            let now = pair.now;
            pair.peers[0].connection.send_picture(1, picture, now);
            pair.run(common::FRAME);
        }
        let ended = |event: &Event| matches!(event, Event::Ended(_));
        assert!(!pair.peers.iter().any(|peer| peer.events.iter().any(ended)), "seed {seed}");
        assert!(pair.peers[1].events.iter().any(|event| matches!(event, Event::Picture { .. })));
    }
}

#[test]
fn a_handshake_that_leads_nowhere_is_ended() {
    let mut pair = Pair::new();
    // Whoever is in between can keep DTLS from coming to an end, and no more.
    pair.link.spoilt = 1.0;
    pair.negotiate(0, &offer(&[Kind::Audio], false));
    pair.run(Duration::from_secs(120));
    for peer in &pair.peers {
        let connected = peer.has(&Event::Dtls(DtlsState::Connected));
        let ended =
            peer.events.iter().any(|event| matches!(event, Event::Ended(End::Untrusted | End::Hostile)));
        assert!(
            connected || ended || peer.ice() == Some(visavis_peer::wire::IceState::Failed),
            "{:?}",
            peer.events
        );
    }
}

#[test]
fn garbage_from_elsewhere_is_not_even_looked_at() {
    let mut pair = Pair::new();
    pair.connect(&[Kind::Audio], true);
    let (local, stranger) = (pair.peers[0].address, SocketAddr::from(([198, 51, 100, 1], 9)));
    for first in 0..=255u8 {
        let now = pair.now;
        pair.peers[0].connection.handle_packet(local, stranger, &[first; 100], now);
        pair.drain();
    }
    pair.run(Duration::from_secs(10));
    assert!(!pair.peers[0].events.iter().any(|event| matches!(event, Event::Ended(_))));
}
