//! What waits for the page to read it: bounded for each kind of message, so that a slow page costs no memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::wire::limits::{CONTROL_QUEUE_BYTES, DATA_QUEUE_BYTES, SOUND_QUEUE_BYTES, VIDEO_QUEUE_BYTES};
use crate::wire::{AppMessage, CloseCode};

/// How long a page that does not read is given to take the reason why it is left.
const FAREWELL: Duration = Duration::from_secs(1);

/// What a message is, which says what becomes of it when the page is slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Never dropped: past its bound the socket is closed.
    Control,
    /// As control.
    Sound,
    /// Dropped, by frames.
    Video,
    /// As control; the other side, which opens channels and sends on them as it likes, is slowed down long before.
    Data,
}

impl Lane {
    fn bound(self) -> usize {
        match self {
            Self::Control => CONTROL_QUEUE_BYTES,
            Self::Sound => SOUND_QUEUE_BYTES,
            Self::Video => VIDEO_QUEUE_BYTES,
            Self::Data => DATA_QUEUE_BYTES,
        }
    }
}

#[derive(Default)]
struct Queue {
    messages: VecDeque<(Lane, Message)>,
    /// By lane.
    bytes: [usize; 4],
    closed: Option<CloseCode>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Notify,
}

/// Where messages for one page are left.
#[derive(Clone, Default)]
pub struct Outbox(Arc<Shared>);

impl Outbox {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        // A queue is whole between any two of its lines.
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves a message. `false`: it was dropped.
    pub fn push(&self, lane: Lane, message: Message) -> bool {
        let mut queue = self.queue();
        let bytes = message.len();
        if queue.closed.is_some() {
            return false;
        }
        if queue.bytes[lane as usize] + bytes > lane.bound() {
            if lane != Lane::Video {
                queue.closed = Some(CloseCode::TooSlow);
                self.0.changed.notify_one();
            }
            return false;
        }
        queue.bytes[lane as usize] += bytes;
        queue.messages.push_back((lane, message));
        self.0.changed.notify_one();
        true
    }

    /// Leaves a control message.
    pub fn tell(&self, message: &AppMessage) {
        self.tell_in(Lane::Control, message);
    }

    /// Leaves a message, to be counted with those of this lane.
    pub fn tell_in(&self, lane: Lane, message: &AppMessage) {
        // Numbers and text only: there is nothing that JSON could not say.
        if let Ok(text) = serde_json::to_string(message) {
            self.push(lane, Message::text(text));
        }
    }

    /// So many bytes of data wait that the other side should slow down.
    pub fn is_data_waiting(&self) -> bool {
        self.queue().bytes[Lane::Data as usize] > DATA_QUEUE_BYTES / 4
    }

    /// Closes the socket for this reason.
    pub fn close(&self, code: CloseCode) {
        self.queue().closed.get_or_insert(code);
        self.0.changed.notify_one();
    }

    async fn next(&self) -> Result<Message, CloseCode> {
        loop {
            if let Some(next) = self.take() {
                return next;
            }
            self.0.changed.notified().await;
        }
    }

    fn take(&self) -> Option<Result<Message, CloseCode>> {
        let mut queue = self.queue();
        if let Some(code) = queue.closed {
            return Some(Err(code));
        }
        let (lane, message) = queue.messages.pop_front()?;
        queue.bytes[lane as usize] -= message.len();
        Some(Ok(message))
    }

    /// Writes what is left here until the socket ends or is closed.
    pub async fn deliver(self, mut sink: SplitSink<WebSocketStream<TcpStream>, Message>) {
        let code = loop {
            // What waits is written together.
            let mut next = Some(self.next().await);
            while let Some(Ok(message)) = next {
                if sink.feed(message).await.is_err() {
                    return;
                }
                next = self.take();
            }
            if let Some(Err(code)) = next {
                break code;
            }
            if sink.flush().await.is_err() {
                return;
            }
        };
        let frame = CloseFrame { code: code.number().into(), reason: "".into() };
        let farewell = async {
            let _ = sink.send(Message::Close(Some(frame))).await;
            let _ = sink.close().await;
        };
        let _ = tokio::time::timeout(FAREWELL, farewell).await;
    }
}
