//! One search for the host of a typed room ID.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use visavis_lan::{
    Admitted, DeviceId, DialError, FoundHost, HostLink, JoinError, KnownHost, OwnNetworks, dial,
};
use visavis_protocol::{RoomId, Tried};

use crate::neighbours::news;
use crate::randomness::fresh_rng;

/// How long hosts that were never met leave the guesses to those that were. Longer only delays a first visit on a
/// network where hosts of before are gone.
const KNOWN_FIRST: Duration = Duration::from_millis(150);

/// Hosts that are asked at the same time: more would be a burst of handshakes in a large office.
const ASKED_AT_ONCE: usize = 16;

/// Hosts of before that are looked for at the same time where they were: most are gone, and would keep those who are
/// here waiting.
const LOOKED_FOR_AT_ONCE: usize = 8;

/// The longest wait that a host may ask for: no host of ours asks for more.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// Why no host let us in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    /// None of those that were asked has the room.
    Unknown(Tried),
    /// One has it, and is being guessed at too often.
    Later(Duration),
    /// One has it, and somebody else stands in between.
    Intercepted,
    /// The only one that answers speaks no version of ours.
    Version {
        /// Which side has to be updated.
        host_is_older: bool,
    },
    /// The room is known to be at a host that does not answer.
    Unreachable,
}

/// Where a candidate is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The person says that the host is there.
    Named,
    /// Met before, and not found now.
    Known,
    /// Met before, and found.
    Familiar,
    /// Found, and never met.
    Stranger,
}

/// What is known of a host during a search.
struct Candidate {
    origin: Origin,
    addresses: BTreeSet<SocketAddr>,
    /// Those that were dialled.
    tried: BTreeSet<SocketAddr>,
    is_busy: bool,
    has_answered: bool,
}

/// How one host's turn ended without our being let in.
enum Miss {
    /// Nobody of ours is there.
    Silent,
    /// The same host is asked at another address.
    AskedElsewhere,
    /// It did not let us in.
    Refused(JoinError),
}

/// Whom to ask, and what came of it.
pub(crate) struct Search {
    room: RoomId,
    began: Instant,
    own: DeviceId,
    candidates: BTreeMap<DeviceId, Candidate>,
    /// Each with the device that it was meant for; where the person named an address, whichever is there.
    asks: JoinSet<(Option<DeviceId>, Result<Admitted, Miss>)>,
    shared: Shared,
    tried: Tried,
    answers: Answers,
}

/// What the turns of one search have in common.
#[derive(Clone)]
struct Shared {
    places: Arc<Semaphore>,
    places_elsewhere: Arc<Semaphore>,
    guesses: Arc<Semaphore>,
    /// Hosts that are being asked, or were: each is asked once, since each question counts there.
    asked: Arc<Mutex<BTreeSet<DeviceId>>>,
    /// How many of the hosts that go first have not answered yet.
    first: watch::Sender<usize>,
}

/// What hosts have said that a person has to know.
#[derive(Default)]
struct Answers {
    intercepted: bool,
    later: Option<Duration>,
    version: Option<bool>,
    others: bool,
}

impl Search {
    /// `guesses`: how many hosts may still check the ID.
    pub(crate) fn new(room: RoomId, own: DeviceId, known: Vec<KnownHost>, guesses: Arc<Semaphore>) -> Self {
        let mut search = Self {
            room,
            began: Instant::now(),
            own,
            candidates: BTreeMap::new(),
            asks: JoinSet::new(),
            shared: Shared {
                places: Arc::new(Semaphore::new(ASKED_AT_ONCE)),
                places_elsewhere: Arc::new(Semaphore::new(LOOKED_FOR_AT_ONCE)),
                guesses,
                asked: Arc::default(),
                first: watch::Sender::new(0),
            },
            tried: Tried::default(),
            answers: Answers::default(),
        };
        let networks = OwnNetworks::now();
        for host in known {
            // Met on another network, its address belongs to somebody else here.
            let here = host.addresses.into_iter().filter(|address| networks.hold(address.ip()));
            search.candidate(host.device, Origin::Known).addresses.extend(here);
        }
        search
    }

