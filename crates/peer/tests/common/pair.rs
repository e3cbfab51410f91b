//! Two connections over a network that exists only here, in a time that runs as fast as it can.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use visavis_peer::connection::{Connection, Event, LocalCandidate, Output, Refusal};
use visavis_peer::wire::{Answer, AnswerLine, DescriptionKind, Direction, IceState, Kind, NewLine, Offer};
use visavis_protocol::Sdp;

/// What a link does to datagrams.
#[derive(Clone, Copy)]
pub struct Link {
    /// One way.
    pub delay: Duration,
    /// The share that is lost.
    pub loss: f64,
    /// Nothing passes.
    pub cut: bool,
    /// The share that comes with a byte or two changed, or cut short, before it comes as it was.
    pub spoilt: f64,
}

impl Default for Link {
    fn default() -> Self {
        Self { delay: Duration::from_millis(1), loss: 0.0, cut: false, spoilt: 0.0 }
    }
}

/// One end.
pub struct Peer {
    pub connection: Connection,
    pub address: SocketAddr,
    pub events: Vec<Event>,
    wake: Instant,
}

impl Peer {
    fn new(number: u8, now: Instant) -> Self {
        let password = format!("passwordpasswordpassw{number}");
        Self {
            connection: Connection::new(format!("user{number}"), password, None, now),
            address: SocketAddr::from(([192, 0, 2, number], 5000)),
            events: Vec::new(),
            wake: now,
        }
    }

    /// What came last of these.
    pub fn ice(&self) -> Option<IceState> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Ice(state) => Some(*state),
            _ => None,
        })
    }

    pub fn has(&self, event: &Event) -> bool {
        self.events.contains(event)
    }
}

struct Datagram {
    at: Instant,
    to: usize,
    source: SocketAddr,
    destination: SocketAddr,
    contents: Vec<u8>,
}

/// Two ends and what is between them.
pub struct Pair {
    pub peers: [Peer; 2],
    pub now: Instant,
    pub link: Link,
    flying: VecDeque<Datagram>,
    random: SmallRng,
}

impl Pair {
    pub fn new() -> Self {
        Self::seeded(1)
    }

    /// With this luck.
    pub fn seeded(seed: u64) -> Self {
        let now = Instant::now();
        Self {
            peers: [Peer::new(1, now), Peer::new(2, now)],
            now,
            link: Link::default(),
            flying: VecDeque::new(),
            random: SmallRng::seed_from_u64(seed),
        }
    }

    /// Sends on what peers have to say.
    pub fn drain(&mut self) {
        for (index, peer) in self.peers.iter_mut().enumerate() {
            loop {
                match peer.connection.poll_output() {
                    Output::Event(event) => peer.events.push(event),
                    Output::Timeout(at) => {
                        peer.wake = at;
                        break;
                    }
                    Output::Transmit { local, remote, contents } => {
                        if !self.link.cut && self.random.random::<f64>() >= self.link.loss {
                            self.flying.push_back(Datagram {
                                at: self.now + self.link.delay,
                                to: 1 - index,
                                source: local,
                                destination: remote,
                                contents: contents.to_vec(),
                            });
                        }
                    }
                }
            }
        }
    }

    /// Lets time pass up to the next thing that happens, `limit` at the latest.
    fn step(&mut self, limit: Instant) {
        self.drain();
        let first = self.flying.iter().map(|datagram| datagram.at).min();
        let wakes = self.peers.iter().map(|peer| peer.wake);
        let next = wakes.chain(first).chain([limit]).min().unwrap();
        self.now = self.now.max(next);
        if let Some(index) = self.flying.iter().position(|datagram| datagram.at <= self.now) {
            let datagram = self.flying.remove(index).unwrap();
            let peer = &mut self.peers[datagram.to];
            if datagram.destination == peer.address {
                let (local, remote) = (datagram.destination, datagram.source);
                if self.random.random::<f64>() < self.link.spoilt {
                    let spoilt = spoil(&datagram.contents, &mut self.random);
                    peer.connection.handle_packet(local, remote, &spoilt, self.now);
                    self.drain();
                }
                let peer = &mut self.peers[datagram.to];
                peer.connection.handle_packet(local, remote, &datagram.contents, self.now);
            }
        }
        for index in 0..2 {
            if self.peers[index].wake <= self.now {
                self.drain();
                self.peers[index].connection.handle_timeout(self.now);
            }
        }
        self.drain();
    }

