//! The hub, the pages and the wires between them, beside the reference.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use visavis_hub::{ConnectionId, Counts, Input};
use visavis_protocol::*;

use crate::Step;
use crate::common::{TOKEN, World, hello, signal};
use crate::page::{Page, Reaction};
use crate::reference::{Entry, Reference};

/// What the pages want to be called; the last one observes. Most rooms are too small for all.
const WISHES: [&str; PAGES] = ["Guest", "Guest", "Guest 2", "Ada", "Guest", "Guest 2", "Window"];
pub const PAGES: usize = 7;
const OBSERVER: usize = PAGES - 1;
const TICK_MS: u64 = 500;
/// Ten minutes and more, in pauses of half seconds that are shorter than any grace.
const STAND_BY_PAUSE: u64 = 50;
const STAND_BY_VOUCHES: usize = 25;

pub struct Simulation {
    world: World,
    reference: Reference,
    capacity: u32,
    now: u64,
    stations: Vec<Station>,
    signals: u64,
    sent: BTreeMap<Pair, Vec<Signal>>,
    received: BTreeMap<Pair, Vec<Signal>>,
}

/// A page at its end of a wire.
struct Station {
    page: Page,
    wire: Option<Wire>,
    /// What is still on its way on wires that the page has given up.
    late: VecDeque<(ConnectionId, ClientFrame)>,
}

struct Wire {
    connection: ConnectionId,
    up: VecDeque<ClientFrame>,
    down: VecDeque<ServerFrame>,
    welcomed: bool,
}

/// A session of the sender and one of the addressee.
type Pair = (RoomId, (ParticipantId, u32), (ParticipantId, u32));

impl Simulation {
    pub fn new(capacity: u32, kept: bool) -> Self {
        let mut world = World::with_capacity(capacity);
        let room = kept.then(|| world.hub.open_room(None, &mut world.rng).unwrap());
        let reference = Reference::new(capacity, room);
        let stations =
            (0..PAGES).map(|page| Station { page: fresh(page), wire: None, late: VecDeque::new() });
        let (sent, received) = Default::default();
        Self { world, reference, capacity, now: 0, stations: stations.collect(), signals: 0, sent, received }
    }

    pub(crate) fn perform(&mut self, step: Step) {
        match step {
            Step::Enter { page } => self.enter(page),
            Step::Leave { page } => self.leave(page),
            Step::Break { page, noticed } => self.break_off(page, noticed),
            Step::Return { page, reloaded } => self.come_back(page, reloaded),
            Step::Signal { from, to } => self.signal(from, to),
            Step::Vouch { page, about } => self.vouch(page, about),
            Step::StandBy { page, about } => self.stand_by(page, about),
            Step::State { page, state } if page != OBSERVER => {
                self.speak(page, |page| page.set_state(state));
            }
            Step::Hand { page, raised } if page != OBSERVER => {
                self.speak(page, |page| page.say(ClientMessage::Hand { raised }));
            }
            Step::State { .. } | Step::Hand { .. } => {}
            Step::Deliver { page, up, down } => self.deliver(page, up, down),
            Step::Settle => self.settle(),
            Step::Pass { half_seconds } => self.pass(half_seconds),
        }
        self.check_counts();
    }

    /// Everybody goes without a word: nothing of them may stay.
    pub fn finish(&mut self) {
        self.settle();
        for page in 0..PAGES {
            self.break_off(page, page % 2 == 0);
        }
        self.pass(2 * (15 + 6 + 30) + 2);
        assert_eq!(self.world.hub.poll_timeout(), None);
        self.world.input(Input::Stop);
        assert_eq!(self.world.present(), Counts::default());
    }

    fn enter(&mut self, index: usize) {
        if self.stations[index].wire.is_some() {
            return;
        }
        self.stations[index].page = fresh(index);
        let entrant = self.stations[index].page.entrant();
        match self.reference.room {
            Some(room) => self.connect(index, ClientMessage::Join { room, entrant, resume: None, at: None }),
            None => {
                self.connect(index, ClientMessage::Create { entrant, capacity: None });
                // At once, so that there is never more than one room.
                self.deliver(index, 2, 0);
            }
        }
    }

    fn leave(&mut self, index: usize) {
        self.speak(index, |page| page.say(ClientMessage::Leave {}));
        let page = &mut self.stations[index].page;
        page.leaving = page.has_session;
    }

    fn break_off(&mut self, index: usize, noticed: bool) {
        let Some(wire) = self.stations[index].wire.take() else { return };
        if noticed {
            self.disconnect(wire.connection);
        }
    }

