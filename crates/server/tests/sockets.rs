//! Pages on loopback, over real sockets.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use visavis_protocol::limits::{MESSAGE_BYTES, READ_BYTES};
use visavis_protocol::{
    Candidate, CandidateLine, ClientMessage, CloseCode, EndReason, ErrorCode, ParticipantId, ServerMessage,
    Signal,
};
use visavis_server::{Server, ServerConfig};
use visavis_testkit::{Arrived, SimulatedClient};

struct Host {
    server: Server,
    _data_dir: tempfile::TempDir,
}

impl Host {
    async fn start() -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let server = Server::start(ServerConfig { discovery: false, ..ServerConfig::new(data_dir.path()) })
            .await
            .unwrap();
        Self { server, _data_dir: data_dir }
    }

    /// `127.0.0.1:PORT`.
    fn address(&self) -> String {
        self.server.websocket_url().trim_start_matches("ws://").trim_end_matches("/ws").to_owned()
    }

    async fn page(&self) -> SimulatedClient {
        let origin = format!("http://{}", self.address());
        SimulatedClient::connect(&self.server.websocket_url(), &origin).await.unwrap()
    }

    /// A page of the person at this machine, past the hello.
    async fn own_page(&self) -> SimulatedClient {
        let mut page = self.page().await;
        page.hello(Some(self.server.token())).await;
        assert!(matches!(page.message().await, ServerMessage::Hello { may_create: true, .. }));
        page
    }

    async fn get(&self, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        response
    }
}

fn candidate(line: &str) -> Signal {
    Signal::Candidate(Candidate {
        candidate: CandidateLine::new(line),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    })
}