    /// Lets so much time pass.
    pub fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.step(end);
        }
    }

    /// Lets time pass until something is so. Fails after a minute of it.
    pub fn until(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let end = self.now + Duration::from_secs(60);
        while !done(self) {
            assert!(self.now < end, "{what}: it is not so after a minute");
            self.step(end);
        }
    }

    /// Exchanges descriptions, from the first peer or the second, and candidates.
    pub fn negotiate(&mut self, from: usize, wish: &Offer) -> Vec<String> {
        let offer = self.peers[from].connection.offer(wish).unwrap();
        self.peers[1 - from].connection.check(DescriptionKind::Offer, &offer.sdp).unwrap();
        self.drain();
        self.gather(from);
        let answer = match wish.media.is_empty() {
            true => self.answer_text(1 - from, &offer.sdp).unwrap(),
            false => self.answer(1 - from, &offer.sdp, Direction::SendRecv),
        };
        self.peers[from].connection.accept(&answer, self.now).unwrap();
        self.drain();
        self.gather(1 - from);
        offer.mids
    }

    /// Has a peer answer with this direction for each line of media.
    pub fn answer(&mut self, by: usize, sdp: &str, direction: Direction) -> String {
        let mids = media_mids(sdp);
        let line = |mid| AnswerLine { mid, direction, stream: Some("s".into()), track: None };
        let media = mids.into_iter().map(line).collect();
        let answer = Answer { connection: 0, request: 0, sdp: Sdp::new(sdp), media };
        let answer = self.peers[by].connection.answer(&answer, self.now).unwrap().sdp;
        self.drain();
        answer
    }

    /// As `answer`, with what the offer allows.
    pub fn answer_text(&mut self, by: usize, sdp: &str) -> Result<String, Refusal> {
        let answer = Answer { connection: 0, request: 0, sdp: Sdp::new(sdp), media: Vec::new() };
        let answered = self.peers[by].connection.answer(&answer, self.now);
        self.drain();
        answered.map(|described| described.sdp)
    }

    /// Tells the other side the address of a peer.
    pub fn gather(&mut self, of: usize) {
        let local = LocalCandidate { socket: self.peers[of].address, reflexive: None };
        if let Some(line) = self.peers[of].connection.add_local_candidate(local) {
            self.drain();
            self.peers[1 - of].connection.add_remote_candidate(&line).unwrap();
        }
        self.drain();
    }

    /// Sets up a connection with these lines.
    pub fn connect(&mut self, kinds: &[Kind], data_channels: bool) -> Vec<String> {
        let mids = self.negotiate(0, &offer(kinds, data_channels));
        self.until("both are connected", |pair| {
            pair.peers.iter().all(|peer| {
                let dtls = Event::Dtls(visavis_peer::wire::DtlsState::Connected);
                peer.has(&dtls) && matches!(peer.ice(), Some(IceState::Connected | IceState::Completed))
            })
        });
        mids
    }
}

/// An offer with these lines as new ones.
pub fn offer(kinds: &[Kind], data_channels: bool) -> Offer {
    let line = |kind: &Kind| NewLine {
        kind: *kind,
        direction: Direction::SendRecv,
        stream: Some("s".into()),
        track: Some("t".into()),
    };
    Offer { media: kinds.iter().map(line).collect(), data_channels, ..Offer::default() }
}

/// The mids of lines for sound and pictures.
pub fn media_mids(sdp: &str) -> Vec<String> {
    let sections = sdp.split("\r\nm=").skip(1).filter(|section| !section.starts_with("application"));
    sections.filter_map(|section| Some(section.split("a=mid:").nth(1)?.lines().next()?.to_owned())).collect()
}

fn spoil(datagram: &[u8], random: &mut SmallRng) -> Vec<u8> {
    let mut spoilt = datagram.to_vec();
    for _ in 0..random.random_range(1..3) {
        let at = random.random_range(0..spoilt.len());
        spoilt[at] = random.random();
    }
    if random.random::<f64>() < 0.3 {
        spoilt.truncate(random.random_range(0..spoilt.len()));
    }
    spoilt
}
