use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rand_core::CryptoRng;
use visavis_protocol::{
    ClientFrame, ClientMessage, CloseCode, DecodeError, EndReason, ErrorCode, IceServer, RoomId,
    ServerMessage,
};

use crate::access::Access;
use crate::connection::{Connection, Place};
use crate::io::{ConnectionId, Counts, HubConfig, Input, InviteAddress, Output};
use crate::outputs::Outputs;
use crate::refusal::Refusal;
use crate::room::Room;
use crate::rooms::Rooms;
use crate::session::Arrival;

/// How often connections and seats are looked over for what is due: how much later than promised
/// a ping, a lost link or a seat's end may come. One timer for all keeps the way of a message free
/// of timer work.
pub(crate) const SWEEP_INTERVAL: Duration = Duration::from_millis(500);

/// All rooms of this server and who is connected to it.
///
/// Cost: a message is handled in time logarithmic in connections and rooms, a change of presence
/// in time linear in the members of its room.
pub struct Hub {
    pub(crate) config: HubConfig,
    pub(crate) access: Access,
    pub(crate) connections: BTreeMap<ConnectionId, Connection>,
    pub(crate) rooms: Rooms,
    pub(crate) address: Option<InviteAddress>,
    pub(crate) ice_servers: Vec<IceServer>,
    pub(crate) out: Outputs,
    pub(crate) next_sweep: Option<Instant>,
    messages: u64,
}

impl Hub {
    /// A hub without rooms and connections.
    pub fn new(config: HubConfig) -> Self {
        Self {
            access: Access::new(config.token.clone()),
            config,
            connections: BTreeMap::new(),
            rooms: Rooms::default(),
            address: None,
            ice_servers: Vec::new(),
            out: Outputs::default(),
            next_sweep: None,
            messages: 0,
        }
    }

    /// Takes in what happened at `now`. `rng` makes room IDs and resume tokens.
    pub fn handle_input(&mut self, input: Input, now: Instant, rng: &mut impl CryptoRng) {
        match input {
            Input::Connected { connection, source, ice_servers, admitted } => {
                let fresh = Connection::new(source, ice_servers, admitted, now);
                self.connections.entry(connection).or_insert(fresh);
                self.next_sweep.get_or_insert(now + SWEEP_INTERVAL);
            }
            Input::Received { connection, frame } => self.receive(connection, frame, now, rng),
            Input::Disconnected { connection } => self.lose(connection, now),
            Input::CodeIssued { code } => self.access.issue(code, now),
            Input::Reachable { address, ice_servers } => {
                self.ice_servers = ice_servers;
                self.change_address(address, now);
            }
            Input::Stop => self.stop(),
        }
        self.forget_closed();
    }

