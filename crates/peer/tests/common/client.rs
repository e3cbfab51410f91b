//! A page, as the server sees one.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use visavis_peer::page::{PeerConfig, PeerServer};
use visavis_peer::wire::{AppMessage, Direction, Kind, NewLine, Offer, PageMessage};
use visavis_protocol::AccessToken;

pub const ORIGIN: &str = "tauri://localhost";
pub const TOKEN: &str = "token";

/// No wait for anything that has to come takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn server() -> PeerServer {
    server_on(Vec::new).await
}

/// On a machine with these addresses.
pub async fn server_on(interfaces: impl Fn() -> Vec<IpAddr> + Send + Sync + 'static) -> PeerServer {
    let config = PeerConfig {
        token: AccessToken::new(TOKEN),
        origins: vec!["http://page.example".into()],
        interfaces: Arc::new(interfaces),
    };
    PeerServer::start(config).await.unwrap()
}

/// Connects with these headers; the HTTP status where that is refused.
pub async fn connect(
    server: &PeerServer,
    host: Option<&str>,
    origin: Option<&str>,
) -> Result<WebSocketStream<TcpStream>, u16> {
    let url = server.url();
    let stream = TcpStream::connect(url.trim_start_matches("ws://").trim_end_matches('/')).await.unwrap();
    let mut request = url.into_client_request().unwrap();
    if let Some(host) = host {
        request.headers_mut().insert("host", host.parse().unwrap());
    }
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    match client_async(request, stream).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

/// A page that has said hello.
pub struct Page {
    pub socket: WebSocketStream<TcpStream>,
    messages: VecDeque<AppMessage>,
    pub frames: VecDeque<Vec<u8>>,
}

impl Page {
    pub fn new(socket: WebSocketStream<TcpStream>) -> Self {
        Self { socket, messages: VecDeque::new(), frames: VecDeque::new() }
    }

    pub async fn open(server: &PeerServer) -> Self {
        let mut page = Self::new(connect(server, None, Some(ORIGIN)).await.unwrap());
        page.say(&PageMessage::Hello { token: AccessToken::new(TOKEN) }).await;
        page.message("the welcome", |message| matches!(message, AppMessage::Welcome { version: 1 })).await;
        page
    }

    pub async fn say(&mut self, message: &PageMessage) {
        self.send(Message::text(serde_json::to_string(message).unwrap())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    async fn read(&mut self, what: &str) {
        let frame =
            timeout(PATIENCE, self.socket.next()).await.unwrap_or_else(|_| panic!("{what}: never came"));
        match frame.unwrap_or_else(|| panic!("{what}: the socket ended")).unwrap() {
            Message::Text(text) => self.messages.push_back(serde_json::from_str(&text).unwrap()),
            Message::Binary(bytes) => self.frames.push_back(bytes.to_vec()),
            other => panic!("{what}: {other:?} came"),
        }
    }

    /// The next message of its kind; others wait for those who ask for them.
    pub async fn message(&mut self, what: &str, wanted: impl Fn(&AppMessage) -> bool) -> AppMessage {
        loop {
            if let Some(index) = self.messages.iter().position(&wanted) {
                return self.messages.remove(index).unwrap();
            }
            self.read(what).await;
        }
    }

    /// The next binary frame of this kind.
    pub async fn frame(&mut self, what: &str, kind: u8) -> Vec<u8> {
        loop {
            if let Some(index) = self.frames.iter().position(|frame| frame[0] == kind) {
                return self.frames.remove(index).unwrap();
            }
            self.read(what).await;
        }
    }

    /// The description that a request asked for.
    pub async fn described(&mut self, wanted: u32) -> (String, Vec<String>) {
        let what = format!("the description of request {wanted}");
        let about = |message: &AppMessage| match message {
            AppMessage::Described { request, .. } | AppMessage::Refused { request, .. } => *request == wanted,
            _ => false,
        };
        match self.message(&what, about).await {
            AppMessage::Described { sdp, mids, .. } => (sdp.expose().to_owned(), mids),
            other => panic!("{other:?}"),
        }
    }

    /// Drops what has come of this kind.
    pub fn forget(&mut self, unwanted: impl Fn(&AppMessage) -> bool) {
        self.messages.retain(|message| !unwanted(message));
    }

    /// Whether a message of this kind has come by now.
    pub async fn has_come(&mut self, wanted: impl Fn(&AppMessage) -> bool) -> bool {
        while let Some(Some(Ok(frame))) = self.socket.next().now_or_never() {
            if let Message::Text(text) = frame {
                self.messages.push_back(serde_json::from_str(&text).unwrap());
            }
        }
        self.messages.iter().any(wanted)
    }

    /// Asks for an offer with a line of sound.
    pub async fn offer_of_sound(&mut self) -> String {
        let line = NewLine { kind: Kind::Audio, direction: Direction::SendRecv, stream: None, track: None };
        let wish = Offer { connection: 1, request: 5, media: vec![line], ..Offer::default() };
        self.say(&PageMessage::Offer(wish)).await;
        self.described(5).await.0
    }

    /// The code that the socket is closed with.
    pub async fn closed(&mut self) -> u16 {
        self.left().await.expect("a reason")
    }

    /// Waits until the server has left; the code, if it could be told.
    pub async fn left(&mut self) -> Option<u16> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("it is never closed") {
                Some(Ok(Message::Close(frame))) => return Some(frame.unwrap().code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}

/// A binary frame.
pub fn frame(kind: u8, flags: u8, codec: u8, stream: u32, number: u64, payload: &[u8]) -> Message {
    let mut frame = vec![kind, flags, codec, 0];
    frame.extend(stream.to_le_bytes());
    frame.extend(number.to_le_bytes());
    frame.extend(payload);
    Message::binary(frame)
}
