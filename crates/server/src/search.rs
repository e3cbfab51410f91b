//! One search for the host of a typed room ID.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use visavis_lan::{
    Admitted, DeviceId, DialError, FoundHost, HostLink, JoinError, KnownHost, OwnNetworks, dial,
};
use visavis_protocol::{RoomId, Tried};

use crate::randomness::fresh_rng;

/// Most hosts that get to check one typed ID. Each liar among them learns whether one guess of its own was right; more
/// would find the host where several claim to be it, and let liars guess more often.
const GUESSES: usize = 4;

/// How long hosts that were never met leave the guesses to those that were. Longer only delays a first visit on a
/// network where hosts of before are gone.
const KNOWN_FIRST: Duration = Duration::from_millis(150);

/// Hosts that are asked at the same time: more would be a burst of handshakes in a large office.
const ASKED_AT_ONCE: usize = 16;

/// Hosts of before that are looked for at the same time where they were: most are on other networks, and would keep
/// those who are here waiting.
const LOOKED_FOR_AT_ONCE: usize = 8;

/// When a search ends even if somebody has not answered yet. A person is told within three seconds.
const LONGEST: Duration = Duration::from_millis(2700);

/// Why no host let us in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    /// None of those that were asked has the room.
    Unknown(Tried),
    /// One has it, and is being guessed at too often.
    Later(Duration),
    /// One has it, and somebody else stands in between.
    Intercepted,
    /// One speaks no version of ours, and may have it.
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

/// Whom to ask, and what came of it.
pub(crate) struct Search {
    room: RoomId,
    own: DeviceId,
    candidates: BTreeMap<DeviceId, Candidate>,
    asks: JoinSet<(DeviceId, Result<Admitted, JoinError>)>,
    places: Arc<Semaphore>,
    places_elsewhere: Arc<Semaphore>,
    guesses: Arc<Semaphore>,
    /// How many of the hosts met before have not answered yet.
    acquaintances: watch::Sender<usize>,
    verdict: Missed,
    began: Instant,
}

impl Search {
    /// `tried`: what was tried before.
    pub(crate) fn new(room: RoomId, own: DeviceId, known: Vec<KnownHost>, tried: Tried) -> Self {
        let mut search = Self {
            room,
            own,
            candidates: BTreeMap::new(),
            asks: JoinSet::new(),
            places: Arc::new(Semaphore::new(ASKED_AT_ONCE)),
            places_elsewhere: Arc::new(Semaphore::new(LOOKED_FOR_AT_ONCE)),
            guesses: Arc::new(Semaphore::new(GUESSES)),
            acquaintances: watch::Sender::new(0),
            verdict: Missed::Unknown(tried),
            began: Instant::now(),
        };
        let networks = OwnNetworks::now();
        for host in known {
            // Met in another place, it may have been somewhere on the internet.
            let near = host.addresses.into_iter().filter(|address| networks.are_near(address.ip()));
            search.candidate(host.device, Origin::Known).addresses.extend(near);
        }
        search
    }