    /// Does what is due at `now`; nothing before [`Self::poll_timeout`].
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.next_sweep.is_some_and(|at| at <= now) {
            self.sweep(now);
        }
    }

    /// When to call [`Self::handle_timeout`]; `None` while there is nothing to wait for.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.next_sweep
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.out.next()
    }

    /// Makes a room that stays until the hub goes. `capacity`: as in
    /// [`visavis_protocol::ClientMessage::Create`].
    ///
    /// # Errors
    /// [`ErrorCode::InvalidField`] for a capacity out of range, [`ErrorCode::TooManyRooms`].
    pub fn open_room(
        &mut self,
        capacity: Option<u32>,
        rng: &mut impl CryptoRng,
    ) -> Result<RoomId, ErrorCode> {
        self.make_room(capacity, true, rng)
    }

    /// Whether there is any room.
    pub fn has_rooms(&self) -> bool {
        self.rooms.len() > 0
    }

    /// Whether there is a room with this ID.
    pub fn has_room(&self, room: RoomId) -> bool {
        self.rooms.contains(room)
    }

    /// Ends the room of this connection after the driver has caught a panic of the hub while it
    /// handled something from there. Its members get `internal` and `ended`, and are closed, as
    /// is the connection itself; other rooms go on.
    pub fn contain_fault(&mut self, connection: ConnectionId) {
        let room_of = |connection: &Connection| connection.place.map(|place| place.room);
        let room = self.connections.get(&connection).and_then(room_of);
        let concerned = |(id, other): &(&ConnectionId, &Connection)| {
            **id == connection || (room.is_some() && room_of(other) == room)
        };
        let ids: Vec<_> = self.connections.iter().filter(concerned).map(|(id, _)| *id).collect();
        for id in &ids {
            self.remark(*id, ServerMessage::error(ErrorCode::Internal));
        }
        if let Some(mut room) = room.and_then(|room| self.rooms.remove(room)) {
            room.end(EndReason::Fault, &mut self.out);
        }
        for id in ids {
            self.out.close(id, CloseCode::Internal);
        }
        self.forget_closed();
    }

    /// How much of everything there is.
    pub fn counts(&self) -> Counts {
        let heads = self.rooms.iter().map(Room::head_count);
        let (participants, observers) = heads.fold((0, 0), |sum, room| (sum.0 + room.0, sum.1 + room.1));
        Counts {
            rooms: self.rooms.len(),
            participants,
            observers,
            connections: self.connections.len(),
            messages: self.messages,
            errors: self.out.errors(),
            guesses: self.access.guesses(),
        }
    }

    fn receive(
        &mut self,
        id: ConnectionId,
        frame: Result<ClientFrame, DecodeError>,
        now: Instant,
        rng: &mut impl CryptoRng,
    ) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.heard = now;
        self.messages += 1;
        let place = connection.place;
        let (seq, ack) = match &frame {
            Ok(frame) => (frame.seq, frame.ack),
            Err(error) => (error.seq, 0),
        };
        let outcome = match self.arrive(place, seq, ack) {
            Arrival::Duplicate => Ok(()),
            Arrival::Gap => Err(ErrorCode::SequenceGap.into()),
            Arrival::InOrder => match frame {
                Ok(frame) => self.obey(id, frame.message, now, rng),
                Err(error) => Err(error.into()),
            },
        };
        self.forget_closed();
        if let Err(refusal) = outcome {
            self.refuse(id, refusal, seq, now);
        }
        self.acknowledge_if_due(id);
    }

    /// Notes a message's numbers in the session that it belongs to, if it belongs to one.
    fn arrive(&mut self, place: Option<Place>, seq: Option<u64>, ack: u64) -> Arrival {
        let Some(member) = self.rooms.member_at(place) else { return Arrival::InOrder };
        member.session.acknowledge(ack);
        member.session.arrive(seq)
    }

    fn obey(
        &mut self,
        id: ConnectionId,
        message: ClientMessage,
        now: Instant,
        rng: &mut impl CryptoRng,
    ) -> Result<(), Refusal> {
        let Some(connection) = self.connections.get(&id) else { return Ok(()) };
        let (place, greeted) = (connection.place, connection.rights.is_some());
        match message {
            ClientMessage::Hello { versions, token, code } => {
                self.hello(id, &versions, token.as_ref(), code.as_ref(), now)
            }
            _ if !greeted => Err(ErrorCode::HelloExpected.into()),
            ClientMessage::Create { entrant, capacity } => self.create(id, entrant, capacity, now, rng),
            ClientMessage::Join { room, entrant, resume, at: _ } => {
                self.join(id, room, entrant, resume, now, rng)
            }
            ClientMessage::Pong {} => Ok(()),
            ClientMessage::Leave {} => self.leave(id, place, now),
            ClientMessage::Signal { to, session, signal } => {
                let (room, from) = self.rooms.at(place)?;
                room.signal(from, to, session, signal, now, &mut self.out)
            }
            ClientMessage::State { state } => {
                let (room, member) = self.rooms.at(place)?;
                room.set_state(member, state, now, &mut self.out)
            }
            ClientMessage::Hand { raised } => {
                let (room, member) = self.rooms.at(place)?;
                room.raise_hand(member, raised, now, &mut self.out)
            }
            ClientMessage::React { reaction } => {
                let (room, member) = self.rooms.at(place)?;
                room.react(member, reaction, now, &mut self.out)
            }
            ClientMessage::Vouch { participant } => {
                let (room, member) = self.rooms.at(place)?;
                room.vouch(member, participant, now);
                Ok(())
            }
        }
    }
}