    fn come_back(&mut self, index: usize, reloaded: bool) {
        let station = &mut self.stations[index];
        let Some(room) = station.page.welcome.as_ref().map(|welcome| welcome.room) else { return };
        // A join that is still on its way when the page gives it up is taken for lost: arriving
        // late it would take the seat from the page's newer link.
        if let Some(wire) = station.wire.take().filter(|wire| wire.welcomed) {
            let late = wire.up.into_iter().map(|frame| (wire.connection, frame));
            station.late.extend(late);
        }
        if reloaded {
            station.page.reload();
        }
        let (entrant, resume) = (station.page.entrant(), station.page.resume());
        self.connect(index, ClientMessage::Join { room, entrant, resume, at: None });
    }

    fn signal(&mut self, from: usize, to: usize) {
        let addressee = self.stations[to].page.welcome.as_ref().map(|welcome| welcome.you);
        let sender = &self.stations[from].page;
        let Some(welcome) = sender.welcome.as_ref().filter(|_| from != OBSERVER && from != to) else {
            return;
        };
        let Some(seen) = addressee.and_then(|id| sender.view.get(&id)) else { return };
        let (to, session) = (seen.id, seen.session);
        let pair = (welcome.room, (welcome.you, welcome.session), (to, session));
        if to == welcome.you || sender.leaving {
            return;
        }
        self.signals += 1;
        let signal = signal(self.signals);
        self.sent.entry(pair).or_default().push(signal.clone());
        self.speak(from, |page| page.say(ClientMessage::Signal { to, session: Some(session), signal }));
    }

    fn vouch(&mut self, index: usize, about: usize) {
        let about = self.stations[about].page.welcome.as_ref().map(|welcome| welcome.you);
        if let Some(participant) = about {
            self.speak(index, |page| page.say(ClientMessage::Vouch { participant }));
        }
    }

    fn stand_by(&mut self, index: usize, about: usize) {
        let [by, away] = [index, about].map(|index| &self.stations[index]);
        if by.wire.is_none() || away.wire.is_some() || away.page.welcome.is_none() {
            return;
        }
        for _ in 0..STAND_BY_VOUCHES {
            self.vouch(index, about);
            self.pass(STAND_BY_PAUSE);
        }
    }

    /// A page says something in its session: now, or once it is back.
    fn speak(&mut self, index: usize, say: impl FnOnce(&mut Page) -> ClientFrame) {
        let station = &mut self.stations[index];
        if !station.page.has_session || station.page.leaving {
            return;
        }
        let frame = say(&mut station.page);
        if let Some(wire) = station.wire.as_mut().filter(|wire| wire.welcomed) {
            wire.up.push_back(frame);
        }
    }

    fn connect(&mut self, index: usize, enter: ClientMessage) {
        let connection = self.world.connect();
        let up = [hello(Some(TOKEN)), enter].map(|message| ClientFrame { seq: None, ack: 0, message });
        let wire = Wire { connection, up: up.into(), down: VecDeque::new(), welcomed: false };
        self.stations[index].wire = Some(wire);
    }

    fn disconnect(&mut self, connection: ConnectionId) {
        self.reference.disconnect(connection, self.now);
        self.world.input(Input::Disconnected { connection });
        self.collect();
    }

    fn deliver(&mut self, index: usize, up: usize, down: usize) {
        for _ in 0..up {
            let wire = self.stations[index].wire.as_mut();
            if let Some((connection, frame)) =
                wire.and_then(|wire| Some((wire.connection, wire.up.pop_front()?)))
            {
                self.hear(index, connection, frame);
            }
        }
        for _ in 0..down {
            let wire = self.stations[index].wire.as_mut();
            if let Some(frame) = wire.and_then(|wire| wire.down.pop_front()) {
                self.tell(index, frame);
            }
        }
        while let Some((connection, frame)) = self.stations[index].late.pop_front() {
            self.hear(index, connection, frame);
        }
    }

    /// A frame reaches the hub; the reference says what should come of it.
    fn hear(&mut self, index: usize, connection: ConnectionId, frame: ClientFrame) {
        let (page, now) = (&self.stations[index].page, self.now);
        let kept = page.has_session;
        let from = page.welcome.as_ref().map(|welcome| (welcome.you, kept.then_some(welcome.session)));
        let entry = match frame.message.clone() {
            ClientMessage::Create { entrant, .. } => {
                Some(Ok(self.reference.create(connection, entrant, now)))
            }
            ClientMessage::Join { room, entrant, resume, .. } => {
                let from = from.filter(|_| resume.is_some());
                Some(self.reference.join(connection, room, entrant, from, now))
            }
            _ => {
                self.reference.hear(connection, &frame, now);
                None
            }
        };
        self.world.input(Input::Received { connection, frame: Ok(frame) });
        let news = self.collect();
        if let Some(entry) = entry {
            let answer = news.iter().find(|(to, _)| *to == connection).expect("an answer");
            self.check_entry(entry, &answer.1.message);
        }
    }

