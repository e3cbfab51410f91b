use std::collections::VecDeque;
use std::sync::Arc;

use visavis_protocol::limits::{ACKNOWLEDGE_EVERY, UNACKNOWLEDGED_BYTES, UNACKNOWLEDGED_MESSAGES};
use visavis_protocol::{ServerFrame, ServerMessage};

/// The numbered messages between the hub and one page, in both directions.
pub(crate) struct Session {
    /// Which of its seat's sessions this is, from 1.
    pub(crate) number: u32,
    received: u64,
    /// The last `received` that the page was told.
    acknowledged: u64,
    sent: u64,
    /// What was said and is not acknowledged, in order, up to `sent`.
    outbox: VecDeque<Arc<ServerMessage>>,
    outbox_bytes: usize,
    /// Everything above the page's acknowledgement is still in the outbox.
    whole: bool,
}

/// How a message fits into the sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// The next one, or one that is not numbered.
    InOrder,
    /// Received before.
    Duplicate,
    /// One before it is missing.
    Gap,
}

impl Session {
    pub(crate) fn first() -> Self {
        Self::numbered(1)
    }

    /// The session that begins when this one cannot be continued.
    pub(crate) fn next(&self) -> Self {
        Self::numbered(self.number.saturating_add(1))
    }

    fn numbered(number: u32) -> Self {
        let outbox = VecDeque::new();
        Self { number, received: 0, acknowledged: 0, sent: 0, outbox, outbox_bytes: 0, whole: true }
    }

    /// The highest number received from the page.
    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    /// Takes note of a message from the page.
    pub(crate) fn arrive(&mut self, seq: Option<u64>) -> Arrival {
        match seq {
            None => Arrival::InOrder,
            Some(seq) if seq <= self.received => Arrival::Duplicate,
            Some(seq) if seq - self.received > 1 => Arrival::Gap,
            Some(seq) => {
                self.received = seq;
                Arrival::InOrder
            }
        }
    }

    /// Forgets what the page has got. A number that was never sent says nothing.
    pub(crate) fn acknowledge(&mut self, ack: u64) {
        if ack > self.sent {
            return;
        }
        while self.first_kept() <= ack {
            let Some(message) = self.outbox.pop_front() else { break };
            self.outbox_bytes -= weight(&message);
        }
    }

    /// Whether the page has waited for an acknowledgement as long as it may.
    pub(crate) fn owes_acknowledgement(&self) -> bool {
        self.received - self.acknowledged >= ACKNOWLEDGE_EVERY
    }

    /// Numbers a message and keeps it until it is acknowledged. `None` when the outbox is full:
    /// from then on the session cannot be continued and nothing is kept for it.
    pub(crate) fn say(&mut self, message: &Arc<ServerMessage>) -> Option<ServerFrame> {
        let bytes = self.outbox_bytes + weight(message);
        if self.outbox.len() >= UNACKNOWLEDGED_MESSAGES || bytes > UNACKNOWLEDGED_BYTES {
            self.whole = false;
        }
        if !self.whole {
            self.outbox = VecDeque::new();
            self.outbox_bytes = 0;
            return None;
        }
        self.sent += 1;
        self.outbox_bytes = bytes;
        self.outbox.push_back(Arc::clone(message));
        Some(self.frame(Some(self.sent), Arc::clone(message)))
    }

    /// Something outside the sequence: welcome, ping, error.
    pub(crate) fn remark(&mut self, message: ServerMessage) -> ServerFrame {
        self.frame(None, Arc::new(message))
    }

    /// Takes the session up again with a page that has got everything up to `received`. False
    /// when that is not possible; then nothing has changed.
    pub(crate) fn continue_from(&mut self, received: u64) -> bool {
        let possible = self.whole && (self.first_kept() - 1..=self.sent).contains(&received);
        if possible {
            self.acknowledge(received);
        }
        possible
    }

    /// Everything that is not acknowledged, to be sent again.
    pub(crate) fn unacknowledged(&mut self) -> Vec<ServerFrame> {
        let first = self.first_kept();
        let messages: Vec<_> = self.outbox.iter().cloned().collect();
        (first..).zip(messages).map(|(seq, message)| self.frame(Some(seq), message)).collect()
    }

    /// The number of the first message in the outbox, or of the next one if that is empty.
    fn first_kept(&self) -> u64 {
        self.sent + 1 - self.outbox.len() as u64
    }

    fn frame(&mut self, seq: Option<u64>, message: Arc<ServerMessage>) -> ServerFrame {
        self.acknowledged = self.received;
        ServerFrame { seq, ack: self.received, message }
    }
}

/// What a message takes besides the text of a signal, about: names and capabilities at their usual length.
const MESSAGE_OVERHEAD: usize = 128;

/// What a message counts toward [`UNACKNOWLEDGED_BYTES`].
fn weight(message: &ServerMessage) -> usize {
    match message {
        ServerMessage::Signal { signal, .. } => MESSAGE_OVERHEAD + signal.size(),
        _ => MESSAGE_OVERHEAD,
    }
}
