//! Finds the host of a room that is not held here, and comes in there.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use visavis_lan::{Admitted, DeviceId, FoundHost, JoinError, KnownHosts, OwnNetworks, Ticket, dial};
use visavis_protocol::{HostAddress, RoomId, Tried};

use crate::neighbours::{Neighbours, news};
use crate::randomness::fresh_rng;
use crate::search::{Missed, Search, verdict_of};

/// When a search ends even if somebody has not answered yet: a person is told within three seconds.
const LONGEST: Duration = Duration::from_millis(2700);

/// How long after the first look around everybody has answered: mDNS responders wait up to half a second, and a lost
/// packet is asked for again after one second (RFC 6762, sections 5.2 and 6).
const LOOK_AROUND: Duration = Duration::from_millis(2000);

/// The least time for newcomers on the network to be heard of, when we have looked around for long; also what a host
/// that is known to have the room gets for itself.
const GLANCE: Duration = Duration::from_millis(600);

/// How long one attempt to come back to a room looks for its host. A page that was told "not yet" asks again at once.
const RETURN_PATIENCE: Duration = Duration::from_secs(5);

/// What an attempt that has begun then may still take. Together it is less than a page waits for an answer (10 s).
const LAST_STEP: Duration = Duration::from_millis(1500);

/// Pause before a host that did not answer is dialled again.
const RETURN_PAUSE: Duration = Duration::from_millis(250);

/// Rooms elsewhere whose host is remembered. A person is in one, and comes back to few.
const PINS: usize = 16;

/// Most hosts that get to check one typed ID. Each liar among them learns whether one guess of its own was right; more
/// would find the host where several claim to be it, and let liars guess more often.
const GUESSES: usize = 4;

/// For as long it is one typed ID, however often the page asks: longer than it asks by itself.
const TYPED_FOR: Duration = Duration::from_secs(15);

/// Typed IDs whose guesses are counted at a time; a person types one.
const TYPED: usize = 16;

/// Who is let in by a host knows it by its key from then on.
#[derive(Clone)]
struct Pin {
    room: RoomId,
    device: DeviceId,
    address: SocketAddr,
    ticket: Ticket,
}

/// The guesses that are left for a typed ID.
struct Typed {
    room: RoomId,
    since: Instant,
    guesses: Arc<Semaphore>,
}

/// The way from a typed room ID to its host.
pub(crate) struct Finder {
    own: DeviceId,
    neighbours: Arc<Neighbours>,
    known: Arc<KnownHosts>,
    pins: Mutex<VecDeque<Pin>>,
    typed: Mutex<VecDeque<Typed>>,
    /// Since when we look around.
    looking_since: OnceLock<Instant>,
}

impl Finder {
    /// Looks at nothing yet.
    pub(crate) fn new(own: DeviceId, neighbours: Arc<Neighbours>, known: KnownHosts) -> Arc<Self> {
        Arc::new(Self {
            own,
            neighbours,
            known: Arc::new(known),
            pins: Mutex::default(),
            typed: Mutex::default(),
            looking_since: OnceLock::new(),
        })
    }

    /// Looks around from now on: somebody is about to type a room ID.
    pub(crate) fn look_around(&self) -> Option<watch::Receiver<Vec<FoundHost>>> {
        let found = self.neighbours.found();
        if found.is_some() {
            self.looking_since.get_or_init(Instant::now);
        }
        found
    }

    /// Comes in at the host of this room. `at`: where it is said to be.
    pub(crate) async fn reach(&self, room: RoomId, at: Option<&HostAddress>) -> Result<Admitted, Missed> {
        let end = Instant::now() + LONGEST;
        if let Some(pin) = self.pin(room) {
            match timeout(GLANCE, self.resume(&pin)).await {
                Ok(Ok(admitted)) => return Ok(self.remember(room, admitted)),
                // It has ended: nobody else has it.
                Ok(Err(JoinError::NoRoom)) => {
                    return Err(Missed::Unknown(Tried { known: 1, ..Tried::default() }));
                }
                Ok(Err(_)) | Err(_) => {}
            }
        }
        let admitted = self.search(room, at, end).await?;
        Ok(self.remember(room, admitted))
    }

    /// Comes in again where this room was before; tries for a while.
    pub(crate) async fn return_to(&self, room: RoomId) -> Result<Admitted, Missed> {
        let Some(pin) = self.pin(room) else { return self.reach(room, None).await };
        let end = Instant::now() + RETURN_PATIENCE;
        let returned = timeout_at(end + LAST_STEP, self.come_back(&pin, end)).await;
        Ok(self.remember(room, returned.unwrap_or(Err(Missed::Unreachable))?))
    }

