use std::sync::Arc;

use visavis_protocol::limits::VERSION;
use visavis_protocol::{ClientFrame, ClientMessage, RoomId};

use crate::listener::Arrival;
use crate::routes::{Side, stun_server};
use crate::switchboard::{Line, Switchboard};

/// Who is at the other end of a WebSocket.
pub(crate) struct Caller {
    pub(crate) switchboard: Arc<Switchboard>,
    pub(crate) side: Side,
    pub(crate) arrival: Arrival,
    /// The room whose ID it has proved to know.
    pub(crate) admitted: Option<RoomId>,
}

impl Caller {
    /// Connects it to the hub.
    pub(crate) fn connect(&self) -> Line {
        // Made anew each time: kept, it would be in the memory of every connection.
        let ice_servers = vec![stun_server(self.arrival.local)];
        self.switchboard.connect(self.arrival.remote.ip(), ice_servers, self.admitted)
    }

    /// Connects a page of this machine again after it was in a room elsewhere: to itself it has said hello already.
    pub(crate) fn come_home(&self) -> Line {
        let mut line = self.connect();
        if let Side::Loopback(home) = &self.side {
            let (versions, token) = (vec![VERSION], Some(home.token.clone()));
            let message = ClientMessage::Hello { versions, token, code: None };
            line.received(Ok(ClientFrame { seq: None, ack: 0, message }));
            line.next_waiting();
        }
        line
    }
}