    /// Asks everybody who is there until `quiet`, and those who are slow a little longer.
    pub(crate) async fn run(
        mut self,
        mut found: Option<watch::Receiver<Vec<FoundHost>>>,
        quiet: Instant,
    ) -> Result<Admitted, Missed> {
        let longest = self.began + LONGEST;
        let mut is_quiet = false;
        loop {
            if let Some(found) = &mut found {
                self.take_in(&found.borrow_and_update());
            }
            self.ask_those_left();
            if is_quiet && self.asks.is_empty() {
                return Err(self.verdict);
            }
            tokio::select! {
                Some(Ok((device, outcome))) = self.asks.join_next() => match outcome {
                    Ok(admitted) => return Ok(admitted),
                    Err(error) => self.missed(device, error),
                },
                () = changed(&mut found) => {}
                () = sleep_until(quiet), if !is_quiet => is_quiet = true,
                () = sleep_until(longest) => return Err(self.verdict),
            }
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
            candidate.addresses.extend(host.addresses.iter().filter(|address| networks.hold(address.ip())));
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
        let room = self.room;
        for (device, candidate) in &mut self.candidates {
            let addresses: Vec<_> = candidate.addresses.difference(&candidate.tried).copied().collect();
            if candidate.is_busy || candidate.has_answered || addresses.is_empty() {
                continue;
            }
            candidate.is_busy = true;
            candidate.tried.extend(&addresses);
            if candidate.origin != Origin::Stranger {
                self.acquaintances.send_modify(|count| *count += 1);
            }
            let places =
                if candidate.origin == Origin::Known { &self.places_elsewhere } else { &self.places };
            let ask = Ask {
                room,
                device: *device,
                origin: candidate.origin,
                addresses,
                places: Arc::clone(places),
                guesses: Arc::clone(&self.guesses),
                acquaintances: self.acquaintances.subscribe(),
                search_began: self.began,
            };
            self.asks.spawn(async move { (ask.device, ask.run().await) });
        }
    }

    fn missed(&mut self, device: DeviceId, error: JoinError) {
        let Some(candidate) = self.candidates.get_mut(&device) else { return };
        candidate.is_busy = false;
        if candidate.origin != Origin::Stranger {
            self.acquaintances.send_modify(|count| *count = count.saturating_sub(1));
        }
        candidate.has_answered = is_answer(error);
        if candidate.has_answered
            && let Missed::Unknown(tried) = &mut self.verdict
        {
            match candidate.origin {
                Origin::Known => tried.known += 1,
                Origin::Familiar | Origin::Stranger => tried.found += 1,
            }
        }
        self.verdict = worse(self.verdict, error);
    }
}

/// One host's turn.
struct Ask {
    room: RoomId,
    device: DeviceId,
    origin: Origin,
    addresses: Vec<SocketAddr>,
    places: Arc<Semaphore>,
    guesses: Arc<Semaphore>,
    acquaintances: watch::Receiver<usize>,
    search_began: Instant,
}

impl Ask {
    async fn run(mut self) -> Result<Admitted, JoinError> {
        let _place = self.places.acquire().await;
        let began = Instant::now();
        let link = self.reach().await?;
        let connected = Instant::now();
        let asked = link.ask(self.room, &mut fresh_rng()).await?;
        if self.origin == Origin::Stranger {
            let acquaintances = self.acquaintances.wait_for(|count| *count == 0);
            let _ = timeout(KNOWN_FIRST, acquaintances).await;
        }
        let Ok(guess) = self.guesses.try_acquire() else { return Err(JoinError::NoRoom) };
        guess.forget();
        let admitted = asked.prove().await?;
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
    async fn reach(&self) -> Result<HostLink, JoinError> {
        let link = match dial(&self.addresses, Some(self.device)).await {
            Err(DialError::WrongDevice) if self.origin != Origin::Known => dial(&self.addresses, None).await,
            link => link,
        };
        link.map_err(|_| JoinError::Broken)
    }
}

/// The verdict with one more answer: what a person most needs to know is kept.
pub(crate) fn worse(verdict: Missed, error: JoinError) -> Missed {
    match (verdict, error) {
        (Missed::Intercepted, _) | (_, JoinError::Intercepted) => Missed::Intercepted,
        (Missed::Later(_), _) => verdict,
        (_, JoinError::TryLater(wait)) => Missed::Later(wait),
        (Missed::Version { .. }, _) => verdict,
        (_, JoinError::Version { host_is_older }) => Missed::Version { host_is_older },
        (Missed::Unknown(_) | Missed::Unreachable, _) => verdict,
    }
}

/// Whether a host has said something, if only that it has no such room.
pub(crate) fn is_answer(error: JoinError) -> bool {
    error != JoinError::Broken
}

/// Waits for ever where nothing can be found.
async fn changed(found: &mut Option<watch::Receiver<Vec<FoundHost>>>) {
    match found {
        Some(receiver) => {
            if receiver.changed().await.is_err() {
                *found = None;
            }
        }
        None => std::future::pending().await,
    }
}
