//! The server as its pages see it, with real sockets.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod common;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::client::{Page, connect, frame, server, server_on};
use common::vp8;
use futures_util::SinkExt as _;
use tokio_tungstenite::tungstenite::Message;
use visavis_peer::wire::{
    Answer, AnswerLine, AppMessage, ChannelOptions, Direction, DtlsState, EndCode, HEADER_BYTES, IceState,
    Kind, NewLine, Offer, Open, PageMessage, RefusalCode, StatsReport,
};
use visavis_protocol::{CandidateLine, IceServer, Sdp};

const HERE: u32 = 1;
const PICTURES: u32 = 10;
const SOUND: u32 = 11;
const SHOWN: u32 = 20;
const HEARD: u32 = 21;

fn line(kind: Kind) -> NewLine {
    NewLine { kind, direction: Direction::SendRecv, stream: Some("s".into()), track: Some("t".into()) }
}

async fn open(page: &mut Page) {
    page.say(&PageMessage::Open(Open { connection: HERE, ..Open::default() })).await;
}

/// The candidates that `gather` brings.
async fn gathered(page: &mut Page) -> Vec<String> {
    page.say(&PageMessage::Gather { connection: HERE, relay_only: false }).await;
    let mut lines = Vec::new();
    loop {
        let told =
            page.message("a candidate", |message| matches!(message, AppMessage::Candidate { .. })).await;
        let AppMessage::Candidate { candidate, mid, username_fragment, .. } = told else { unreachable!() };
        assert!(!mid.is_empty() && !username_fragment.is_empty());
        let Some(candidate) = candidate else { return lines };
        lines.push(candidate.expose().to_owned());
    }
}

/// Hands the candidates of one page to the other, until there are no more.
async fn trickle(from: &mut Page, to: &mut Page) {
    for line in gathered(from).await {
        let candidate = CandidateLine::new(line);
        to.say(&PageMessage::Candidate { connection: HERE, request: 90, candidate, mid: None }).await;
        to.message("the candidate is taken", |message| matches!(message, AppMessage::Done { request: 90 }))
            .await;
    }
}

/// Two pages in a call: a line of sound, one of pictures, and data channels. Tells the mids.
async fn call(ada: &mut Page, bob: &mut Page) -> Vec<String> {
    open(ada).await;
    open(bob).await;
    let wish = Offer {
        connection: HERE,
        request: 1,
        media: vec![line(Kind::Audio), line(Kind::Video)],
        data_channels: true,
        ..Offer::default()
    };
    ada.say(&PageMessage::Offer(wish)).await;
    let (offer, mids) = ada.described(1).await;
    let media = mids
        .iter()
        .map(|mid| AnswerLine {
            mid: mid.clone(),
            direction: Direction::SendRecv,
            stream: Some("b".into()),
            track: None,
        })
        .collect();
    bob.say(&PageMessage::Answer(Answer { connection: HERE, request: 2, sdp: Sdp::new(offer), media })).await;
    let (answer, _) = bob.described(2).await;
    ada.say(&PageMessage::Accept { connection: HERE, request: 3, sdp: Sdp::new(answer) }).await;
    ada.message("the answer is taken", |message| matches!(message, AppMessage::Done { request: 3 })).await;
    trickle(ada, bob).await;
    trickle(bob, ada).await;
    for page in [ada, bob] {
        let connected = |message: &AppMessage| {
            matches!(message, AppMessage::IceState { state: IceState::Connected | IceState::Completed, .. })
        };
        page.message("ICE is connected", connected).await;
        let connected = |message: &AppMessage| {
            matches!(message, AppMessage::DtlsState { state: DtlsState::Connected, .. })
        };
        page.message("DTLS is connected", connected).await;
    }
    mids
}

/// Sends key frames until one arrives.
async fn see(from: &mut Page, to: &mut Page, mid: &str) -> Vec<u8> {
    from.say(&PageMessage::Send { connection: HERE, mid: mid.into(), stream: PICTURES }).await;
    to.say(&PageMessage::Receive { connection: HERE, mid: mid.into(), stream: SHOWN }).await;
    for number in 0..3u64 {
        from.send(frame(1, 1, 1, PICTURES, number * 33_000, &vp8(true, 30_000))).await;
    }
    to.frame("a picture", 1).await
}

async fn figures(page: &mut Page) -> StatsReport {
    page.say(&PageMessage::Stats { connection: HERE, request: 7 }).await;
    let stats =
        page.message("figures", |message| matches!(message, AppMessage::Stats { request: 7, .. })).await;
    let AppMessage::Stats { report, .. } = stats else { unreachable!() };
    *report
}

