//! The server's side to the network: bound while there is a room, on the addresses that the machine has.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{Mutex, watch};
use tokio::task::AbortHandle;
use visavis_hub::{Input, InviteAddress};
use visavis_lan::{Identity, lan_interfaces, stun};

use crate::admission::Admission;
use crate::links::https_origin;
use crate::listener::{self, Gate, Service};
use crate::routes::{Side, Site, stun_server};
use crate::switchboard::Switchboard;

/// How often the machine's addresses are looked at while there is a room: a change of network is followed
/// within this time.
const ADDRESS_CHECK: Duration = Duration::from_secs(5);

/// Listens on the network while it should.
pub(crate) struct LanSide {
    identity: Identity,
    data_dir: PathBuf,
    /// Names for the certificate besides the addresses.
    names: Vec<String>,
    port: LanPort,
    switchboard: Arc<Switchboard>,
    gate: Arc<Gate>,
    stopping: watch::Receiver<bool>,
    open: Mutex<Option<Open>>,
}

/// Which port to listen on.
#[derive(Clone, Copy)]
pub(crate) enum LanPort {
    /// This one, or none: somebody asked for it.
    Exactly(u16),
    /// This one first, so that the network's port is the loopback's, or any other.
    Preferably(u16),
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
    invite: InviteAddress,
}

/// One address with its listener and its STUN responder; dropping it closes both.
struct Door {
    address: SocketAddr,
    tasks: Vec<AbortHandle>,
}

impl Drop for Door {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// What [`LanSide`] is made with.
pub(crate) struct LanSideParts {
    pub(crate) identity: Identity,
    pub(crate) data_dir: PathBuf,
    pub(crate) names: Vec<String>,
    pub(crate) port: LanPort,
    pub(crate) switchboard: Arc<Switchboard>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl LanSide {
    /// Nothing is bound yet.
    pub(crate) fn new(parts: LanSideParts) -> Arc<Self> {
        let LanSideParts { identity, data_dir, names, port, switchboard, gate, stopping } = parts;
        Arc::new(Self {
            identity,
            data_dir,
            names,
            port,
            switchboard,
            gate,
            stopping,
            open: Mutex::new(None),
        })
    }

    /// Listens on every address that the machine has now, and tells how others get in. Without any network
    /// that is this machine alone. `None` if nothing can be bound.
    pub(crate) async fn open(&self) -> Option<InviteAddress> {
        let wanted = wanted_addresses();
        let mut open = self.open.lock().await;
        if let Some(open) = open.as_ref().filter(|open| open.tried == wanted) {
            return Some(open.invite.clone());
        }
        if let Err(error) = self.follow(&mut open, &wanted).await {
            tracing::error!(%error, "cannot listen on the network");
            *open = None;
        }
        let invite = open.as_ref().map(|open| open.invite.clone());
        self.announce(open.as_ref());
        invite
    }

    /// Follows the rooms and the machine's addresses, for ever: open while there is a room.
    pub(crate) async fn keep(self: Arc<Self>) {
        let mut has_rooms = self.switchboard.has_rooms();
        let mut check = tokio::time::interval(ADDRESS_CHECK);
        loop {
            let wanted = *has_rooms.borrow_and_update();
            if wanted {
                self.open().await;
            } else {
                self.close().await;
            }
            tokio::select! {
                changed = has_rooms.changed() => if changed.is_err() { return },
                _ = check.tick(), if wanted => {}
            }
        }
    }

    async fn close(&self) {
        if self.open.lock().await.take().is_some() {
            self.announce(None);
        }
    }

    fn announce(&self, open: Option<&Open>) {
        let address = open.map(|open| open.invite.clone());
        let ice_servers = open.map(|open| vec![stun_server(open.best)]).unwrap_or_default();
        self.switchboard.input(Input::Reachable { address, ice_servers });
    }

    /// Makes the doors those of the wanted addresses, under one certificate for all of them.
    async fn follow(&self, slot: &mut Option<Open>, wanted: &[IpAddr]) -> Result<(), OpenError> {
        let mut doors = slot.as_mut().map(|open| std::mem::take(&mut open.doors)).unwrap_or_default();
        doors.retain(|address, _| wanted.contains(address));
        let certificate =
            self.identity.current_certificate(&self.data_dir, wanted, &self.names, SystemTime::now())?;
        let fingerprint = certificate.fingerprint();
        let config = certificate.rustls_config()?;
        let (site, tls) = match slot.take() {
            Some(open) => (open.site.clone(), open.tls.clone()),
            None => {
                (Site::new(Side::Lan, Arc::clone(&self.switchboard)), watch::Sender::new(Arc::clone(&config)))
            }
        };
        tls.send_replace(config);
        let service = Service {
            router: site.router(),
            gate: Arc::clone(&self.gate),
            tls: Some(tls.subscribe()),
            stopping: self.stopping.clone(),
        };
        let mut port = match (self.port, doors.values().next()) {
            (LanPort::Preferably(_), Some(door)) => LanPort::Preferably(door.address.port()),
            (port, _) => port,
        };
        for address in wanted {
            if doors.contains_key(address) {
                continue;
            }
            if let Some(door) = Door::open(*address, port, &service).await {
                if let LanPort::Preferably(_) = port {
                    port = LanPort::Preferably(door.address.port());
                }
                doors.insert(*address, door);
            }
        }
        let best =
            wanted.iter().find_map(|address| doors.get(address)).ok_or(OpenError::NothingBound)?.address;
        let addresses: Vec<_> = doors.values().map(|door| door.address).collect();
        site.admit_only(Admission::lan(&addresses, &self.names));
        let invite = InviteAddress { origin: https_origin(best), fingerprint };
        *slot = Some(Open { site, tls, doors, tried: wanted.to_vec(), best, invite });
        Ok(())
    }
}

impl Door {
    /// `None` if the address cannot be bound.
    async fn open(address: IpAddr, port: LanPort, service: &Service) -> Option<Self> {
        let listener = match port {
            LanPort::Exactly(port) if !address.is_loopback() => {
                TcpListener::bind((address, port)).await.ok()?
            }
            // On loopback the port is taken by this machine's own pages.
            LanPort::Exactly(port) | LanPort::Preferably(port) => {
                match TcpListener::bind((address, port)).await {
                    Ok(listener) => listener,
                    Err(_) => TcpListener::bind((address, 0)).await.ok()?,
                }
            }
        };
        let address = listener.local_addr().ok()?;
        let mut tasks = vec![tokio::spawn(listener::serve(listener, service.clone())).abort_handle()];
        match UdpSocket::bind(address).await {
            Ok(socket) => tasks.push(tokio::spawn(stun::serve(socket)).abort_handle()),
            // Pages then know fewer addresses of their own; most calls do without.
            Err(error) => tracing::warn!(kind = ?error.kind(), "cannot answer STUN on one address"),
        }
        Some(Self { address, tasks })
    }
}

/// The machine's addresses on its networks, best first; without any, loopback, so that at least pages on
/// this machine can join.
fn wanted_addresses() -> Vec<IpAddr> {
    let addresses: Vec<_> = lan_interfaces().into_iter().map(|interface| interface.address).collect();
    if addresses.is_empty() { vec![IpAddr::V4(Ipv4Addr::LOCALHOST)] } else { addresses }
}

#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error("{0}")]
    Identity(#[from] visavis_lan::IdentityError),
    #[error("none of the machine's addresses can be bound")]
    NothingBound,
}
