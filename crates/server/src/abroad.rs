//! A page of this machine in a room of another.

use futures_util::StreamExt;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Utf8Bytes;
use visavis_protocol::{ErrorCode, HostAddress, RoomId, ServerFrame, ServerMessage, decode_client_frame};

use crate::caller::Caller;
use crate::finder::Finder;
use crate::relay::{self, Parted};
use crate::search::Missed;
use crate::socket::{self, Stream};
use crate::switchboard::{Line, Outgoing};

/// What a page may say before the host of its room is found; a page of ours says nothing.
const EARLY_WORDS: usize = 16;

/// A join that no room of this machine answers.
pub(crate) struct Wish {
    /// As the page said it.
    pub(crate) text: Utf8Bytes,
    pub(crate) room: RoomId,
    pub(crate) at: Option<HostAddress>,
    /// Comes back to a seat.
    pub(crate) returns: bool,
    /// Its number, if it has one.
    pub(crate) seq: Option<u64>,
}

/// Takes a page to its room and stays until it is in none any more. `None`: the connection is over.
pub(crate) async fn visit<S: Stream>(
    socket: &mut WebSocketStream<S>,
    mut line: Line,
    caller: &Caller,
    finder: &Finder,
    wish: Wish,
) -> Option<Line> {
    // What the hub has said so far comes first.
    while let Some(Outgoing::Frame(frame)) = line.next_waiting() {
        if !socket::say(socket, &frame).await {
            return None;
        }
    }
    let mut early = Vec::new();
    let reached = tokio::select! {
        reached = find(finder, &wish) => reached,
        () = listen(socket, &mut early) => return None,
    };
    let admitted = match reached {
        Ok(admitted) => admitted,
        Err(missed) => {
            if !socket::say(socket, &refusal(missed, wish.seq)).await {
                return None;
            }
            for text in early {
                line.received(decode_client_frame(&text));
            }
            return Some(line);
        }
    };
    // To the hub here the page is gone.
    drop(line);
    let words = std::iter::once(wish.text).chain(early).collect();
    match relay::run(socket, admitted, words, finder.look_around()).await {
        Parted::Left => Some(caller.come_home()),
        Parted::PageGone => None,
        Parted::Close(code) => {
            socket::close(socket, code).await;
            None
        }
    }
}

async fn find(finder: &Finder, wish: &Wish) -> Result<visavis_lan::Admitted, Missed> {
    if wish.returns {
        finder.return_to(wish.room).await
    } else {
        finder.reach(wish.room, wish.at.as_ref()).await
    }
}

/// Keeps what the page says meanwhile; done when it is gone.
async fn listen<S: Stream>(socket: &mut WebSocketStream<S>, words: &mut Vec<Utf8Bytes>) {
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Text(text) if words.len() < EARLY_WORDS => words.push(text),
            Message::Text(_) | Message::Close(_) => return,
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
}

fn refusal(missed: Missed, of: Option<u64>) -> ServerFrame {
    let (code, retry_after, tried) = match missed {
        Missed::Unknown(tried) => (ErrorCode::UnknownRoom, None, Some(tried)),
        Missed::Later(wait) => (ErrorCode::TryLater, Some(wait), None),
        Missed::Intercepted => (ErrorCode::Intercepted, None, None),
        Missed::Version { .. } => (ErrorCode::VersionMismatch, None, None),
        Missed::Unreachable => (ErrorCode::HostUnreachable, None, None),
    };
    let message = ServerMessage::Error {
        code,
        message: code.sentence().to_owned(),
        of,
        retry_after_ms: retry_after.map(|wait| wait.as_millis() as u64 + 1),
        tried,
    };
    ServerFrame { seq: None, ack: 0, message: message.into() }
}
