//! How a connection gets into a room and out of it: hello, create, join, leave.

use std::net::IpAddr;
use std::time::Instant;

use rand_core::CryptoRng;
use visavis_protocol::limits::{MAX_CAPACITY, MIN_CAPACITY, VERSION};
use visavis_protocol::{
    AccessToken, Entrant, ErrorCode, Resume, ResumeToken, Role, RoomId, ServerMessage, SingleUseCode,
};

use crate::connection::{Connection, Place, Rights};
use crate::hub::Hub;
use crate::io::{ConnectionId, Hindrance};
use crate::refusal::Refusal;
use crate::room::{Door, Known, Room};

impl Hub {
    /// Counts an attempt of this source to prove by a handshake that it knows the ID of the room with this tag,
    /// by the same throttle as guests' attempts, and says which room that is.
    ///
    /// # Errors
    /// See [`Hindrance`].
    pub fn begin_handshake(&mut self, source: IpAddr, tag: u16, now: Instant) -> Result<RoomId, Hindrance> {
        let room = self.rooms.with_tag(tag).ok_or(Hindrance::NoRoom)?;
        self.access.begin(source, tag, now).map_err(Hindrance::Wait)?;
        Ok(room)
    }

    /// The handshake that this source had begun has shown that it knows the ID.
    pub fn forgive_handshake(&mut self, source: IpAddr, room: RoomId) {
        self.access.forgive(source, room.tag());
    }

    /// Whether a connection may look for this room on other machines: it is that of a page of the person at this
    /// machine, in no room, and there is no room with this ID here.
    pub fn leads_elsewhere(&self, connection: ConnectionId, room: RoomId) -> bool {
        let is_free_owner = |page: &Connection| page.rights == Some(Rights::Owner) && page.place.is_none();
        self.connections.get(&connection).is_some_and(is_free_owner) && !self.rooms.contains(room)
    }

    pub(crate) fn hello(
        &mut self,
        id: ConnectionId,
        versions: &[u32],
        token: Option<&AccessToken>,
        code: Option<&SingleUseCode>,
        now: Instant,
    ) -> Result<(), Refusal> {
        let Some(connection) = self.connections.get_mut(&id) else { return Ok(()) };
        if connection.rights.is_some() {
            return Err(Refusal::saying(
                ErrorCode::InvalidField,
                "Hello is said once, as the first message.",
            ));
        }
        if !versions.contains(&VERSION) {
            return Err(version_mismatch(versions));
        }
        let (rights, token) = match connection.admitted {
            Some(room) => (Rights::Admitted(room), None),
            None => self.access.rights(token, code, now)?,
        };
        connection.rights = Some(rights);
        let may_create = rights == Rights::Owner;
        self.remark(id, ServerMessage::Hello { version: VERSION, may_create, token });
        Ok(())
    }

    pub(crate) fn create(
        &mut self,
        id: ConnectionId,
        entrant: Entrant,
        capacity: Option<u32>,
        now: Instant,
        rng: &mut impl CryptoRng,
    ) -> Result<(), Refusal> {
        if self.entering(id)?.rights != Some(Rights::Owner) {
            return Err(ErrorCode::NotAllowed.into());
        }
        let room = self.make_room(capacity, false, rng)?;
        self.enter(id, room, entrant, now, rng)
    }

    pub(crate) fn join(
        &mut self,
        id: ConnectionId,
        room: RoomId,
        entrant: Entrant,
        resume: Option<Resume>,
        now: Instant,
        rng: &mut impl CryptoRng,
    ) -> Result<(), Refusal> {
        let connection = self.entering(id)?;
        let is_guest = connection.rights == Some(Rights::Guest);
        let source = connection.source;
        let is_allowed = match connection.rights {
            Some(Rights::Owner) => true,
            Some(Rights::Admitted(own)) => own == room,
            Some(Rights::Guest) | None => entrant.role == Role::Participant,
        };
        if !is_allowed {
            return Err(ErrorCode::NotAllowed.into());
        }
        if self.resume(id, room, &entrant, resume, now) {
            return Ok(());
        }
        if is_guest {
            self.access.begin(source, room.tag(), now).map_err(Refusal::try_later)?;
        }
        if !self.rooms.contains(room) {
            return Err(ErrorCode::UnknownRoom.into());
        }
        if is_guest {
            self.access.forgive(source, room.tag());
        }
        self.enter(id, room, entrant, now, rng)
    }

