//! The server's side to the network: bound while there is a room or the person wishes to be visible, on the addresses
//! that the machine has.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::{Mutex, watch};
use visavis_hub::{Input, InviteAddress};
use visavis_lan::{Announcement, Identity, lan_interfaces};
use visavis_protocol::DisplayName;

use crate::admission::Admission;
use crate::alarm::Alarm;
use crate::apps::Apps;
use crate::config::{NetworkConfig, Port};
use crate::door::Door;
use crate::links::https_origin;
use crate::listener::{Gate, Service, Tls};
use crate::neighbours::Neighbours;
use crate::routes::{Side, Site, stun_server};
use crate::switchboard::Switchboard;

/// How often the machine's addresses are looked at: a change of network is followed within this time, and calls wait
/// for it. A look takes a fraction of a millisecond.
const ADDRESS_CHECK: Duration = Duration::from_millis(500);

/// Wrong room IDs in ten minutes that a person is told of: more than several people mistype.
const GUESSES_TO_TELL: u64 = 20;

/// One is enough: it is proof.
const INTERCEPTIONS_TO_TELL: u64 = 1;

/// Listens on the network while it should.
pub(crate) struct LanSide {
    identity: Identity,
    data_dir: PathBuf,
    /// As others see it.
    host_name: DisplayName,
    /// Names for the certificate besides the addresses.
    names: Vec<String>,
    /// The loopback's port: where any will do, the network's is the same if it can be.
    own_port: u16,
    config: watch::Sender<NetworkConfig>,
    state: watch::Sender<NetworkState>,
    switchboard: Arc<Switchboard>,
    apps: Arc<Apps>,
    neighbours: Arc<Neighbours>,
    gate: Arc<Gate>,
    stopping: watch::Receiver<bool>,
    open: Mutex<Option<Open>>,
    /// The last attempt to open failed, and was told.
    failing: AtomicBool,
}

/// What became of the wishes in [`NetworkConfig`]. A person may want to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkState {
    /// This machine has an address on some network.
    pub connected: bool,
    /// The wished interface has no address now; all others serve.
    pub interface_missing: bool,
    /// The port on the network, while it is open.
    pub port: Option<u16>,
    /// The wished port, if another program had it when the network side was opened.
    pub refused_port: Option<u16>,
    /// Somebody is trying out room IDs on this host.
    pub guessed_at: bool,
    /// Somebody stands between this host and an app that wants to join.
    pub intercepted: bool,
}

/// What is bound.
struct Open {
    site: Site,
    tls: watch::Sender<Arc<rustls::ServerConfig>>,
    doors: BTreeMap<IpAddr, Door>,
    /// The machine's addresses when the doors were opened; some may have refused to be bound.
    tried: Vec<IpAddr>,
    /// Of the best door.
    best: SocketAddr,
    /// The wished port, if it could not be had.
    refused_port: Option<u16>,
    invite: InviteAddress,
}

