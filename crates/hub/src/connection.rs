use std::net::IpAddr;
use std::time::Instant;

use visavis_protocol::limits::{JOIN_TIMEOUT, PING_INTERVAL, SILENCE_LIMIT};
use visavis_protocol::{IceServer, ParticipantId, RoomId};

/// What is known of a connection.
pub(crate) struct Connection {
    pub(crate) source: IpAddr,
    pub(crate) ice_servers: Vec<IceServer>,
    /// The room whose ID it has proved to know.
    pub(crate) admitted: Option<RoomId>,
    /// `None` until hello was said.
    pub(crate) rights: Option<Rights>,
    /// `None` while it is in no room.
    pub(crate) place: Option<Place>,
    /// Since when it is in no room.
    idle_since: Instant,
    pub(crate) heard: Instant,
    pinged: Instant,
}

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rights {
    /// May join.
    Guest,
    /// Knows the ID of this room: may join and observe it, and is not throttled.
    Admitted(RoomId),
    /// Belongs to the person at this machine: may create and observe, and is not throttled.
    Owner,
}

/// Whose connection it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) room: RoomId,
    pub(crate) member: ParticipantId,
}

/// What time asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    Nothing,
    Ping,
    /// Nothing was heard.
    TimeOut,
    /// No room was joined.
    Unjoined,
}

impl Connection {
    pub(crate) fn new(
        source: IpAddr,
        ice_servers: Vec<IceServer>,
        admitted: Option<RoomId>,
        now: Instant,
    ) -> Self {
        Self {
            source,
            ice_servers,
            admitted,
            rights: None,
            place: None,
            idle_since: now,
            heard: now,
            pinged: now,
        }
    }

    pub(crate) fn enter(&mut self, place: Place, now: Instant) {
        self.place = Some(place);
        self.pinged = now;
    }

    pub(crate) fn leave(&mut self, now: Instant) {
        self.place = None;
        self.idle_since = now;
    }

    /// What is due at `now`. A ping that is due counts as sent.
    pub(crate) fn due(&mut self, now: Instant) -> Due {
        let past = |since: Instant, limit| now.saturating_duration_since(since) >= limit;
        if self.place.is_none() {
            return if past(self.idle_since, JOIN_TIMEOUT) { Due::Unjoined } else { Due::Nothing };
        }
        if past(self.heard, SILENCE_LIMIT) {
            return Due::TimeOut;
        }
        if past(self.pinged, PING_INTERVAL) {
            self.pinged = now;
            return Due::Ping;
        }
        Due::Nothing
    }
}