async fn error(page: &mut SimulatedClient) -> ErrorCode {
    page.until(|message| match message {
        ServerMessage::Error { code, .. } => Some(code),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn two_pages_meet_and_signal_in_order() {
    let host = Host::start().await;
    let (mut ada, mut bob) = (host.own_page().await, host.own_page().await);
    let room = ada.create("Ada").await.room;
    let welcome = bob.join(room, "Bob").await;
    assert_eq!(welcome.participants.len(), 2);
    assert!(welcome.ice_servers[0].urls[0].starts_with("stun:127.0.0.1:"));
    let invite = welcome.invite.unwrap();
    assert!(invite.link.starts_with("https://") && invite.link.ends_with(&format!("/#{}", room.digits())));
    for n in 0..100 {
        let signal = candidate(&n.to_string());
        bob.say_next(ClientMessage::Signal { to: ParticipantId(1), session: None, signal }).await;
    }
    for n in 0..100 {
        let got = ada
            .until(|message| match message {
                ServerMessage::Signal { from, signal, .. } => Some((from, signal)),
                _ => None,
            })
            .await;
        assert_eq!(got, (ParticipantId(2), candidate(&n.to_string())));
    }
    host.server.shutdown().await;
}

#[tokio::test]
async fn a_burst_reaches_a_page_that_reads() {
    const BURST: u64 = 3000;
    let host = Host::start().await;
    let (mut ada, mut bob) = (host.own_page().await, host.own_page().await);
    let room = ada.create("Ada").await.room;
    bob.join(room, "Bob").await;
    let sender = tokio::spawn(async move {
        for n in 0..BURST {
            let signal = candidate(&n.to_string());
            bob.say_next(ClientMessage::Signal { to: ParticipantId(1), session: None, signal }).await;
        }
        bob
    });
    for n in 0..BURST {
        let wanted = candidate(&n.to_string());
        ada.until(|message| {
            matches!(message, ServerMessage::Signal { signal, .. } if signal == wanted).then_some(())
        })
        .await;
    }
    sender.await.unwrap();
    host.server.shutdown().await;
}

#[tokio::test]
async fn whatever_arrives_gets_an_error_and_the_call_goes_on() {
    let host = Host::start().await;
    let (mut ada, mut bob) = (host.own_page().await, host.own_page().await);
    let room = ada.create("Ada").await.room;
    bob.join(room, "Bob").await;
    let long_name = format!(r#"{{"message":{{"type":"create","name":"{}"}}}}"#, "x".repeat(1_000_000));
    for (text, code) in [
        ("{".to_owned(), ErrorCode::MalformedJson),
        ("[[[[".repeat(1000), ErrorCode::MalformedJson),
        ("null".to_owned(), ErrorCode::InvalidField),
        (r#"{"message":{"type":"dance"}}"#.to_owned(), ErrorCode::UnknownMessage),
        (r#"{"message":{"type":"signal","to":"Ada"}}"#.to_owned(), ErrorCode::InvalidField),
        (r#"{"message":{"type":"create","name":"Bob"}}"#.to_owned(), ErrorCode::AlreadyJoined),
        (" ".repeat(MESSAGE_BYTES + 1), ErrorCode::TooLarge),
        (long_name, ErrorCode::TooLarge),
    ] {
        let shown: String = text.chars().take(60).collect();
        bob.send_text(text).await;
        assert_eq!(error(&mut bob).await, code, "{shown}");
    }
    bob.send_binary(vec![0, 159, 146, 150]).await;
    assert_eq!(error(&mut bob).await, ErrorCode::NotText);
    bob.say_next(ClientMessage::Leave {}).await;
    let left = ada.until(|message| matches!(message, ServerMessage::Left { .. }).then_some(message)).await;
    assert!(matches!(left, ServerMessage::Left { participant: ParticipantId(2), .. }));
    host.server.shutdown().await;
}

#[tokio::test]
async fn a_message_too_long_to_read_ends_only_its_own_connection() {
    let host = Host::start().await;
    let (mut ada, mut bob) = (host.own_page().await, host.own_page().await);
    let room = ada.create("Ada").await.room;
    bob.join(room, "Bob").await;
    bob.send_text("x".repeat(READ_BYTES + 1)).await;
    assert_eq!(error(&mut bob).await, ErrorCode::TooLarge);
    assert!(matches!(bob.next().await, Arrived::Closed(Some(code)) if code == CloseCode::TooLarge.number()));
    let seen =
        ada.until(|message| matches!(message, ServerMessage::Reconnecting { .. }).then_some(message)).await;
    assert_eq!(seen, ServerMessage::Reconnecting { participant: ParticipantId(2) });
    host.server.shutdown().await;
}

#[tokio::test]
async fn pages_from_elsewhere_are_refused() {
    let host = Host::start().await;
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        assert!(SimulatedClient::connect(&host.server.websocket_url(), origin).await.is_err(), "{origin}");
    }
    assert!(host.get("/", "evil.example").await.starts_with("HTTP/1.1 403"));
    assert!(host.get("/status", &host.address()).await.starts_with("HTTP/1.1 200"));
    assert!(host.get("/../Cargo.toml", &host.address()).await.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn a_code_works_once_and_a_wrong_token_never() {
    let host = Host::start().await;
    let url = host.server.single_use_url(None);
    let code = url.split_once("#code=").unwrap().1.to_owned();
    let hello = |code: &str| format!(r#"{{"message":{{"type":"hello","versions":[1],"code":"{code}"}}}}"#);
    let mut first = host.page().await;
    first.send_text(hello(&code)).await;
    let ServerMessage::Hello { may_create: true, token: Some(token), .. } = first.message().await else {
        panic!("the code was not exchanged");
    };
    assert!(token.matches(host.server.token()));
    let mut second = host.page().await;
    second.send_text(hello(&code)).await;
    assert_eq!(error(&mut second).await, ErrorCode::WrongToken);
    assert!(matches!(second.next().await, Arrived::Closed(Some(4401))));
}

#[tokio::test]
async fn stopping_tells_everybody() {
    let host = Host::start().await;
    let mut ada = host.own_page().await;
    ada.create("Ada").await;
    let stopped = tokio::spawn(host.server.shutdown());
    let ended = ada.until(|message| matches!(message, ServerMessage::Ended { .. }).then_some(message)).await;
    assert_eq!(ended, ServerMessage::Ended { reason: EndReason::HostStopped });
    assert!(matches!(ada.next().await, Arrived::Closed(Some(1001))));
    stopped.await.unwrap();
}

#[tokio::test]
async fn status_counts_without_telling_who() {
    let host = Host::start().await;
    let mut ada = host.own_page().await;
    ada.create("Ada").await;
    let response = host.get("/status", &host.address()).await;
    let status: serde_json::Value = serde_json::from_str(response.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(
        (&status["rooms"], &status["participants"], &status["connections"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert!(status.as_object().unwrap().values().all(serde_json::Value::is_u64));
}

#[tokio::test]
async fn half_open_requests_are_dropped() {
    let host = Host::start().await;
    let mut stream = TcpStream::connect(host.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost:").await.unwrap();
    let mut rest = Vec::new();
    // Ends when the server gives up on the request.
    stream.read_to_end(&mut rest).await.unwrap();
}