    fn check_entry(&mut self, expected: Result<Entry, ErrorCode>, answer: &ServerMessage) {
        match (expected, answer) {
            (Ok(expected), ServerMessage::Welcome(welcome)) => {
                let Welcome { you, session, continued, received, .. } = **welcome;
                assert_eq!(Entry { you, session, continued, received }, expected);
                self.reference.room.get_or_insert(welcome.room);
                assert_eq!(by_id(&welcome.participants), self.reference.view());
                assert!(welcome.participants.len() <= self.capacity as usize);
                let names: BTreeSet<_> = welcome.participants.iter().map(|seat| &seat.name).collect();
                assert_eq!(names.len(), welcome.participants.len());
            }
            (Err(expected), ServerMessage::Error { code, .. }) => assert_eq!(*code, expected),
            (expected, answer) => panic!("{expected:?} and not {answer:?}"),
        }
    }

    /// A frame reaches a page.
    fn tell(&mut self, index: usize, frame: ServerFrame) {
        let reaction = self.stations[index].page.receive(frame);
        let Station { page, wire, .. } = &mut self.stations[index];
        let Some(wire) = wire else { return };
        match reaction {
            Reaction::Nothing => {}
            Reaction::Send(frames) => {
                wire.welcomed = page.has_session;
                wire.up.extend(frames);
            }
            Reaction::Signal { from, session, signal } => {
                let welcome = page.welcome.as_ref().expect("signals come in a session");
                let pair = (welcome.room, (from, session), (welcome.you, welcome.session));
                self.received.entry(pair).or_default().push(signal);
            }
            Reaction::Close => {
                let connection = wire.connection;
                self.stations[index].wire = None;
                self.stations[index].page = fresh(index);
                self.disconnect(connection);
            }
        }
    }

    /// Puts what the hub says on the wires. What is for a page that is gone is lost.
    fn collect(&mut self) -> Vec<(ConnectionId, ServerFrame)> {
        let mut news = Vec::new();
        for wire in self.stations.iter_mut().filter_map(|station| station.wire.as_mut()) {
            let frames = self.world.take(wire.connection);
            wire.down.extend(frames.iter().cloned());
            news.extend(frames.into_iter().map(|frame| (wire.connection, frame)));
            assert_eq!(self.world.close_code(wire.connection), None, "no page is closed that answers");
        }
        news
    }

    fn settle(&mut self) {
        let is_quiet = |station: &Station| {
            let wire = station.wire.as_ref();
            station.late.is_empty() && wire.is_none_or(|wire| wire.up.is_empty() && wire.down.is_empty())
        };
        while !self.stations.iter().all(is_quiet) {
            for page in 0..PAGES {
                self.deliver(page, usize::from(u8::MAX), usize::from(u8::MAX));
            }
        }
        self.check_views();
        self.check_signals();
    }

    fn pass(&mut self, half_seconds: u64) {
        for _ in 0..half_seconds {
            self.now += TICK_MS;
            self.world.now += Duration::from_millis(TICK_MS);
            self.world.hub.handle_timeout(self.world.now);
            self.world.drain();
            self.reference.pass(self.now);
            self.collect();
            self.settle();
        }
    }

    fn check_counts(&self) {
        let Counts { rooms, participants, observers, .. } = self.world.hub.counts();
        assert_eq!(rooms, usize::from(self.reference.room.is_some()));
        assert_eq!(participants, self.reference.view().len());
        assert_eq!(observers, self.reference.observers());
    }

    /// Pages that are in the room and whose messages have all arrived.
    fn living(&self) -> impl Iterator<Item = &Page> {
        let stations = self.stations.iter().filter(|station| {
            let wire = station.wire.as_ref().filter(|wire| wire.welcomed);
            wire.is_some_and(|wire| self.reference.who(wire.connection).is_some())
        });
        stations.map(|station| &station.page)
    }

    fn check_views(&self) {
        for page in self.living() {
            assert_eq!(page.view, self.reference.view());
        }
    }

    fn check_signals(&self) {
        let alive: BTreeSet<_> = self
            .living()
            .filter_map(|page| page.welcome.as_ref())
            .map(|welcome| (welcome.you, welcome.session))
            .collect();
        for (pair @ (room, from, to), sent) in &self.sent {
            let received = self.received.get(pair).map_or(&[][..], Vec::as_slice);
            assert!(sent.starts_with(received), "once and in order");
            if self.reference.room == Some(*room) && alive.contains(from) && alive.contains(to) {
                assert_eq!(received, sent, "and completely while the sessions go on");
            }
        }
        assert!(self.received.keys().all(|pair| self.sent.contains_key(pair)));
    }
}

fn fresh(index: usize) -> Page {
    Page::new(WISHES[index], if index == OBSERVER { Role::Observer } else { Role::Participant })
}

fn by_id(participants: &[Participant]) -> BTreeMap<ParticipantId, Participant> {
    participants.iter().map(|participant| (participant.id, participant.clone())).collect()
}
