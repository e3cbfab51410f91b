//! Finds the host of a room that is not held here, and comes in there.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use visavis_lan::{Admitted, DeviceId, FoundHost, JoinError, KnownHosts, OwnNetworks, Ticket, dial};
use visavis_protocol::{HostAddress, RoomId, Tried};

use crate::neighbours::Neighbours;
use crate::randomness::fresh_rng;
use crate::search::{Missed, Search, is_answer, worse};

/// How long the address that a person typed has for itself before others are asked too.
const AT_PATIENCE: Duration = Duration::from_millis(1100);

/// How long after the first look around everybody has answered: mDNS responders wait up to half a second, and a lost
/// packet is asked for again after one second (RFC 6762, sections 5.2 and 6).
const LOOK_AROUND: Duration = Duration::from_millis(2000);

/// The least time for newcomers on the network to be heard of, when we have looked around for long.
const GLANCE: Duration = Duration::from_millis(600);

/// How long one attempt to come back to a room looks for its host. A page that was told "not yet" asks again at once.
const RETURN_PATIENCE: Duration = Duration::from_secs(5);

/// Pause before a host that did not answer is dialled again.
const RETURN_PAUSE: Duration = Duration::from_millis(250);

/// Rooms elsewhere whose host is remembered. A person is in one, and comes back to few.
const PINS: usize = 16;

/// Who is let in by a host knows it by its key from then on.
#[derive(Clone)]
struct Pin {
    room: RoomId,
    device: DeviceId,
    address: SocketAddr,
    ticket: Ticket,
}

/// The way from a typed room ID to its host.
pub(crate) struct Finder {
    own: DeviceId,
    neighbours: Arc<Neighbours>,
    known: Arc<KnownHosts>,
    pins: Mutex<VecDeque<Pin>>,
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
        if let Some(pin) = self.pin(room) {
            match self.come_back(&pin, GLANCE).await {
                Ok(admitted) => return Ok(self.remember(room, admitted).await),
                Err(Missed::Intercepted) => return Err(Missed::Intercepted),
                Err(_) => self.unpin(room),
            }
        }
        let admitted = self.search(room, at).await?;
        Ok(self.remember(room, admitted).await)
    }

    /// Comes in again where this room was before; tries for a while.
    pub(crate) async fn return_to(&self, room: RoomId) -> Result<Admitted, Missed> {
        match self.pin(room) {
            Some(pin) => {
                let admitted = self.come_back(&pin, RETURN_PATIENCE).await?;
                Ok(self.remember(room, admitted).await)
            }
            None => self.reach(room, None).await,
        }
    }

    async fn search(&self, room: RoomId, at: Option<&HostAddress>) -> Result<Admitted, Missed> {
        let found = self.look_around();
        let mut tried = Tried::default();
        if let Some(at) = at {
            let outcome = timeout(AT_PATIENCE, self.ask_at(room, at)).await.unwrap_or(Err(JoinError::Broken));
            let error = match outcome {
                Ok(admitted) => return Ok(admitted),
                Err(error) => error,
            };
            tried.at = Some(is_answer(error));
            match worse(Missed::Unknown(tried), error) {
                Missed::Unknown(_) => {}
                missed => return Err(missed),
            }
        }
        let now = Instant::now();
        let looked = self.looking_since.get().map_or(now, |since| *since + LOOK_AROUND);
        let known = Arc::clone(&self.known);
        // It waits for the disk.
        let known = tokio::task::spawn_blocking(move || known.list()).await.unwrap_or_default();
        Search::new(room, self.own, known, tried).run(found, looked.max(now + GLANCE)).await
    }

    async fn ask_at(&self, room: RoomId, at: &HostAddress) -> Result<Admitted, JoinError> {
        let addresses = match at {
            HostAddress::Socket(address) => vec![*address],
            HostAddress::Local { name, port } => self.neighbours.resolve(name, *port).await,
        };
        self.prove_at(room, &addresses, None).await
    }

    async fn prove_at(
        &self,
        room: RoomId,
        addresses: &[SocketAddr],
        device: Option<DeviceId>,
    ) -> Result<Admitted, JoinError> {
        let link = dial(addresses, device).await.map_err(|_| JoinError::Broken)?;
        link.ask(room, &mut fresh_rng()).await?.prove().await
    }

    /// The host is known by its key: whoever else answers is passed over.
    async fn come_back(&self, pin: &Pin, patience: Duration) -> Result<Admitted, Missed> {
        let end = Instant::now() + patience;
        let mut found = self.look_around();
        loop {
            let addresses = self.addresses_of(pin, found.as_ref());
            match self.resume(pin, &addresses).await {
                Ok(admitted) => return Ok(admitted),
                Err(JoinError::Broken) => {}
                Err(error) => return Err(worse(Missed::Unknown(Tried::default()), error)),
            }
            if Instant::now() >= end {
                return Err(Missed::Unreachable);
            }
            tokio::select! {
                () = sleep(RETURN_PAUSE) => {}
                () = moved(&mut found) => {}
            }
        }
    }

    async fn resume(&self, pin: &Pin, addresses: &[SocketAddr]) -> Result<Admitted, JoinError> {
        let link = dial(addresses, Some(pin.device)).await.map_err(|_| JoinError::Broken)?;
        let address = link.address();
        match link.resume(pin.room, &pin.ticket).await {
            Ok(stream) => Ok(Admitted { stream, device: pin.device, address, ticket: pin.ticket.clone() }),
            // A host throws old tickets away: the room ID itself still counts.
            Err(JoinError::NoRoom) => self.prove_at(pin.room, addresses, Some(pin.device)).await,
            Err(error) => Err(error),
        }
    }

    fn addresses_of(&self, pin: &Pin, found: Option<&watch::Receiver<Vec<FoundHost>>>) -> Vec<SocketAddr> {
        let mut addresses = Vec::new();
        if let Some(found) = found {
            let found = found.borrow();
            let networks = OwnNetworks::now();
            let told = found.iter().filter(|host| host.device == pin.device).flat_map(|host| &host.addresses);
            addresses.extend(told.copied().filter(|address| networks.hold(address.ip())));
        }
        if !addresses.contains(&pin.address) {
            addresses.push(pin.address);
        }
        addresses
    }

    async fn remember(&self, room: RoomId, admitted: Admitted) -> Admitted {
        let (device, address) = (admitted.device, admitted.address);
        let pin = Pin { room, device, address, ticket: admitted.ticket.clone() };
        {
            let mut pins = self.pins();
            pins.retain(|pin| pin.room != room);
            pins.push_back(pin);
            if pins.len() > PINS {
                pins.pop_front();
            }
        }
        let known = Arc::clone(&self.known);
        // It waits for the disk.
        tokio::task::spawn_blocking(move || known.remember(device, &[address], SystemTime::now()));
        admitted
    }

    fn pin(&self, room: RoomId) -> Option<Pin> {
        self.pins().iter().find(|pin| pin.room == room).cloned()
    }

    fn unpin(&self, room: RoomId) {
        self.pins().retain(|pin| pin.room != room);
    }

    fn pins(&self) -> MutexGuard<'_, VecDeque<Pin>> {
        self.pins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until something has changed on the network.
async fn moved(found: &mut Option<watch::Receiver<Vec<FoundHost>>>) {
    match found {
        Some(receiver) => {
            if receiver.changed().await.is_err() {
                *found = None;
            }
        }
        None => std::future::pending().await,
    }
}