#[tokio::test(flavor = "multi_thread")]
async fn two_pages_see_and_hear_each_other() {
    let (ada_server, bob_server) = (server().await, server().await);
    let (mut ada, mut bob) = (Page::open(&ada_server).await, Page::open(&bob_server).await);
    let mids = call(&mut ada, &mut bob).await;

    for _ in 0..2 {
        let picture = see(&mut ada, &mut bob, &mids[1]).await;
        assert_eq!(picture[..8], [1, 1, 1, 0, SHOWN as u8, 0, 0, 0]);
        assert_eq!(picture[16..], vp8(true, 30_000));
        std::mem::swap(&mut ada, &mut bob);
    }

    let source = PageMessage::Source {
        stream: SOUND,
        echo_cancellation: false,
        noise_suppression: false,
        auto_gain_control: false,
    };
    ada.say(&source).await;
    ada.say(&PageMessage::Send { connection: HERE, mid: mids[0].clone(), stream: SOUND }).await;
    bob.say(&PageMessage::Receive { connection: HERE, mid: mids[0].clone(), stream: HEARD }).await;
    let loud: Vec<u8> =
        (0..960).flat_map(|n| (((f64::from(n) * 0.1).sin() * 9000.0) as i16).to_le_bytes()).collect();
    let both = [loud, vec![0; 1920]].concat();
    let mut packets = 0;
    let mut clock = tokio::time::interval(Duration::from_millis(20));
    loop {
        clock.tick().await;
        ada.send(frame(2, 0, 0, SOUND, packets * 20_000, &both)).await;
        bob.send(frame(3, 0, 0, HEARD, 2, &0u32.to_le_bytes())).await;
        let sound = bob.frame("sound", 2).await;
        assert_eq!(sound.len(), 16 + 2 * 960);
        let loudest = sound[16..].chunks(2).map(|s| i16::from_le_bytes([s[0], s[1]]).unsigned_abs()).max();
        if loudest > Some(3000) {
            break;
        }
        packets += 1;
        assert!(packets < 250, "nothing is heard");
    }

    // str0m counts four times a second.
    let mut report = figures(&mut ada).await;
    while report.pair.is_none() || report.outbound.len() < 2 || report.inbound.is_empty() {
        report = figures(&mut ada).await;
    }
    assert!(report.transport.packets_sent > 30 && report.transport.bytes_sent > 30_000, "{report:?}");
    let pictures = report.outbound.iter().find(|line| line.mid == mids[1]).unwrap();
    assert_eq!((pictures.frames_sent, pictures.key_frames_sent), (3, 3));
    assert_eq!(pictures.source, None);
    let source = report.outbound.iter().find_map(|line| line.source).unwrap();
    let loudness = 9000.0 / 32_767.0 / 2f64.sqrt();
    assert!((source.total_audio_energy / source.total_samples_duration - loudness.powi(2)).abs() < 0.01);
    assert!(source.audio_level > 0.0 && source.audio_level < loudness + 0.01, "{source:?}");
    ada_server.shutdown().await;
    assert_eq!(ada.closed().await, 1001);
}

