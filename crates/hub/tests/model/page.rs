//! The client's side of the protocol, as a page lives it.

use std::collections::{BTreeMap, VecDeque};

use visavis_protocol::*;

use crate::common::entrant;

/// A page and what it has kept of its session.
pub struct Page {
    wish: &'static str,
    role: Role,
    pub state: MediaState,
    /// Of the present session; kept over a reload only for its token.
    pub welcome: Option<Welcome>,
    /// The session is known here: false from a reload to the next welcome.
    pub has_session: bool,
    pub leaving: bool,
    sent: u64,
    unacknowledged: VecDeque<(u64, ClientMessage)>,
    received: u64,
    /// Who is here, by the first welcome of the session and the events since.
    pub view: BTreeMap<ParticipantId, Participant>,
}

/// What a page does about a message.
pub enum Reaction {
    Nothing,
    /// Sends these.
    Send(Vec<ClientFrame>),
    /// It is in no room (any more) and closes.
    Close,
    /// Has got a signal.
    Signal {
        from: ParticipantId,
        session: u32,
        signal: Signal,
    },
}

impl Page {
    pub fn new(wish: &'static str, role: Role) -> Self {
        Self {
            wish,
            role,
            state: MediaState::default(),
            welcome: None,
            has_session: false,
            leaving: false,
            sent: 0,
            unacknowledged: VecDeque::new(),
            received: 0,
            view: BTreeMap::new(),
        }
    }

    pub fn entrant(&self) -> Entrant {
        Entrant { state: self.state, ..entrant(self.wish, self.role) }
    }

    pub fn reload(&mut self) {
        *self = Self { welcome: self.welcome.take(), ..Self::new(self.wish, self.role) };
    }

    pub fn resume(&self) -> Option<Resume> {
        let token = self.welcome.as_ref()?.resume.clone();
        Some(Resume { token, received: self.has_session.then_some(self.received) })
    }

    /// Says something in the session, and keeps it until it is acknowledged.
    pub fn say(&mut self, message: ClientMessage) -> ClientFrame {
        self.sent += 1;
        self.unacknowledged.push_back((self.sent, message.clone()));
        ClientFrame { seq: Some(self.sent), ack: self.received, message }
    }

    pub fn set_state(&mut self, state: MediaState) -> ClientFrame {
        self.state = state;
        let you = self.welcome.as_ref().map(|welcome| welcome.you);
        if let Some(own) = you.and_then(|you| self.view.get_mut(&you)) {
            own.state = state;
        }
        self.say(ClientMessage::State { state })
    }

    pub fn receive(&mut self, frame: ServerFrame) -> Reaction {
        if let Some(seq) = frame.seq {
            assert_eq!(seq, self.received + 1, "nothing is missing and nothing comes twice");
            self.received = seq;
        }
        if let ServerMessage::Welcome(welcome) = &*frame.message {
            return Reaction::Send(self.take_up((**welcome).clone()));
        }
        self.forget_acknowledged(frame.ack);
        match (*frame.message).clone() {
            ServerMessage::Ping {} => {
                let pong = ClientFrame { seq: None, ack: self.received, message: ClientMessage::Pong {} };
                return Reaction::Send(vec![pong]);
            }
            ServerMessage::Signal { from, session, signal } => {
                return Reaction::Signal { from, session, signal };
            }
            ServerMessage::Joined { participant } => {
                self.view.insert(participant.id, participant);
            }
            ServerMessage::Reconnecting { participant } => self.show(participant, Presence::Reconnecting),
            ServerMessage::Resumed { participant } => self.show(participant, Presence::Here),
            ServerMessage::Left { participant, .. } if Some(participant) == self.you() => {
                return Reaction::Close;
            }
            ServerMessage::Left { participant, .. } => {
                self.view.remove(&participant).expect("who leaves was here");
            }
            ServerMessage::Changed { participant, state } => {
                self.view.get_mut(&participant).expect("who changes is here").state = state;
            }
            ServerMessage::Hand { participant, hand } => {
                self.view.get_mut(&participant).expect("whose hand it is, is here").hand = hand;
            }
            ServerMessage::Error { code: ErrorCode::RoomFull | ErrorCode::UnknownRoom, .. } => {
                return Reaction::Close;
            }
            ServerMessage::Hello { .. }
            | ServerMessage::Error { code: ErrorCode::UnknownParticipant, of: Some(_), .. } => {}
            other => panic!("nobody asked for {other:?}"),
        }
        Reaction::Nothing
    }

    fn you(&self) -> Option<ParticipantId> {
        self.welcome.as_ref().map(|welcome| welcome.you)
    }

    fn show(&mut self, participant: ParticipantId, presence: Presence) {
        self.view.get_mut(&participant).expect("who comes and goes is here").presence = presence;
    }

    fn forget_acknowledged(&mut self, ack: u64) {
        while self.unacknowledged.front().is_some_and(|(seq, _)| *seq <= ack) {
            self.unacknowledged.pop_front();
        }
    }

    /// Begins a session, or goes on with it and sends again what did not arrive.
    fn take_up(&mut self, welcome: Welcome) -> Vec<ClientFrame> {
        if !welcome.continued {
            let (state, leaving) = (self.state, self.leaving);
            *self = Self { state, leaving, ..Self::new(self.wish, self.role) };
            let here = welcome.participants.iter().cloned();
            self.view = here.map(|participant| (participant.id, participant)).collect();
        }
        assert!(welcome.received <= self.sent);
        // Some pages send again more than they need to: the hub ignores it.
        if welcome.received.is_multiple_of(2) {
            self.forget_acknowledged(welcome.received);
        }
        let you = welcome.you;
        self.welcome = Some(welcome);
        self.has_session = true;
        if self.view.get(&you).is_some_and(|own| own.state != self.state) {
            // It changed after the join was said, and the session that it was said in is over.
            self.set_state(self.state);
        }
        let again = self.unacknowledged.iter().cloned();
        again.map(|(seq, message)| ClientFrame { seq: Some(seq), ack: self.received, message }).collect()
    }
}
