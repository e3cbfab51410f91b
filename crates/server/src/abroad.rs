//! A page of this machine in a room of another.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::StreamExt;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Utf8Bytes;
use visavis_lan::JoinError;
use visavis_protocol::{CloseCode, ErrorCode, HostAddress, RoomId, ServerFrame, ServerMessage};

use crate::caller::Caller;
use crate::home::Home;
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

/// A page that is about to go there.
pub(crate) struct Departure {
    pub(crate) home: Arc<Home>,
    pub(crate) wish: Wish,
}

/// Takes a page to its room and stays until it is in none any more; then come its line and what it has said that
/// nobody has heard. `None`: the connection is over.
pub(crate) async fn visit<S: Stream>(
    socket: &mut WebSocketStream<S>,
    mut line: Line,
    caller: &Caller,
    Departure { home, wish }: Departure,
) -> Option<(Line, VecDeque<Utf8Bytes>)> {
    // What the hub has said so far comes first.
    while let Some(Outgoing::Frame(frame)) = line.next_waiting() {
        if !socket::say(socket, &frame).await {
            return None;
        }
    }
    let mut early = VecDeque::new();
    let reached = tokio::select! {
        reached = find(&home, &wish) => reached,
        code = listen(socket, &mut early) => return end(socket, code).await,
        () = home.stopped() => return end(socket, Some(CloseCode::GoingAway)).await,
    };
    let admitted = match reached {
        Ok(admitted) => admitted,
        Err(missed) => {
            if !socket::say(socket, &refusal(missed, wish.seq)).await {
                return None;
            }
            if let Missed::Version { .. } = missed {
                return end(socket, ErrorCode::VersionMismatch.close_code()).await;
            }
            return Some((line, early));
        }
    };
    // To the hub here the page is gone.
    drop(line);
    let _stay = home.stay();
    let words = std::iter::once(wish.text).chain(early).collect();
    let parted = tokio::select! {
        parted = relay::run(socket, admitted, wish.room, words, home.finder.look_around()) => parted,
        () = home.stopped() => Parted::Close(CloseCode::GoingAway.number()),
    };
    match parted {
        Parted::Left => Some((caller.come_home(), VecDeque::new())),
        Parted::PageGone => None,
        Parted::Close(code) => {
            socket::close(socket, code).await;
            None
        }
    }
}

async fn end<T, S: Stream>(socket: &mut WebSocketStream<S>, code: Option<CloseCode>) -> Option<T> {
    if let Some(code) = code {
        socket::close(socket, code.number()).await;
    }
    None
}

async fn find(home: &Home, wish: &Wish) -> Result<visavis_lan::Admitted, Missed> {
    match wish.returns {
        true => home.finder.return_to(wish.room).await,
        false => home.finder.reach(wish.room, wish.at.as_ref()).await,
    }
}

/// Keeps what the page says meanwhile, until it is gone, or says too much: then with a code to close it with.
async fn listen<S: Stream>(
    socket: &mut WebSocketStream<S>,
    words: &mut VecDeque<Utf8Bytes>,
) -> Option<CloseCode> {
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Text(text) if words.len() < EARLY_WORDS => words.push_back(text),
            Message::Text(_) => return Some(CloseCode::TooSlow),
            Message::Close(_) => break,
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
    None
}

fn refusal(missed: Missed, of: Option<u64>) -> ServerFrame {
    let (code, retry_after, tried) = match missed {
        Missed::Unknown(tried) => (ErrorCode::UnknownRoom, None, Some(tried)),
        Missed::Later(wait) => (ErrorCode::TryLater, Some(wait), None),
        Missed::Intercepted => (ErrorCode::Intercepted, None, None),
        Missed::Version { .. } => (ErrorCode::VersionMismatch, None, None),
        Missed::Unreachable => (ErrorCode::HostUnreachable, None, None),
    };
    let message = match missed {
        // Which side has to be updated.
        Missed::Version { host_is_older } => JoinError::Version { host_is_older }.to_string(),
        _ => code.sentence().to_owned(),
    };
    // Rounded up, so that who waits exactly that long is not early.
    let retry_after_ms = retry_after.map(|wait| wait.as_nanos().div_ceil(1_000_000) as u64);
    ServerFrame {
        seq: None,
        ack: 0,
        message: ServerMessage::Error { code, message, of, retry_after_ms, tried }.into(),
    }
}