#[tokio::test]
async fn only_the_windows_own_page_is_let_in() {
    let server = server().await;
    let host = server.url().trim_start_matches("ws://").trim_end_matches('/').to_owned();
    for origin in ["tauri://localhost", "http://tauri.localhost", "http://page.example"] {
        assert!(connect(&server, None, Some(origin)).await.is_ok(), "{origin}");
    }
    for origin in
        [None, Some("http://elsewhere.example"), Some("null"), Some("http://page.example.evil.example")]
    {
        assert_eq!(connect(&server, None, origin).await.err(), Some(403), "{origin:?}");
    }
    for wrong in ["elsewhere.example", "localhost", &host.replace("127.0.0.1", "rebound.example")] {
        assert_eq!(
            connect(&server, Some(wrong), Some("tauri://localhost")).await.err(),
            Some(403),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn the_first_frame_has_to_show_the_token() {
    let server = server().await;
    for first in [
        Message::text(r#"{"type":"hello","token":"wrong"}"#),
        Message::text(r#"{"type":"open","connection":1,"iceServers":[]}"#),
        Message::text("hello"),
        frame(1, 1, 1, 1, 0, &vp8(true, 100)),
    ] {
        let socket = connect(&server, None, Some("tauri://localhost")).await.unwrap();
        let mut page = Page::new(socket);
        page.send(first).await;
        assert_eq!(page.closed().await, 4401);
    }
}

#[tokio::test]
async fn what_no_page_says_closes_the_socket() {
    let server = server().await;
    for wrong in [
        Message::text("{"),
        Message::text(r#"{"type":"open","connection":-1,"iceServers":[]}"#),
        Message::text(r#"{"connection":1}"#),
        Message::binary(vec![1; 15]),
        frame(1, 0, 9, 1, 0, &vp8(true, 100)),
        frame(2, 0, 0, 1, 0, &[0; 100]),
        frame(3, 0, 0, 1, 11, &[0; 4]),
        frame(4, 0, 0, 1, u64::MAX, b""),
    ] {
        let mut page = Page::open(&server).await;
        page.send(wrong).await;
        assert_eq!(page.closed().await, 4400);
    }
    let mut page = Page::open(&server).await;
    page.send(Message::text(format!(r#"{{"type":"{}"}}"#, "x".repeat(600_000)))).await;
    assert_eq!(page.closed().await, 1009);
}

#[tokio::test]
async fn what_a_later_version_says_is_passed_over() {
    let server = server().await;
    let mut page = Page::open(&server).await;
    page.send(Message::text(r#"{"type":"sing","loudly":true}"#)).await;
    page.send(frame(77, 0, 0, 0, 0, b"?")).await;
    page.send(Message::text(r#"{"type":"stats","connection":5,"request":6,"new":1}"#)).await;
    let refused = page.message("a refusal", |message| matches!(message, AppMessage::Refused { .. })).await;
    let AppMessage::Refused { request: 6, code: RefusalCode::UnknownConnection, .. } = refused else {
        panic!("{refused:?}")
    };
    page.send(frame(3, 0, 0, 8, 2, &0u32.to_le_bytes())).await;
    assert_eq!(page.frame("silence", 2).await.len(), 16 + 2 * 960, "whoever plays is always answered");
}

/// Fills what waits for a page that does not read.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_does_not_read_loses_pictures_and_then_its_socket() {
    /// So many frames may wait at least.
    const WAITING: u64 = 20;
    let (ada_server, bob_server) = (server().await, server().await);
    let (mut ada, mut bob) = (Page::open(&ada_server).await, Page::open(&bob_server).await);
    let mids = call(&mut ada, &mut bob).await;
    see(&mut ada, &mut bob, &mids[1]).await;
    ada.say(&PageMessage::WantedBitrate { connection: HERE, bps: 100_000_000 }).await;
    // Bob's page reads nothing from here on, and Ada's sends until she is asked for a key frame.
    let mut sent = 0u64;
    let mut clock = tokio::time::interval(Duration::from_millis(5));
    let wanted = |message: &AppMessage| matches!(message, AppMessage::KeyFrameWanted { .. });
    let mut waiting = 0;
    while waiting < WAITING {
        // What a busy machine loses on the way is asked for anew, too, and sooner.
        waiting = 0;
        ada.forget(wanted);
        while !ada.has_come(wanted).await {
            clock.tick().await;
            (sent, waiting) = (sent + 1, waiting + 1);
            assert!(sent < 5_000, "nothing was dropped");
            let (key, picture) = (u8::from(waiting == 1), vp8(waiting == 1, 50_000));
            ada.send(frame(1, key, 1, PICTURES, (100 + sent) * 33_000, &picture)).await;
        }
    }
    // What nobody may lose ends the socket instead, once it is too much.
    let filler = PageMessage::Stats { connection: 99, request: 1 };
    for _ in 0..100_000 {
        if bob.socket.send(Message::text(serde_json::to_string(&filler).unwrap())).await.is_err() {
            break;
        }
    }
    assert!(matches!(bob.left().await, Some(4429) | None), "whoever does not read may not see the reason");
    let mut again = Page::open(&bob_server).await;
    open(&mut again).await;
    assert!(again.offer_of_sound().await.contains("m=audio"), "the server goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_send_many_messages_at_once() {
    /// More than wait for a connection, and few bytes.
    const MESSAGES: u32 = 5_000;
    let (ada_server, bob_server) = (server().await, server().await);
    let (mut ada, mut bob) = (Page::open(&ada_server).await, Page::open(&bob_server).await);
    call(&mut ada, &mut bob).await;
    let options = ChannelOptions {
        label: "chat".into(),
        protocol: String::new(),
        ordered: true,
        max_retransmits: None,
        max_packet_life_time: None,
    };
    ada.say(&PageMessage::Channel { connection: HERE, channel: 1, options, negotiated: None }).await;
    ada.message("a channel", |message| matches!(message, AppMessage::ChannelOpened { .. })).await;
    for number in 0..MESSAGES {
        ada.socket.feed(frame(4, 1, 0, 1, HERE.into(), &number.to_le_bytes())).await.unwrap();
    }
    ada.socket.flush().await.unwrap();
    for number in 0..MESSAGES {
        let message = bob.frame("a message", 4).await;
        assert_eq!(message[HEADER_BYTES..], number.to_le_bytes());
    }
}

#[tokio::test]
async fn a_fault_in_one_connection_leaves_the_others_alone() {
    let server = server_on(|| panic!("a fault, made by this test")).await;
    let mut page = Page::open(&server).await;
    open(&mut page).await;
    page.say(&PageMessage::Open(Open { connection: 2, ..Open::default() })).await;
    page.say(&PageMessage::Gather { connection: 2, relay_only: false }).await;
    let ended = page.message("the end", |message| matches!(message, AppMessage::Ended { .. })).await;
    let AppMessage::Ended { connection: 2, code: EndCode::Fault, .. } = ended else { panic!("{ended:?}") };
    assert!(page.offer_of_sound().await.contains("m=audio"));
}

#[tokio::test]
async fn candidates_follow_the_addresses_of_the_machine() {
    let addresses: Arc<Mutex<Vec<IpAddr>>> = Arc::default();
    let shared = Arc::clone(&addresses);
    let server = server_on(move || shared.lock().unwrap().clone()).await;
    let mut page = Page::open(&server).await;
    open(&mut page).await;
    page.offer_of_sound().await;
    let hosts = |lines: Vec<String>| -> Vec<String> {
        lines.iter().map(|line| line.split(' ').nth(4).unwrap().to_owned()).collect()
    };
    for here in [&["127.0.0.2", "127.0.0.3"][..], &["127.0.0.3", "127.0.0.4"], &["127.0.0.3"]] {
        *addresses.lock().unwrap() = here.iter().map(|ip| ip.parse().unwrap()).collect();
        assert_eq!(hosts(gathered(&mut page).await), here);
    }
    *addresses.lock().unwrap() = Vec::new();
    assert_eq!(hosts(gathered(&mut page).await), ["127.0.0.1"], "there is always this machine");
}

#[tokio::test]
async fn a_stun_server_tells_how_others_see_this_side() {
    let stun = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let url = format!("stun:{}", stun.local_addr().unwrap());
    tokio::spawn(async move {
        let mut request = [0; 64];
        let (_, from): (usize, SocketAddr) = stun.recv_from(&mut request).await.unwrap();
        // 198.51.100.7:4242 behind the mask of RFC 8489.
        let mut answer = vec![1, 1, 0, 12];
        answer.extend(&request[4..20]);
        answer.extend([0, 0x20, 0, 8, 0, 1, 0x31, 0x80, 198 ^ 0x21, 51 ^ 0x12, 100 ^ 0xa4, 7 ^ 0x42]);
        stun.send_to(&answer, from).await.unwrap();
    });
    let server = server().await;
    let mut page = Page::open(&server).await;
    let turn = "turn:192.0.2.1".to_owned();
    let ice_servers = vec![IceServer { urls: vec![turn, url], username: None, credential: None }];
    page.say(&PageMessage::Open(Open { connection: HERE, ice_servers, ..Open::default() })).await;
    page.offer_of_sound().await;
    let lines = gathered(&mut page).await;
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains("typ host") && lines[1].contains("198.51.100.7 4242 typ srflx"), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_connections_at_once_are_all_made_over_real_sockets() {
    const CONNECTIONS: u32 = 200;
    let (ada_server, bob_server) = (server().await, server().await);
    let (mut ada, mut bob) = (Page::open(&ada_server).await, Page::open(&bob_server).await);
    for connection in 0..CONNECTIONS {
        for page in [&mut ada, &mut bob] {
            page.say(&PageMessage::Open(Open { connection, ..Open::default() })).await;
        }
        let wish = Offer {
            connection,
            request: connection,
            media: vec![line(Kind::Audio), line(Kind::Video)],
            data_channels: true,
            ..Offer::default()
        };
        ada.say(&PageMessage::Offer(wish)).await;
        let (offer, _) = ada.described(connection).await;
        let answer = Answer { connection, request: connection, sdp: Sdp::new(offer), media: Vec::new() };
        bob.say(&PageMessage::Answer(answer)).await;
        let (answer, _) = bob.described(connection).await;
        ada.say(&PageMessage::Accept { connection, request: connection, sdp: Sdp::new(answer) }).await;
    }
    for connection in 0..CONNECTIONS {
        ada.say(&PageMessage::Gather { connection, relay_only: false }).await;
        bob.say(&PageMessage::Gather { connection, relay_only: false }).await;
    }
    for _ in 0..CONNECTIONS {
        let told = |message: &AppMessage| matches!(message, AppMessage::Candidate { candidate: Some(_), .. });
        let AppMessage::Candidate { connection, candidate: Some(candidate), .. } =
            ada.message("a candidate", told).await
        else {
            unreachable!()
        };
        bob.say(&PageMessage::Candidate { connection, request: 1, candidate, mid: None }).await;
    }
    for page in [&mut ada, &mut bob] {
        for connection in 0..CONNECTIONS {
            let connected = |message: &AppMessage| {
                matches!(message, AppMessage::DtlsState { connection: this, state: DtlsState::Connected, .. }
                    if *this == connection)
            };
            page.message(&format!("DTLS of connection {connection}"), connected).await;
        }
    }
}
