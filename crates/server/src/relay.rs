//! Carries a page's frames to the host of its room and back, unchanged. The page's session is with that host; nothing
//! is kept here.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::Utf8Bytes;
use visavis_lan::{Admitted, DeviceId, FoundHost, dial};
use visavis_protocol::limits::{SILENCE_LIMIT, VERSION};
use visavis_protocol::{
    ClientFrame, ClientMessage, CloseCode, ErrorCode, ParticipantId, RoomId, ServerFrame, ServerMessage,
};

use crate::finder::announced;
use crate::neighbours::news;
use crate::socket::{self, Stream, WRITE_TIMEOUT};

/// A host that is announced elsewhere and not heard for so long is looked for there. Less would cut links that hold;
/// more keeps a call waiting that does not.
const MOVED_SILENCE: Duration = Duration::from_secs(1);

/// Close codes of a host that concern the room. All others say something of the page and its own server, which is not
/// the host's to say.
const OF_THE_ROOM: [CloseCode; 6] = [
    CloseCode::GoingAway,
    CloseCode::Internal,
    CloseCode::ProtocolError,
    CloseCode::TimedOut,
    CloseCode::Replaced,
    CloseCode::TooSlow,
];

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
    room: RoomId,
    words: Vec<Utf8Bytes>,
    found: Option<watch::Receiver<Vec<FoundHost>>>,
) -> Parted {
    let lost = Parted::Close(CloseCode::HostLost.number());
    let heard = watch::Sender::new(Instant::now());
    let moved = moved_away(found, admitted.device, admitted.address, heard.subscribe());
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
        parted = inward(from_host, to_page, Ear { room, you: None }, &heard) => parted,
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
    mut ear: Ear,
    heard: &watch::Sender<Instant>,
) -> Parted {
    let lost = Parted::Close(CloseCode::HostLost.number());
    loop {
        // The host asks for a sign of life more often than that.
        let Ok(Some(Ok(message))) = timeout(SILENCE_LIMIT, host.next()).await else { return lost };
        heard.send_replace(Instant::now());
        let text = match message {
            Message::Text(text) => text,
            Message::Close(close) => {
                let said = close.map(|close| u16::from(close.code));
                let ours = OF_THE_ROOM.map(CloseCode::number).into_iter().find(|code| Some(*code) == said);
                return ours.map_or(lost, Parted::Close);
            }
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
        };
        let meaning = ear.hear(&text);
        if meaning == Heard::Nonsense {
            return lost;
        }
        if meaning != Heard::ForUs && !say(&mut page, Message::Text(text)).await {
            return Parted::PageGone;
        }
        if meaning == Heard::Last {
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

/// Done when a host that was announced at this address is announced at others only, is not heard any more, and answers
/// there: an announcement alone may be anybody's.
async fn moved_away(
    mut found: Option<watch::Receiver<Vec<FoundHost>>>,
    device: DeviceId,
    address: SocketAddr,
    heard: watch::Receiver<Instant>,
) {
    let mut was_there = false;
    loop {
        let addresses = found.as_mut().map(|found| announced(&found.borrow_and_update(), device));
        let addresses = addresses.unwrap_or_default();
        let is_there = addresses.contains(&address);
        was_there |= is_there;
        if is_there || !was_there || addresses.is_empty() {
            news(&mut found).await;
            continue;
        }
        let away_since = Instant::now();
        tokio::select! {
            () = news(&mut found) => continue,
            () = sleep(MOVED_SILENCE) => {}
        }
        let is_silent = *heard.borrow() < away_since;
        if is_silent && dial(&addresses, Some(device)).await.is_ok() {
            return;
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
    /// Nothing that the host of this room may say.
    Nonsense,
}

/// Follows whether the page is in its room.
struct Ear {
    room: RoomId,
    you: Option<ParticipantId>,
}

impl Ear {
    fn hear(&mut self, text: &str) -> Heard {
        // Once in the room little matters here: nothing else has to be read.
        let may_matter = |word: &str| text.contains(word);
        if self.you.is_some() && ![r#""left""#, r#""error""#, r#""welcome""#].into_iter().any(may_matter) {
            return Heard::ForThePage;
        }
        let Ok(frame) = serde_json::from_str::<ServerFrame>(text) else { return Heard::ForThePage };
        match &*frame.message {
            ServerMessage::Hello { .. } if self.you.is_none() => Heard::ForUs,
            // The page goes back to where it was welcomed: no host sends it to another room.
            ServerMessage::Welcome(welcome) if welcome.room != self.room => Heard::Nonsense,
            // What the page may do here is not for others to judge.
            ServerMessage::Error { code: ErrorCode::WrongToken, .. } => Heard::Nonsense,
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
