//! A hub with a clock and randomness of its own, and what it says to each connection.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::rngs::StdRng;
use visavis_hub::{ConnectionId, Counts, Hub, HubConfig, Input, Output};
use visavis_protocol::*;

pub const TOKEN: &str = "the access token of this launch";
pub const HOST: &str = "ada-laptop";
pub const MAX_ROOMS: usize = 4;
pub const CAPACITY: u32 = 3;
/// How coarsely time passes here: finer than anything the hub promises.
const STEP: Duration = Duration::from_millis(500);

pub struct World {
    pub hub: Hub,
    pub now: Instant,
    pub rng: StdRng,
    last: u64,
    inboxes: BTreeMap<ConnectionId, VecDeque<ServerFrame>>,
    closed: BTreeMap<ConnectionId, CloseCode>,
}

impl World {
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    pub fn with_capacity(default_capacity: u32) -> Self {
        Self::with(default_capacity, MAX_ROOMS)
    }

    pub fn with_rooms(max_rooms: usize) -> Self {
        Self::with(CAPACITY, max_rooms)
    }

    #[allow(clippy::disallowed_methods, reason = "an Instant can be had from the clock only")]
    fn with(default_capacity: u32, max_rooms: usize) -> Self {
        let config = HubConfig {
            default_capacity,
            max_rooms,
            token: AccessToken::new(TOKEN),
            host: DisplayName::parse(HOST).unwrap(),
        };
        let (inboxes, closed) = (BTreeMap::new(), BTreeMap::new());
        let rng = StdRng::seed_from_u64(7);
        Self { hub: Hub::new(config), now: Instant::now(), rng, last: 0, inboxes, closed }
    }

    pub fn input(&mut self, input: Input) {
        self.hub.handle_input(input, self.now, &mut self.rng);
        self.drain();
    }

    pub fn drain(&mut self) {
        while let Some(output) = self.hub.poll_output() {
            match output {
                Output::Send { connection, frame } => {
                    assert!(!self.closed.contains_key(&connection), "nothing is said after the close");
                    self.inboxes.entry(connection).or_default().push_back(frame);
                }
                Output::Close { connection, code } => {
                    assert_eq!(self.closed.insert(connection, code), None, "closed once");
                }
            }
        }
    }

    pub fn connect(&mut self) -> ConnectionId {
        self.connect_from(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 20)))
    }

    pub fn connect_from(&mut self, source: IpAddr) -> ConnectionId {
        self.connect_as(source, None)
    }

    /// A connection that came by the handshake with the ID of this room.
    pub fn connect_as(&mut self, source: IpAddr, admitted: Option<RoomId>) -> ConnectionId {
        self.last += 1;
        let connection = ConnectionId(self.last);
        self.input(Input::Connected { connection, source, ice_servers: ice_servers(), admitted });
        connection
    }

    pub fn receive(&mut self, connection: ConnectionId, seq: Option<u64>, ack: u64, message: ClientMessage) {
        let frame = Ok(ClientFrame { seq, ack, message });
        self.input(Input::Received { connection, frame });
    }

    pub fn say(&mut self, connection: ConnectionId, message: ClientMessage) {
        self.receive(connection, None, 0, message);
    }

    /// Lets time pass with the timer called as often as it asks for, and `answer` after it.
    pub fn pass(&mut self, time: Duration, mut answer: impl FnMut(&mut Self)) {
        let end = self.now + time;
        while self.now < end {
            self.now = end.min(self.now + STEP);
            self.hub.handle_timeout(self.now);
            self.drain();
            answer(self);
        }
    }

    /// Everything said to a connection since the last call.
    pub fn take(&mut self, connection: ConnectionId) -> Vec<ServerFrame> {
        self.inboxes.get_mut(&connection).map(std::mem::take).unwrap_or_default().into()
    }

    /// Leaves frames for the next [`Self::take`].
    pub fn put_back(&mut self, connection: ConnectionId, frames: &[ServerFrame]) {
        self.inboxes.insert(connection, frames.iter().cloned().collect());
    }

    /// The same without numbers and pings.
    pub fn heard(&mut self, connection: ConnectionId) -> Vec<ServerMessage> {
        let messages = self.take(connection).into_iter().map(|frame| (*frame.message).clone());
        messages.filter(|message| *message != ServerMessage::Ping {}).collect()
    }

    pub fn close_code(&self, connection: ConnectionId) -> Option<CloseCode> {
        self.closed.get(&connection).copied()
    }

    /// What is there now, without the running totals.
    pub fn present(&self) -> Counts {
        Counts { messages: 0, errors: 0, guesses: 0, ..self.hub.counts() }
    }
}

pub fn ice_servers() -> Vec<IceServer> {
    vec![IceServer { urls: vec!["stun:192.0.2.7:3478".into()], username: None, credential: None }]
}

pub fn hello(token: Option<&str>) -> ClientMessage {
    ClientMessage::Hello { versions: vec![1], token: token.map(AccessToken::new), code: None }
}

pub fn entrant(name: &str, role: Role) -> Entrant {
    let name = DisplayName::parse(name).unwrap();
    Entrant {
        name,
        colour: Some(Colour::Teal),
        role,
        capabilities: vec!["audio".into()],
        state: MediaState::default(),
    }
}

/// A signal that can be told from others by its number.
pub fn signal(number: u64) -> Signal {
    Signal::Candidate(Candidate {
        candidate: CandidateLine::new(number.to_string()),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    })
}
