//! Pages that do not read, or say much, and connections that fail.

use std::time::Duration;

use futures_util::SinkExt as _;
use tokio_tungstenite::tungstenite::Message;
use visavis_peer::wire::{
    Answer, AppMessage, ChannelOptions, DtlsState, EndCode, HEADER_BYTES, Kind, Offer, Open, PageMessage,
};
use visavis_protocol::Sdp;

use crate::call::{HERE, PICTURES, call, line, open, see};
use crate::common::client::{Page, frame, server, server_on};
use crate::common::vp8;

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