    /// Also asks whoever is at the address that a person named, once that is resolved.
    pub(crate) fn ask_at(&mut self, addresses: impl Future<Output = Vec<SocketAddr>> + Send + 'static) {
        self.tried.at = Some(false);
        let (room, search_began, shared) = (self.room, self.began, self.shared.clone());
        shared.first.send_modify(|count| *count += 1);
        self.asks.spawn(async move {
            let addresses = addresses.await;
            let turn = Turn { room, device: None, origin: Origin::Named, addresses, shared, search_began };
            (None, turn.take().await)
        });
    }

    /// Asks everybody who is there until `quiet`, and those who are slow until `end`.
    pub(crate) async fn run(
        mut self,
        mut found: Option<watch::Receiver<Vec<FoundHost>>>,
        quiet: Instant,
        end: Instant,
    ) -> Result<Admitted, Missed> {
        let (mut is_quiet, mut is_news) = (false, true);
        loop {
            if let (Some(found), true) = (&mut found, is_news) {
                let hosts = found.borrow_and_update().clone();
                self.take_in(&hosts);
            }
            self.ask_those_left();
            if is_quiet && self.asks.is_empty() {
                return Err(self.verdict());
            }
            is_news = tokio::select! {
                Some(Ok((device, outcome))) = self.asks.join_next() => {
                    match outcome {
                        Ok(admitted) => return Ok(admitted),
                        Err(miss) => self.missed(device, miss),
                    }
                    false
                }
                () = news(&mut found) => true,
                () = sleep_until(quiet), if !is_quiet => {
                    is_quiet = true;
                    false
                }
                () = sleep_until(end) => return Err(self.verdict()),
            };
        }
    }

    fn take_in(&mut self, found: &[FoundHost]) {
        let (own, networks) = (self.own, OwnNetworks::now());
        for host in found.iter().filter(|host| host.device != own) {
            let candidate = self.candidate(host.device, Origin::Stranger);
            if candidate.origin == Origin::Known {
                candidate.origin = Origin::Familiar;
            }
            // Whoever announces an address elsewhere wants us to knock there.
            let told = host.addresses.iter().chain(&host.earlier);
            candidate.addresses.extend(told.filter(|address| networks.hold(address.ip())));
        }
    }

    fn candidate(&mut self, device: DeviceId, origin: Origin) -> &mut Candidate {
        self.candidates.entry(device).or_insert_with(|| Candidate {
            origin,
            addresses: BTreeSet::new(),
            tried: BTreeSet::new(),
            is_busy: false,
            has_answered: false,
        })
    }

    /// A host is asked once; again only at other addresses, if it did not answer at the first.
    fn ask_those_left(&mut self) {
        for (device, candidate) in &mut self.candidates {
            let addresses: Vec<_> = candidate.addresses.difference(&candidate.tried).copied().collect();
            if candidate.is_busy || candidate.has_answered || addresses.is_empty() {
                continue;
            }
            candidate.is_busy = true;
            candidate.tried.extend(&addresses);
            if candidate.origin != Origin::Stranger {
                self.shared.first.send_modify(|count| *count += 1);
            }
            let turn = Turn {
                room: self.room,
                device: Some(*device),
                origin: candidate.origin,
                addresses,
                shared: self.shared.clone(),
                search_began: self.began,
            };
            self.asks.spawn(async move { (turn.device, turn.take().await) });
        }
    }

    fn missed(&mut self, device: Option<DeviceId>, miss: Miss) {
        let has_answered = match miss {
            Miss::Silent | Miss::Refused(JoinError::Broken) => false,
            Miss::AskedElsewhere | Miss::Refused(_) => true,
        };
        let candidate = device.and_then(|device| self.candidates.get_mut(&device));
        let origin = candidate.as_ref().map_or(Origin::Named, |candidate| candidate.origin);
        if origin != Origin::Stranger {
            self.shared.first.send_modify(|count| *count = count.saturating_sub(1));
        }
        if let Some(candidate) = candidate {
            candidate.is_busy = false;
            // Who has answered in its place says nothing of it.
            let asked = self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner);
            candidate.has_answered = has_answered && device.is_some_and(|device| asked.contains(&device));
        }
        match (origin, has_answered) {
            (Origin::Named, _) => self.tried.at = Some(has_answered),
            (Origin::Known, true) => self.tried.known += 1,
            (Origin::Familiar | Origin::Stranger, true) => self.tried.found += 1,
            (_, false) => {}
        }
        if let Miss::Refused(error) = miss {
            self.answers.hear(error);
        }
    }

    fn verdict(&self) -> Missed {
        self.answers.verdict().unwrap_or(Missed::Unknown(self.tried))
    }
}

