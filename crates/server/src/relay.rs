//! Carries a page's frames to the host of its room and back, unchanged. The page's session is with that host; nothing
//! is kept here.

use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::Utf8Bytes;
use visavis_lan::{Admitted, FoundHost};
use visavis_protocol::limits::{SILENCE_LIMIT, VERSION};
use visavis_protocol::{ClientFrame, ClientMessage, CloseCode, ParticipantId, ServerFrame, ServerMessage};

use crate::socket::{self, Stream};

/// A side that takes longer to take a message off our hands has stopped reading.
const WRITE_TIMEOUT: Duration = SILENCE_LIMIT;

/// How a page and the host of its room part.
pub(crate) enum Parted {
    /// The page is in no room any more; its connection is as after hello.
    Left,
    /// The page is gone.
    PageGone,
    /// The page is to be closed with this code.
    Close(u16),
}

/// Says `words` to the host, the page's own since its join, then carries on until one of the two ends it, or the host
/// is found elsewhere.
pub(crate) async fn run<P: Stream>(
    page: &mut WebSocketStream<P>,
    admitted: Admitted,
    words: Vec<Utf8Bytes>,
    found: Option<watch::Receiver<Vec<FoundHost>>>,
) -> Parted {
    let lost = Parted::Close(CloseCode::HostLost.number());
    let moved = moved_away(found, admitted.device, admitted.address);
    let host = socket::over(admitted.stream, Role::Client).await;
    let (mut to_host, from_host) = host.split();
    let (to_page, from_page) = page.split();
    let Some(hello) = hello() else { return lost };
    for text in std::iter::once(hello).chain(words) {
        if !say(&mut to_host, Message::Text(text)).await {
            return lost;
        }
    }
    tokio::select! {
        parted = outward(from_page, to_host) => parted,
        parted = inward(from_host, to_page) => parted,
        () = moved => lost,
    }
}

/// A guest's hello: what lets the page in at the host is that its app was let in.
fn hello() -> Option<Utf8Bytes> {
    let message = ClientMessage::Hello { versions: vec![VERSION], token: None, code: None };
    let frame = ClientFrame { seq: None, ack: 0, message };
    serde_json::to_string(&frame).ok().map(Utf8Bytes::from)
}

/// From the page to the host.
async fn outward<P: Stream, H: Stream>(
    mut page: SplitStream<&mut WebSocketStream<P>>,
    mut host: SplitSink<WebSocketStream<H>, Message>,
) -> Parted {
    while let Some(message) = page.next().await {
        match message {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => {
                if !say(&mut host, message).await {
                    return Parted::Close(CloseCode::HostLost.number());
                }
            }
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
            Ok(Message::Close(_)) => break,
            Err(error) => match socket::unread(&error) {
                Some((_, code)) => return Parted::Close(code.number()),
                None => break,
            },
        }
    }
    // The host learns at once that the page is gone.
    let _ = timeout(WRITE_TIMEOUT, host.close()).await;
    Parted::PageGone
}

/// From the host to the page.
async fn inward<P: Stream, H: Stream>(
    mut host: SplitStream<WebSocketStream<H>>,
    mut page: SplitSink<&mut WebSocketStream<P>, Message>,
) -> Parted {
    let mut ear = Ear::default();
    loop {
        // The host asks for a sign of life more often than that.
        let Ok(Some(Ok(message))) = timeout(SILENCE_LIMIT, host.next()).await else {
            return Parted::Close(CloseCode::HostLost.number());
        };
        let text = match message {
            Message::Text(text) => text,
            Message::Close(Some(close)) => return Parted::Close(close.code.into()),
            Message::Close(None) => return Parted::Close(CloseCode::HostLost.number()),
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
        };
        let heard = ear.hear(&text);
        if heard != Heard::ForUs && !say(&mut page, Message::Text(text)).await {
            return Parted::PageGone;
        }
        if heard == Heard::Last {
            return Parted::Left;
        }
    }
}

async fn say<S>(sink: &mut S, message: Message) -> bool
where
    S: SinkExt<Message> + Unpin,
{
    matches!(timeout(WRITE_TIMEOUT, sink.send(message)).await, Ok(Ok(())))
}

/// Done when a host that was announced at this address is announced at others only.
async fn moved_away(
    found: Option<watch::Receiver<Vec<FoundHost>>>,
    device: visavis_lan::DeviceId,
    address: std::net::SocketAddr,
) {
    let Some(mut found) = found else { return std::future::pending().await };
    let mut was_there = false;
    loop {
        if let Some(host) = found.borrow_and_update().iter().find(|host| host.device == device) {
            let is_there = host.addresses.contains(&address);
            if was_there && !is_there {
                return;
            }
            was_there = is_there;
        }
        if found.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}

/// What a frame of the host means to the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    /// Answers our own hello.
    ForUs,
    ForThePage,
    /// For the page, which is in no room after it.
    Last,
}

/// Follows whether the page is in its room.
#[derive(Default)]
struct Ear {
    you: Option<ParticipantId>,
}

impl Ear {
    fn hear(&mut self, text: &str) -> Heard {
        // Once in the room only one's own `left` matters: nothing else has to be read.
        if self.you.is_some() && !text.contains(r#""left""#) {
            return Heard::ForThePage;
        }
        let Ok(frame) = serde_json::from_str::<ServerFrame>(text) else { return Heard::ForThePage };
        match &*frame.message {
            ServerMessage::Hello { .. } if self.you.is_none() => Heard::ForUs,
            ServerMessage::Welcome(welcome) => {
                self.you = Some(welcome.you);
                Heard::ForThePage
            }
            ServerMessage::Left { participant, .. } if Some(*participant) == self.you => Heard::Last,
            ServerMessage::Error { .. } if self.you.is_none() => Heard::Last,
            _ => Heard::ForThePage,
        }
    }
}
