//! The host's side of the way from app to app: who proves that it knows a room's ID is let in.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use visavis_hub::Hindrance;
use visavis_lan::{HostFailure, Refusal, Rooms, Ticket, admit, exporter};
use visavis_protocol::RoomId;

use crate::caller::Caller;
use crate::listener::Arrival;
use crate::randomness::fresh_rng;
use crate::routes::Side;
use crate::socket;
use crate::switchboard::Switchboard;

/// Tickets of a room that are good at a time; a new one pushes out the oldest, whose app then proves itself again. More
/// than a room has seats, since each time that an app proves itself brings a new one.
const TICKETS_PER_ROOM: usize = 256;

/// Lets apps in.
pub(crate) struct Apps {
    switchboard: Arc<Switchboard>,
    tickets: Mutex<BTreeMap<RoomId, VecDeque<Ticket>>>,
    interceptions: AtomicU64,
}

impl Apps {
    pub(crate) fn new(switchboard: Arc<Switchboard>) -> Arc<Self> {
        Arc::new(Self { switchboard, tickets: Mutex::default(), interceptions: AtomicU64::new(0) })
    }

    /// How often somebody stood between this host and an app that knew a room's ID.
    pub(crate) fn interceptions(&self) -> u64 {
        self.interceptions.load(Ordering::Relaxed)
    }

    /// Speaks with another app until either side ends it.
    ///
    /// Boxed: a page may open the network side, whose listeners come here; without an end the type would hold itself.
    pub(crate) fn serve(
        self: Arc<Self>,
        stream: TlsStream<TcpStream>,
        arrival: Arrival,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move { self.converse(stream, arrival).await })
    }

    async fn converse(&self, mut stream: TlsStream<TcpStream>, arrival: Arrival) {
        let Some(exporter) = exporter(stream.get_ref().1) else { return };
        let visit = Visit { apps: self, source: arrival.remote.ip() };
        let Ok(room) = admit(&mut stream, exporter, &visit, &mut fresh_rng()).await else { return };
        let mut socket = Box::new(socket::over(stream, Role::Server).await);
        let caller = Caller {
            switchboard: Arc::clone(&self.switchboard),
            side: Side::Lan,
            arrival,
            admitted: Some(room),
        };
        socket::run(&mut socket, &caller).await;
    }

    fn tickets(&self) -> MutexGuard<'_, BTreeMap<RoomId, VecDeque<Ticket>>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One handshake.
struct Visit<'a> {
    apps: &'a Apps,
    source: IpAddr,
}

impl Rooms for Visit<'_> {
    fn begin(&self, tag: u16) -> Result<RoomId, Refusal> {
        self.apps.switchboard.begin_handshake(self.source, tag).map_err(|hindrance| match hindrance {
            Hindrance::NoRoom => Refusal::NoRoom,
            Hindrance::Wait(wait) => Refusal::TryLater(wait),
        })
    }

    fn is_ticket(&self, tag: u16, ticket: &Ticket) -> Option<RoomId> {
        let tickets = self.apps.tickets();
        let (room, _) = tickets.iter().find(|(room, good)| room.tag() == tag && good.contains(ticket))?;
        self.apps.switchboard.has_room(*room).then_some(*room)
    }

    fn admitted(&self, room: RoomId) -> Ticket {
        self.apps.switchboard.forgive_handshake(self.source, room);
        let ticket = Ticket::generate(&mut fresh_rng());
        let mut tickets = self.apps.tickets();
        tickets.retain(|room, _| self.apps.switchboard.has_room(*room));
        let good = tickets.entry(room).or_default();
        good.push_back(ticket.clone());
        if good.len() > TICKETS_PER_ROOM {
            good.pop_front();
        }
        ticket
    }

    fn failed(&self, _room: RoomId, why: HostFailure) {
        match why {
            HostFailure::Intercepted => {
                self.apps.interceptions.fetch_add(1, Ordering::Relaxed);
                tracing::warn!("somebody stands between this host and an app that wants to join");
            }
            // One that is broken off counts as well: what is throttled are handshakes begun.
            HostFailure::WrongId | HostFailure::Broken | HostFailure::Refused => {
                tracing::debug!(code = why.code(), "an app was not let in");
            }
        }
    }
}
