//! Short ways to say the usual things.

use std::time::Duration;

use visavis_hub::ConnectionId;
use visavis_protocol::*;

use crate::common::{World, entrant, hello};

/// Somebody in a room.
#[derive(Clone)]
pub struct Guest {
    pub connection: ConnectionId,
    pub welcome: Welcome,
}

impl Guest {
    pub fn id(&self) -> ParticipantId {
        self.welcome.you
    }
}

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

impl World {
    pub fn greeted(&mut self, token: Option<&str>) -> ConnectionId {
        let connection = self.connect();
        self.say(connection, hello(token));
        assert!(matches!(self.heard(connection)[..], [ServerMessage::Hello { .. }]));
        connection
    }

    /// A room that stays, with these people in it.
    pub fn room_with<const N: usize>(&mut self, names: [&str; N]) -> (RoomId, [Guest; N]) {
        let room = self.hub.open_room(None, &mut self.rng).unwrap();
        let guests = names.map(|name| self.join(room, name));
        for guest in &guests {
            self.take(guest.connection);
        }
        (room, guests)
    }

    pub fn join(&mut self, room: RoomId, name: &str) -> Guest {
        let connection = self.greeted(None);
        self.say(connection, join(room, name));
        self.entered(connection)
    }

    pub fn observe(&mut self, room: RoomId) -> Guest {
        let connection = self.greeted(Some(crate::common::TOKEN));
        let entrant = entrant("Window", Role::Observer);
        self.say(connection, ClientMessage::Join { room, entrant, resume: None, at: None });
        self.entered(connection)
    }

    /// A page that comes back on a new connection.
    pub fn resume(&mut self, guest: &Guest, received: Option<u64>) -> Guest {
        let connection = self.greeted(None);
        self.say(connection, resume(guest, received));
        self.entered(connection)
    }

    pub fn disconnect(&mut self, guest: &Guest) {
        self.input(visavis_hub::Input::Disconnected { connection: guest.connection });
    }

    /// The welcome is taken; what follows it is left.
    fn entered(&mut self, connection: ConnectionId) -> Guest {
        let frames = self.take(connection);
        let (first, rest) = frames.split_first().expect("an answer");
        let ServerMessage::Welcome(welcome) = &*first.message else { panic!("{:?}", first.message) };
        assert_eq!(first.seq, None);
        self.put_back(connection, rest);
        Guest { connection, welcome: (**welcome).clone() }
    }

    pub fn error_code(&mut self, connection: ConnectionId) -> Option<ErrorCode> {
        self.heard(connection).into_iter().find_map(|message| match message {
            ServerMessage::Error { code, .. } => Some(code),
            _ => None,
        })
    }

    /// Answers every ping of these for as long as it takes.
    pub fn pass_with(&mut self, time: Duration, living: &[&Guest]) {
        self.pass(time, |world| {
            for guest in living {
                world.say(guest.connection, ClientMessage::Pong {});
            }
        });
    }
}

pub fn join(room: RoomId, name: &str) -> ClientMessage {
    ClientMessage::Join { room, entrant: entrant(name, Role::Participant), resume: None, at: None }
}

pub fn resume(guest: &Guest, received: Option<u64>) -> ClientMessage {
    let resume = Some(Resume { token: guest.welcome.resume.clone(), received });
    let entrant = entrant("Somebody", guest.welcome.role);
    ClientMessage::Join { room: guest.welcome.room, entrant, resume, at: None }
}

pub fn names(participants: &[Participant]) -> Vec<&str> {
    participants.iter().map(|participant| participant.name.as_str()).collect()
}

pub fn reconnecting(guest: &Guest) -> ServerMessage {
    ServerMessage::Reconnecting { participant: guest.id() }
}

pub fn resumed(guest: &Guest) -> ServerMessage {
    ServerMessage::Resumed { participant: guest.id() }
}

pub fn left(guest: &Guest, reason: LeaveReason) -> ServerMessage {
    ServerMessage::Left { participant: guest.id(), reason }
}