    async fn search(&self, room: RoomId, at: Option<&HostAddress>, end: Instant) -> Result<Admitted, Missed> {
        let found = self.look_around();
        let known = Arc::clone(&self.known);
        // It waits for the disk.
        let known = tokio::task::spawn_blocking(move || known.list()).await.unwrap_or_default();
        let mut search = Search::new(room, self.own, known, self.guesses_for(room));
        if let Some(at) = at.cloned() {
            let neighbours = Arc::clone(&self.neighbours);
            search.ask_at(async move {
                match at {
                    HostAddress::Socket(address) => vec![address],
                    HostAddress::Local { name, port } => neighbours.resolve(&name, port).await,
                }
            });
        }
        let now = Instant::now();
        let looked = self.looking_since.get().map_or(now, |since| *since + LOOK_AROUND);
        search.run(found, looked.max(now + GLANCE).min(end), end).await
    }

    /// The host is known by its key: whoever else answers is passed over.
    async fn come_back(&self, pin: &Pin, end: Instant) -> Result<Admitted, Missed> {
        let mut found = self.look_around();
        loop {
            match self.resume(pin).await {
                Ok(admitted) => return Ok(admitted),
                Err(JoinError::Broken) => {}
                Err(error) => return Err(verdict_of(error, Tried { known: 1, ..Tried::default() })),
            }
            if Instant::now() >= end {
                return Err(Missed::Unreachable);
            }
            tokio::select! {
                () = sleep(RETURN_PAUSE) => {}
                () = news(&mut found) => {}
            }
        }
    }

    async fn resume(&self, pin: &Pin) -> Result<Admitted, JoinError> {
        let addresses = self.addresses_of(pin);
        let link = dial(&addresses, Some(pin.device)).await.map_err(|_| JoinError::Broken)?;
        let address = link.address();
        match link.resume(pin.room, &pin.ticket).await {
            Ok(stream) => Ok(Admitted { stream, device: pin.device, address, ticket: pin.ticket.clone() }),
            // A host throws old tickets away: the room ID itself still counts. This host has proved it before, so
            // nobody can guess by this.
            Err(JoinError::NoRoom) => {
                let link = dial(&addresses, Some(pin.device)).await.map_err(|_| JoinError::Broken)?;
                link.ask(pin.room, &mut fresh_rng()).await?.prove().await
            }
            Err(error) => Err(error),
        }
    }

    fn addresses_of(&self, pin: &Pin) -> Vec<SocketAddr> {
        let mut addresses = Vec::new();
        if let Some(found) = self.look_around() {
            addresses.extend(announced(&found.borrow(), pin.device));
        }
        if !addresses.contains(&pin.address) {
            addresses.push(pin.address);
        }
        addresses
    }

    fn remember(&self, room: RoomId, admitted: Admitted) -> Admitted {
        let (device, address) = (admitted.device, admitted.address);
        let pin = Pin { room, device, address, ticket: admitted.ticket.clone() };
        let mut pins = lock(&self.pins);
        pins.retain(|pin| pin.room != room);
        pins.push_back(pin);
        if pins.len() > PINS {
            pins.pop_front();
        }
        drop(pins);
        let known = Arc::clone(&self.known);
        // It waits for the disk.
        tokio::task::spawn_blocking(move || known.remember(device, &[address], SystemTime::now()));
        admitted
    }

    fn pin(&self, room: RoomId) -> Option<Pin> {
        lock(&self.pins).iter().find(|pin| pin.room == room).cloned()
    }

    /// How many hosts may still check this ID.
    fn guesses_for(&self, room: RoomId) -> Arc<Semaphore> {
        let mut typed = lock(&self.typed);
        typed.retain(|typed| typed.since.elapsed() < TYPED_FOR);
        if let Some(typed) = typed.iter().find(|typed| typed.room == room) {
            return Arc::clone(&typed.guesses);
        }
        let guesses = Arc::new(Semaphore::new(GUESSES));
        typed.push_back(Typed { room, since: Instant::now(), guesses: Arc::clone(&guesses) });
        if typed.len() > TYPED {
            typed.pop_front();
        }
        guesses
    }
}

/// Where this host is announced, as far as that is on the machine's own networks.
pub(crate) fn announced(hosts: &[FoundHost], device: DeviceId) -> Vec<SocketAddr> {
    let networks = OwnNetworks::now();
    let told = hosts.iter().filter(|host| host.device == device).flat_map(|host| &host.addresses);
    told.copied().filter(|address| networks.hold(address.ip())).collect()
}

/// Nothing is left half done under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
