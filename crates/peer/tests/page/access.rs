//! Who may speak to the peer, and what.

use tokio_tungstenite::tungstenite::Message;
use visavis_peer::wire::{AppMessage, RefusalCode};

use crate::common::client::{Page, connect, frame, server};
use crate::common::vp8;

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
