//! One WebSocket: from its text messages to the switchboard and back.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::Utf8Bytes;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message};
use visavis_protocol::limits::{READ_BYTES, SILENCE_LIMIT};
use visavis_protocol::{CloseCode, DecodeError, ErrorCode, ServerFrame, ServerMessage, decode_client_frame};

use crate::abroad::{self, Departure};
use crate::caller::Caller;
use crate::home::Errand;
use crate::routes::Side;
use crate::switchboard::{Line, Outgoing};

/// Buffer for reading from the network, kept as long as the connection: the default of 128 KiB would be nearly all the
/// memory of a connection. Less costs a long message one more system call.
const READ_BUFFER_BYTES: usize = 512;

/// Bytes that are collected before they are written, and kept as long as the connection once they were needed. More
/// saves system calls in a burst; a single message is written at once.
const WRITE_BUFFER_BYTES: usize = 8 * 1024;

/// Frames that are written before what has arrived gets its turn.
const BATCH_FRAMES: usize = 64;

/// A connection that takes longer to take what is written together off our hands has stopped reading.
pub(crate) const WRITE_TIMEOUT: Duration = SILENCE_LIMIT;

/// How long a closed connection is kept, so that the reason for closing is not lost in a reset.
const LINGER: Duration = Duration::from_secs(1);

/// A WebSocket over a stream on which both sides have agreed to speak it.
pub(crate) async fn over<S: Stream>(stream: S, role: Role) -> WebSocketStream<S> {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_message_size(Some(READ_BYTES))
        .max_frame_size(Some(READ_BYTES));
    WebSocketStream::from_raw_socket(stream, role, Some(config)).await
}

/// What a WebSocket may run over.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for S {}

/// Why there is nothing more to write.
enum Ending {
    Close(CloseCode),
    Broken,
}

/// Runs the connection until either side ends it. What ends it is boxed: every connection would have to keep room
/// for it, for as long as it lasts.
pub(crate) async fn run<S: Stream>(socket: &mut WebSocketStream<S>, caller: &Caller) {
    let mut line = caller.connect();
    let mut unheard = VecDeque::new();
    while let Some(departure) = converse(socket, &mut line, caller, &mut unheard).await {
        match Box::pin(abroad::visit(socket, line, caller, *departure)).await {
            Some((back, early)) => (line, unheard) = (back, early),
            None => return,
        }
    }
}

/// Lets the page talk with the hub of this machine, until the connection is over or the page wants to go elsewhere.
async fn converse<S: Stream>(
    socket: &mut WebSocketStream<S>,
    line: &mut Line,
    caller: &Caller,
    unheard: &mut VecDeque<Utf8Bytes>,
) -> Option<Box<Departure>> {
    loop {
        if let Some(text) = unheard.pop_front() {
            if let Some(departure) = hear(text, line, caller).await {
                return Some(departure);
            }
            continue;
        }
        tokio::select! {
            outgoing = line.next() => match write(socket, line, outgoing).await {
                Ok(()) => {}
                Err(Ending::Close(code)) => {
                    Box::pin(close(socket, code.number())).await;
                    return None;
                }
                Err(Ending::Broken) => return None,
            },
            arrived = socket.next() => match arrived {
                Some(Ok(Message::Text(text))) => {
                    if let Some(departure) = hear(text, line, caller).await {
                        return Some(departure);
                    }
                }
                Some(Ok(Message::Binary(_))) => line.received(Err(refusal(ErrorCode::NotText))),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Close(_))) | None => return None,
                Some(Err(error)) => {
                    if let Some((code, close_code)) = unread(&error) {
                        Box::pin(refuse_unread(socket, line, code, close_code)).await;
                    }
                    return None;
                }
            },
        }
    }
}