/// What [`LanSide`] is made with.
pub(crate) struct LanSideParts {
    pub(crate) identity: Identity,
    pub(crate) data_dir: PathBuf,
    pub(crate) host_name: DisplayName,
    pub(crate) names: Vec<String>,
    pub(crate) own_port: u16,
    pub(crate) config: NetworkConfig,
    pub(crate) switchboard: Arc<Switchboard>,
    pub(crate) neighbours: Arc<Neighbours>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl LanSide {
    /// Nothing is bound yet.
    pub(crate) fn new(parts: LanSideParts) -> Arc<Self> {
        let LanSideParts {
            identity,
            data_dir,
            host_name,
            names,
            own_port,
            config,
            switchboard,
            neighbours,
            gate,
            stopping,
        } = parts;
        let side = Arc::new(Self {
            identity,
            data_dir,
            host_name,
            names,
            own_port,
            config: watch::Sender::new(config),
            state: watch::Sender::default(),
            apps: Apps::new(Arc::clone(&switchboard)),
            switchboard,
            neighbours,
            gate,
            stopping,
            open: Mutex::new(None),
            failing: AtomicBool::new(false),
        });
        // What is told of the network is true from the first moment.
        side.observe();
        side
    }

    /// Changes what is wished; [`Self::keep`] carries it out.
    pub(crate) fn configure(&self, config: NetworkConfig) {
        self.config.send_if_modified(|known| {
            let changed = *known != config;
            *known = config;
            changed
        });
    }

    /// What became of the wishes.
    pub(crate) fn state(&self) -> watch::Receiver<NetworkState> {
        self.state.subscribe()
    }

    /// Listens on every wished address that the machine has now, and tells how others get in. Without any
    /// network that is this machine alone. `None` if nothing can be bound.
    pub(crate) async fn open(&self) -> Option<InviteAddress> {
        let wanted = self.observe();
        let mut open = self.open.lock().await;
        // An address that refused to be bound, as a new one may for a second, is tried again.
        let is_complete = |open: &&Open| open.tried == wanted && open.doors.len() == wanted.len();
        if let Some(open) = open.as_ref().filter(is_complete) {
            return Some(open.invite.clone());
        }
        let news = open.as_ref().is_none_or(|open| open.tried != wanted);
        if let Err(error) = self.follow(&mut open, &wanted).await {
            *open = None;
            if !self.failing.swap(true, Ordering::Relaxed) {
                tracing::error!(%error, "cannot listen on the network");
            }
        } else {
            self.failing.store(false, Ordering::Relaxed);
            if news {
                tracing::info!("the network side is open");
            }
        }
        let invite = open.as_ref().map(|open| open.invite.clone());
        self.announce(open.as_ref());
        invite
    }

    /// Follows the rooms, the wishes and the machine's addresses, for ever: open while there is a room, or
    /// while the person wishes to be visible.
    pub(crate) async fn keep(self: Arc<Self>) {
        let mut has_rooms = self.switchboard.has_rooms();
        let mut config = self.config.subscribe();
        let mut check = tokio::time::interval(ADDRESS_CHECK);
        let mut port = config.borrow().port;
        let mut news = false;
        let (mut guesses, mut interceptions) =
            (Alarm::new(GUESSES_TO_TELL), Alarm::new(INTERCEPTIONS_TO_TELL));
        self.announce(self.open.lock().await.as_ref());
        loop {
            let (has_room, visible, wished_port) = {
                let config = config.borrow_and_update();
                (*has_rooms.borrow_and_update(), config.visible, config.port)
            };
            // With a room open, its links have to stay good.
            if wished_port != port && !has_room {
                port = wished_port;
                self.close().await;
            }
            if has_room || visible {
                self.open().await;
            } else if news {
                self.close().await;
            } else {
                self.observe();
            }
            if news {
                self.announce(self.open.lock().await.as_ref());
            }
            let now = Instant::now();
            self.warn(
                guesses.observe(self.switchboard.counts().guesses, now),
                interceptions.observe(self.apps.interceptions(), now),
            );
            news = tokio::select! {
                changed = has_rooms.changed() => if changed.is_err() { return } else { true },
                changed = config.changed() => if changed.is_err() { return } else { true },
                _ = check.tick() => false,
            };
        }
    }

    fn warn(&self, guessed_at: bool, intercepted: bool) {
        self.state.send_if_modified(|state| {
            let changed = (state.guessed_at, state.intercepted) != (guessed_at, intercepted);
            if guessed_at && !state.guessed_at {
                tracing::warn!("somebody is trying out room IDs on this host");
            }
            (state.guessed_at, state.intercepted) = (guessed_at, intercepted);
            changed
        });
    }

    async fn close(&self) {
        if self.open.lock().await.take().is_some() {
            tracing::info!("the network side is closed");
            self.announce(None);
        }
    }

    fn announce(&self, open: Option<&Open>) {
        let ports = (open.map(|open| open.best.port()), open.and_then(|open| open.refused_port));
        self.state.send_if_modified(|state| {
            let changed = (state.port, state.refused_port) != ports;
            (state.port, state.refused_port) = ports;
            changed
        });
        self.show(open);
        let address = open.map(|open| open.invite.clone());
        let mut ice_servers = open.map(|open| vec![stun_server(open.best)]).unwrap_or_default();
        ice_servers.extend(self.config.borrow().ice_servers.iter().cloned());
        self.switchboard.input(Input::Reachable { address, ice_servers });
    }

    /// Tells apps on the network where this host is. Its name is for those only whom the person wants to be seen by.
    fn show(&self, open: Option<&Open>) {
        let Some(open) = open.filter(|open| !open.best.ip().is_loopback()) else {
            return self.neighbours.withdraw();
        };
        let port = open.best.port();
        let here = open.doors.values().filter(|door| door.address.port() == port);
        self.neighbours.announce(Announcement {
            device: self.identity.device_id(),
            port,
            addresses: here.map(|door| door.address.ip()).collect(),
            name: self.config.borrow().visible.then(|| self.host_name.as_str().to_owned()),
        });
    }

    /// Looks at the machine's networks: the addresses to listen on, best first. Without any that is loopback,
    /// so that at least pages on this machine can join.
    fn observe(&self) -> Vec<IpAddr> {
        let interfaces = lan_interfaces();
        let config = self.config.borrow();
        let is_wished = |name: &str| config.interface.as_deref().is_none_or(|wished| wished == name);
        let wished: Vec<_> =
            interfaces.iter().filter(|one| is_wished(&one.name)).map(|one| one.address).collect();
        let (connected, interface_missing) =
            (!interfaces.is_empty(), wished.is_empty() && config.interface.is_some());
        self.state.send_if_modified(|state| {
            let changed = state.connected != connected || state.interface_missing != interface_missing;
            (state.connected, state.interface_missing) = (connected, interface_missing);
            changed
        });
        match (connected, interface_missing) {
            (false, _) => vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
            (true, true) => interfaces.iter().map(|one| one.address).collect(),
            (true, false) => wished,
        }
    }

    /// Makes the doors those of the wanted addresses, under one certificate for all of them.
    async fn follow(&self, slot: &mut Option<Open>, wanted: &[IpAddr]) -> Result<(), OpenError> {
        let mut doors = slot.as_mut().map(|open| std::mem::take(&mut open.doors)).unwrap_or_default();
        doors.retain(|address, _| wanted.contains(address));
        let certificate =
            self.identity.current_certificate(&self.data_dir, wanted, &self.names, SystemTime::now())?;
        let fingerprint = certificate.fingerprint();
        let config = certificate.rustls_config()?;
        let (site, tls, refused_before) = match slot.take() {
            Some(open) => (open.site, open.tls, Some(open.refused_port)),
            None => {
                let site = Site::new(Side::Lan, Arc::clone(&self.switchboard));
                (site, watch::Sender::new(Arc::clone(&config)), None)
            }
        };
        tls.send_replace(config);
        let service = Service {
            router: site.router(),
            gate: Arc::clone(&self.gate),
            tls: Some(Tls { config: tls.subscribe(), apps: Arc::clone(&self.apps) }),
            stopping: self.stopping.clone(),
        };
        let mut port = match (self.config.borrow().port, doors.values().next()) {
            (Port::Any | Port::Preferably(_), Some(door)) => Port::Preferably(door.address.port()),
            (Port::Any, None) => Port::Preferably(self.own_port),
            (port, _) => port,
        };
        for address in wanted {
            if doors.contains_key(address) {
                continue;
            }
            if let Some(door) = Door::open(*address, port, &service).await {
                if let Port::Preferably(_) = port {
                    port = Port::Preferably(door.address.port());
                }
                doors.insert(*address, door);
            }
        }
        let best =
            wanted.iter().find_map(|address| doors.get(address)).ok_or(OpenError::NothingBound)?.address;
        let addresses: Vec<_> = doors.values().map(|door| door.address).collect();
        site.admit_only(Admission::lan(&addresses, &self.names));
        let invite = InviteAddress { origin: https_origin(best), fingerprint };
        let refused_now = match self.config.borrow().port {
            // On loopback this machine's own pages have it.
            Port::Preferably(wished) if !best.ip().is_loopback() => Some(wished),
            _ => None,
        };
        let refused_port = refused_before.unwrap_or(refused_now).filter(|port| *port != best.port());
        *slot = Some(Open { site, tls, doors, tried: wanted.to_vec(), best, refused_port, invite });
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error("{0}")]
    Identity(#[from] visavis_lan::IdentityError),
    #[error("none of the machine's addresses can be bound")]
    NothingBound,
}