impl Answers {
    fn hear(&mut self, error: JoinError) {
        match error {
            JoinError::Intercepted => self.intercepted = true,
            JoinError::TryLater(wait) => {
                let wait = wait.min(LONGEST_WAIT);
                self.later = Some(self.later.map_or(wait, |known| known.min(wait)));
            }
            JoinError::Version { host_is_older } => self.version = Some(host_is_older),
            JoinError::NoRoom | JoinError::WrongId => self.others = true,
            JoinError::Broken => {}
        }
    }

    /// What a person most needs to know, if it is more than that the room was not found.
    fn verdict(&self) -> Option<Missed> {
        if self.intercepted {
            return Some(Missed::Intercepted);
        }
        let later = self.later.map(Missed::Later);
        let version = self.version.filter(|_| !self.others);
        later.or_else(|| version.map(|host_is_older| Missed::Version { host_is_older }))
    }
}

/// What one host's answer means by itself; `tried` if it only says that the room is not there.
pub(crate) fn verdict_of(error: JoinError, tried: Tried) -> Missed {
    let mut answers = Answers::default();
    answers.hear(error);
    answers.verdict().unwrap_or(Missed::Unknown(tried))
}

/// One host's turn.
struct Turn {
    room: RoomId,
    device: Option<DeviceId>,
    origin: Origin,
    addresses: Vec<SocketAddr>,
    shared: Shared,
    search_began: Instant,
}

impl Turn {
    async fn take(&self) -> Result<Admitted, Miss> {
        let places = match self.origin {
            Origin::Known => &self.shared.places_elsewhere,
            Origin::Named | Origin::Familiar | Origin::Stranger => &self.shared.places,
        };
        let _place = places.acquire().await;
        let began = Instant::now();
        let link = self.reach().await?;
        let connected = Instant::now();
        if !self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(link.device()) {
            return Err(Miss::AskedElsewhere);
        }
        let admitted = self.prove(link).await.map_err(|error| {
            tracing::debug!(code = error.code(), "a host did not let us in");
            Miss::Refused(error)
        })?;
        // Figures only; `make bench` reads them.
        tracing::debug!(
            discovery_us = (began - self.search_began).as_micros(),
            tls_us = (connected - began).as_micros(),
            handshake_us = connected.elapsed().as_micros(),
            "a host let us in"
        );
        Ok(admitted)
    }

    /// Where several answer, the one with the announced key. If another one answers in its place it is heard all the
    /// same: the handshake tells whether it stands in between.
    async fn reach(&self) -> Result<HostLink, Miss> {
        let link = match dial(&self.addresses, self.device).await {
            Err(DialError::WrongDevice) if self.origin != Origin::Known => dial(&self.addresses, None).await,
            link => link,
        };
        link.map_err(|error| {
            tracing::debug!(code = error.code(), "a host was not reached");
            Miss::Silent
        })
    }

    async fn prove(&self, link: HostLink) -> Result<Admitted, JoinError> {
        let asked = link.ask(self.room, &mut fresh_rng()).await?;
        if self.origin == Origin::Stranger {
            let mut first = self.shared.first.subscribe();
            let _ = timeout(KNOWN_FIRST, first.wait_for(|count| *count == 0)).await;
        }
        let Ok(guess) = self.shared.guesses.try_acquire() else { return Err(JoinError::NoRoom) };
        guess.forget();
        let outcome = asked.prove().await;
        if matches!(outcome, Err(JoinError::Intercepted)) {
            // Who stands in between has passed on a proof of the ID and learned nothing of it: not a guess.
            self.shared.guesses.add_permits(1);
        }
        outcome
    }
}
