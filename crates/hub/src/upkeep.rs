//! What happens without a message: time passes, connections go, the host moves or stops.

use std::sync::Arc;
use std::time::Instant;

use visavis_protocol::{CloseCode, EndReason, ErrorCode, ServerFrame, ServerMessage};

use crate::connection::Due;
use crate::hub::{Hub, SWEEP_INTERVAL};
use crate::io::{ConnectionId, InviteAddress};
use crate::refusal::Refusal;
use crate::room::Room;

impl Hub {
    /// A connection is gone; its member's place, if it had one, is kept for a while.
    pub(crate) fn lose(&mut self, id: ConnectionId, now: Instant) {
        let place = self.connections.remove(&id).and_then(|connection| connection.place);
        if let Ok((room, member)) = self.rooms.at(place) {
            room.lose(member, now, &mut self.out);
        }
    }

    /// Answers with an error, and closes the connection if the error says so.
    pub(crate) fn refuse(&mut self, id: ConnectionId, refusal: Refusal, of: Option<u64>, now: Instant) {
        let close_code = refusal.code.close_code();
        self.remark(id, refusal.into_message(of));
        if let Some(code) = close_code
            && self.connections.contains_key(&id)
        {
            self.out.close(id, code);
            self.lose(id, now);
        }
    }

    /// Says something outside any sequence, if the connection is still there.
    pub(crate) fn remark(&mut self, id: ConnectionId, message: ServerMessage) {
        let Some(connection) = self.connections.get(&id) else { return };
        match self.rooms.member_at(connection.place) {
            Some(member) => member.remark(message, &mut self.out),
            None => self.out.send(id, ServerFrame { seq: None, ack: 0, message: Arc::new(message) }),
        }
    }

    /// Acknowledges by a ping when nothing else did for too long.
    pub(crate) fn acknowledge_if_due(&mut self, id: ConnectionId) {
        let place = self.connections.get(&id).and_then(|connection| connection.place);
        if let Some(member) = self.rooms.member_at(place)
            && member.session.owes_acknowledgement()
        {
            member.remark(ServerMessage::Ping {}, &mut self.out);
        }
    }

    /// Forgets the connections that were closed meanwhile.
    pub(crate) fn forget_closed(&mut self) {
        while let Some(id) = self.out.next_closed() {
            self.connections.remove(&id);
        }
    }

    /// Looks everything over for what is due.
    pub(crate) fn sweep(&mut self, now: Instant) {
        let due = self.connections.iter_mut().map(|(id, connection)| (*id, connection.due(now)));
        let due: Vec<_> = due.filter(|(_, due)| *due != Due::Nothing).collect();
        for (id, due) in due {
            match due {
                Due::Ping => self.remark(id, ServerMessage::Ping {}),
                Due::TimeOut => self.refuse(id, ErrorCode::TimedOut.into(), None, now),
                Due::Unjoined => {
                    let refusal = Refusal::saying(ErrorCode::TimedOut, "No room was joined in time.");
                    self.refuse(id, refusal, None, now);
                }
                Due::Nothing => {}
            }
            self.forget_closed();
        }
        for (_, room) in self.rooms.iter_mut() {
            room.expire(now, &mut self.out);
        }
        self.forget_closed();
        self.rooms.remove_those_over();
        let is_idle = self.connections.is_empty() && self.rooms.iter().all(Room::is_empty);
        self.next_sweep = (!is_idle).then(|| now + SWEEP_INTERVAL);
    }

    pub(crate) fn change_address(&mut self, address: Option<InviteAddress>, now: Instant) {
        if self.address == address {
            return;
        }
        self.address = address;
        for (id, room) in self.rooms.iter_mut() {
            let invite = self.address.as_ref().map(|address| address.invite_to(id));
            room.set_invite(invite, now, &mut self.out);
        }
    }

    pub(crate) fn stop(&mut self) {
        for (_, room) in self.rooms.iter_mut() {
            room.end(EndReason::HostStopped, &mut self.out);
        }
        self.rooms.clear();
        for id in self.connections.keys() {
            self.out.close(*id, CloseCode::GoingAway);
        }
        self.forget_closed();
        self.next_sweep = None;
    }
}