/// Lets the hub hear it, unless it is a wish to go elsewhere.
async fn hear(text: Utf8Bytes, line: &Line, caller: &Caller) -> Option<Box<Departure>> {
    let frame = decode_client_frame(text.as_str());
    let errand = match (&frame, &caller.side) {
        (Ok(frame), Side::Loopback(home)) => Some((home, home.errand(frame, &text, line))),
        _ => None,
    };
    match errand {
        Some((home, Errand::Travel(wish))) => {
            return Some(Box::new(Departure { home: Arc::clone(home), wish }));
        }
        // Boxed with what it has to keep meanwhile: every connection would have to keep room for it.
        Some((home, Errand::OpenNetwork)) => {
            Box::pin(async move {
                home.lan.open().await;
                line.received(frame);
            })
            .await
        }
        Some((_, Errand::Nothing)) | None => line.received(frame),
    }
    None
}

/// Writes what the switchboard has to say, and what else waits already: one system call for all of it.
async fn write<S: Stream>(
    socket: &mut WebSocketStream<S>,
    line: &mut Line,
    mut outgoing: Option<Outgoing>,
) -> Result<(), Ending> {
    let batch = async {
        let mut frames = 0;
        loop {
            match outgoing {
                Some(Outgoing::Frame(frame)) => {
                    let text = serde_json::to_string(&frame).map_err(|_| Ending::Broken)?;
                    socket.feed(Message::text(text)).await.map_err(|_| Ending::Broken)?;
                }
                Some(Outgoing::Close(code)) => return Err(Ending::Close(code)),
                None => return Err(Ending::Close(CloseCode::TooSlow)),
            }
            frames += 1;
            outgoing = if frames < BATCH_FRAMES { line.next_waiting() } else { None };
            if outgoing.is_none() {
                return socket.flush().await.map_err(|_| Ending::Broken);
            }
        }
    };
    tokio::time::timeout(WRITE_TIMEOUT, batch).await.unwrap_or(Err(Ending::Broken))
}

/// Says why a message that could not be read ends the connection.
async fn refuse_unread<S: Stream>(
    socket: &mut WebSocketStream<S>,
    line: &mut Line,
    code: ErrorCode,
    close_code: CloseCode,
) {
    line.received(Err(refusal(code)));
    while let Some(Outgoing::Frame(frame)) = line.next().await {
        let is_error = matches!(*frame.message, ServerMessage::Error { .. });
        if !say(socket, &frame).await {
            return;
        }
        if is_error {
            break;
        }
    }
    // The room learns of it at once.
    line.hang_up();
    if send_close(socket, close_code.number()).await {
        // Nothing can be read any more; ending at once would reset the connection and lose what was just said.
        tokio::time::sleep(LINGER).await;
    }
}

/// Says something; false if the connection is over.
pub(crate) async fn say<S: Stream>(socket: &mut WebSocketStream<S>, frame: &ServerFrame) -> bool {
    match serde_json::to_string(frame) {
        Ok(text) => send(socket, Message::text(text)).await,
        Err(_) => false,
    }
}

async fn send<S: Stream>(socket: &mut WebSocketStream<S>, message: Message) -> bool {
    matches!(tokio::time::timeout(WRITE_TIMEOUT, socket.send(message)).await, Ok(Ok(())))
}

/// Closes in order.
pub(crate) async fn close<S: Stream>(socket: &mut WebSocketStream<S>, code: u16) {
    if send_close(socket, code).await {
        let drained = async { while let Some(Ok(_)) = socket.next().await {} };
        // Whether the other side closes in time makes no difference any more.
        let _ = tokio::time::timeout(LINGER, drained).await;
    }
}

async fn send_close<S: Stream>(socket: &mut WebSocketStream<S>, code: u16) -> bool {
    send(socket, Message::Close(Some(CloseFrame { code: code.into(), reason: "".into() }))).await
}

fn refusal(code: ErrorCode) -> DecodeError {
    DecodeError { code, message: code.sentence().to_owned(), seq: None }
}

/// How to answer a message that could not be read; `None` if the connection itself has failed.
pub(crate) fn unread(error: &tungstenite::Error) -> Option<(ErrorCode, CloseCode)> {
    match error {
        tungstenite::Error::Capacity(_) => Some((ErrorCode::TooLarge, CloseCode::TooLarge)),
        tungstenite::Error::Utf8(_) => Some((ErrorCode::MalformedJson, CloseCode::NotUtf8)),
        _ => None,
    }
}
