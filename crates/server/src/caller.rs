use std::net::IpAddr;
use std::sync::Arc;

use visavis_protocol::limits::VERSION;
use visavis_protocol::{ClientFrame, ClientMessage, IceServer, RoomId};

use crate::routes::Side;
use crate::switchboard::{Line, Switchboard};

/// Who is at the other end of a WebSocket.
pub(crate) struct Caller {
    pub(crate) switchboard: Arc<Switchboard>,
    pub(crate) side: Side,
    pub(crate) source: IpAddr,
    pub(crate) ice_servers: Vec<IceServer>,
    /// The room whose ID it has proved to know.
    pub(crate) admitted: Option<RoomId>,
}

impl Caller {
    /// Connects it to the hub.
    pub(crate) fn connect(&self) -> Line {
        self.switchboard.connect(self.source, self.ice_servers.clone(), self.admitted)
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