    pub(crate) fn leave(
        &mut self,
        id: ConnectionId,
        place: Option<Place>,
        now: Instant,
    ) -> Result<(), Refusal> {
        let (room, member) = self.rooms.at(place)?;
        room.leave(member, now, &mut self.out);
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.leave(now);
        }
        self.rooms.remove_those_over();
        Ok(())
    }

    pub(crate) fn make_room(
        &mut self,
        capacity: Option<u32>,
        kept: bool,
        rng: &mut impl CryptoRng,
    ) -> Result<RoomId, ErrorCode> {
        let capacity = capacity.unwrap_or(self.config.default_capacity);
        if !(MIN_CAPACITY..=MAX_CAPACITY).contains(&capacity) {
            return Err(ErrorCode::InvalidField);
        }
        if self.rooms.len() >= self.config.max_rooms {
            return Err(ErrorCode::TooManyRooms);
        }
        let id = self.rooms.free_id(rng).ok_or(ErrorCode::TooManyRooms)?;
        let invite = self.address.as_ref().map(|address| address.invite_to(id));
        self.rooms.insert(id, Room::new(id, self.config.host.clone(), capacity, kept, invite));
        Ok(id)
    }

    /// A connection that may enter a room now.
    fn entering(&self, id: ConnectionId) -> Result<&Connection, Refusal> {
        let connection = self.connections.get(&id).ok_or(ErrorCode::HelloExpected)?;
        match connection.place {
            None => Ok(connection),
            Some(_) => Err(ErrorCode::AlreadyJoined.into()),
        }
    }

    fn enter(
        &mut self,
        id: ConnectionId,
        room_id: RoomId,
        entrant: Entrant,
        now: Instant,
        rng: &mut impl CryptoRng,
    ) -> Result<(), Refusal> {
        let mut secret = [0; 16];
        rng.fill_bytes(&mut secret);
        let door = self.door(id).ok_or(ErrorCode::HelloExpected)?;
        let connection = self.connections.get_mut(&id).ok_or(ErrorCode::HelloExpected)?;
        let room = self.rooms.get_mut(room_id).ok_or(ErrorCode::UnknownRoom)?;
        let member = room.enter(entrant, ResumeToken::from_bytes(secret), door, now, &mut self.out)?;
        connection.enter(Place { room: room_id, member }, now);
        Ok(())
    }

    /// Gives a page its own place back. False if it has none: then it enters as somebody new.
    fn resume(
        &mut self,
        id: ConnectionId,
        room_id: RoomId,
        entrant: &Entrant,
        resume: Option<Resume>,
        now: Instant,
    ) -> bool {
        let Some(Resume { token, received }) = resume else { return false };
        let Some(door) = self.door(id) else { return false };
        let Some(room) = self.rooms.get_mut(room_id) else { return false };
        let Some((member, session)) = room.owner_of(&token, entrant.role) else { return false };
        let Some(connection) = self.connections.get_mut(&id) else { return false };
        connection.enter(Place { room: room_id, member }, now);
        let known = received.map(|received| Known { session, received });
        room.resume(member, known, entrant.state, door, now, &mut self.out);
        true
    }

    fn door(&self, connection: ConnectionId) -> Option<Door> {
        let mut ice_servers = self.connections.get(&connection)?.ice_servers.clone();
        for server in &self.ice_servers {
            if !ice_servers.contains(server) {
                ice_servers.push(server.clone());
            }
        }
        Some(Door { connection, ice_servers })
    }
}

fn version_mismatch(versions: &[u32]) -> Refusal {
    let sentence = if versions.iter().any(|version| *version > VERSION) {
        "The host's app is older than this page. Update the host's app."
    } else {
        "This page is older than the host's app. Load the page again, or update this app."
    };
    Refusal::saying(ErrorCode::VersionMismatch, sentence)
}
