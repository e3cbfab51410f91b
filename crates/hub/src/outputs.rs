use std::collections::VecDeque;

use visavis_protocol::{CloseCode, ServerFrame, ServerMessage};

use crate::io::{ConnectionId, Output};

/// What the driver has not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Outputs {
    queue: VecDeque<Output>,
    /// Connections that were closed and that the hub still has to forget.
    closed: Vec<ConnectionId>,
    errors: u64,
}

impl Outputs {
    pub(crate) fn send(&mut self, connection: ConnectionId, frame: ServerFrame) {
        if matches!(*frame.message, ServerMessage::Error { .. }) {
            self.errors += 1;
        }
        self.queue.push_back(Output::Send { connection, frame });
    }

    pub(crate) fn close(&mut self, connection: ConnectionId, code: CloseCode) {
        self.queue.push_back(Output::Close { connection, code });
        self.closed.push(connection);
    }

    pub(crate) fn next(&mut self) -> Option<Output> {
        self.queue.pop_front()
    }

    pub(crate) fn next_closed(&mut self) -> Option<ConnectionId> {
        self.closed.pop()
    }

    /// Errors sent so far.
    pub(crate) fn errors(&self) -> u64 {
        self.errors
    }
}
