//! A running server: started once, for as long as the program runs.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rand::TryRng;
use rand::rngs::{SysError, SysRng};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::watch;
use tokio::task::JoinSet;
use visavis_hub::{Counts, HubConfig, Input};
use visavis_lan::{Identity, IdentityError, KnownHosts, host_name, stun};
use visavis_protocol::{AccessToken, DisplayName, ErrorCode, Invite, RoomId};

use crate::admission::Admission;
use crate::config::{NetworkConfig, Port, ServerConfig};
use crate::finder::Finder;
use crate::home::Home;
use crate::lan_side::{LanSide, LanSideParts, NetworkState};
use crate::links;
use crate::listener::{self, Gate, Service};
use crate::neighbours::Neighbours;
use crate::routes::{Side, Site};
use crate::switchboard::Switchboard;

/// Rooms at once: as many as there are tags, since a room is asked for by its tag. A home or office needs a handful.
const ROOMS: usize = RoomId::TAGS as usize;

/// How long open connections may take to end in order when the server stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// The name of a host whose machine has none that could be shown.
const NAMELESS_HOST: &str = "Vis-à-vis";

/// A running server. [`Self::shutdown`] ends it in order; dropping it ends it at once.
pub struct Server {
    origin: String,
    address: SocketAddr,
    token: AccessToken,
    switchboard: Arc<Switchboard>,
    lan: Arc<LanSide>,
    neighbours: Arc<Neighbours>,
    abroad: Arc<AtomicUsize>,
    gate: Arc<Gate>,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// A room that is kept until the server stops, and the way to it.
#[derive(Clone, Debug)]
pub struct HostedRoom {
    /// Its ID.
    pub room: RoomId,
    /// For others on the network.
    pub invite: Invite,
}

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is used by another program, or may not be used.
    #[error("Port {port} on this machine cannot be used")]
    Port {
        /// The wished port.
        port: u16,
        /// What the OS said.
        source: io::Error,
    },
    /// The identity could neither be read nor made.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The wished name cannot be shown.
    #[error("This name cannot be used: {0}")]
    Name(&'static str),
    /// The program is ending.
    #[error("The program is ending")]
    Interrupted,
    /// The OS gave no randomness.
    #[error("This system gives no random numbers")]
    Randomness(#[from] SysError),
}

impl StartError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Port { .. } => "port-unusable",
            Self::Identity(_) => "identity-unusable",
            Self::Name(_) => "name-unusable",
            Self::Interrupted => "interrupted",
            Self::Randomness(_) => "no-randomness",
        }
    }
}

/// Why a room could not be hosted.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// No address of this machine could be bound.
    #[error("port {0} cannot be used on any of this machine's network addresses")]
    NoAddress(u16),
    /// The hub refused.
    #[error("{}", .0.sentence())]
    Refused(ErrorCode),
}

impl Server {
    /// Listens on loopback.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(config: ServerConfig) -> Result<Self, StartError> {
        listener::allow_connections();
        let name = shown_name(config.host_name.as_deref())?;
        let data_dir = config.data_dir.clone();
        // It waits for the disk, and for other processes that write there.
        let kept = tokio::task::spawn_blocking(move || {
            Identity::load_or_create(&data_dir).map(|identity| (identity, KnownHosts::open(&data_dir)))
        });
        let (identity, known) = kept.await.map_err(|_| StartError::Interrupted)??;
        let token = random_token()?;
        let (listener, address) = bind_loopback(config.network.port).await?;
        let switchboard = Switchboard::new(HubConfig {
            default_capacity: config.default_capacity,
            max_rooms: ROOMS,
            token: token.clone(),
            host: name.clone(),
        })?;
        let (gate, stopping) = (Gate::new(), watch::Sender::new(false));
        let neighbours = Neighbours::new(config.discovery);
        let finder = Finder::new(identity.device_id(), Arc::clone(&neighbours), known);
        let lan = LanSide::new(LanSideParts {
            identity,
            data_dir: config.data_dir,
            host_name: name,
            names: host_name().map(|name| format!("{name}.local")).into_iter().collect(),
            own_port: address.port(),
            config: config.network,
            switchboard: Arc::clone(&switchboard),
            neighbours: Arc::clone(&neighbours),
            gate: Arc::clone(&gate),
            stopping: stopping.subscribe(),
        });
        let abroad = Arc::new(AtomicUsize::new(0));
        let home = Home {
            lan: Arc::clone(&lan),
            finder,
            token: token.clone(),
            stopping: stopping.subscribe(),
            abroad: Arc::clone(&abroad),
        };
        let site = Site::new(Side::Loopback(Arc::new(home)), Arc::clone(&switchboard));
        site.admit_only(Admission::loopback(address.port()));
        let service = Service {
            router: site.router(),
            gate: Arc::clone(&gate),
            tls: None,
            stopping: stopping.subscribe(),
        };
        let mut tasks = JoinSet::new();
        serve_loopback(&mut tasks, listener, address, service).await;
        tasks.spawn(Arc::clone(&switchboard).keep_time());
        tasks.spawn(Arc::clone(&lan).keep());
        Ok(Self {
            origin: links::http_origin(address),
            address,
            token,
            switchboard,
            lan,
            neighbours,
            abroad,
            gate,
            stopping,
            tasks,
        })
    }

    /// Changes how the server is reached. The port on loopback stays as it is; that on the network changes when
    /// no room is open.
    pub fn set_network(&self, config: NetworkConfig) {
        self.lan.configure(config);
    }

    /// What became of the wishes in [`NetworkConfig`], now and whenever that changes.
    pub fn network(&self) -> watch::Receiver<NetworkState> {
        self.lan.state()
    }

    /// The TCP port of this machine's own pages.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many pages of this machine are in rooms of others, through this server.
    pub fn pages_abroad(&self) -> usize {
        self.abroad.load(Ordering::Relaxed)
    }

    /// How much there is of everything.
    pub fn counts(&self) -> Counts {
        self.switchboard.counts()
    }

    /// Where this machine's own pages find the signaling: `ws://127.0.0.1:PORT/ws`.
    pub fn websocket_url(&self) -> String {
        format!("ws://{}/ws", self.address)
    }

    /// Shows that a page belongs to the person at this machine. Good for this launch.
    pub fn token(&self) -> &AccessToken {
        &self.token
    }

    /// This machine's own page, with the token in its fragment, and with the room filled in.
    pub fn local_url(&self, room: Option<RoomId>) -> String {
        links::token_link(&self.origin, room, &self.token)
    }

    /// The same with a code that works once, within [`visavis_protocol::limits::CODE_LIFETIME`]: for a
    /// browser, whose command line other programs can read.
    pub fn single_use_url(&self, room: Option<RoomId>) -> String {
        links::code_link(&self.origin, room, &self.switchboard.issue_code())
    }

    /// Makes a room that is kept until the server stops, and listens on the network.
    ///
    /// # Errors
    /// See [`HostError`].
    pub async fn host_room(&self, capacity: Option<u32>) -> Result<HostedRoom, HostError> {
        let address = self.lan.open().await.ok_or(HostError::NoAddress(self.address.port()))?;
        let room = self.switchboard.open_room(capacity).map_err(HostError::Refused)?;
        Ok(HostedRoom { room, invite: address.invite_to(room) })
    }

    /// Tells everybody that the host stops, and ends every connection and task.
    pub async fn shutdown(mut self) {
        self.switchboard.input(Input::Stop);
        self.stopping.send_replace(true);
        self.neighbours.shutdown().await;
        if tokio::time::timeout(STOP_TIMEOUT, self.gate.emptied()).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
        self.tasks.shutdown().await;
    }
}

async fn bind_loopback(wish: Port) -> Result<(TcpListener, SocketAddr), StartError> {
    let port = match wish {
        Port::Any => 0,
        Port::Preferably(port) | Port::Exactly(port) => port,
    };
    let failed = |source| StartError::Port { port, source };
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Err(error) if matches!(wish, Port::Preferably(_)) => {
            tracing::warn!(kind = ?error.kind(), "the port of the settings cannot be used; another one serves");
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?
        }
        bound => bound.map_err(failed)?,
    };
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// IPv6 and STUN are extras: pages find their way without them.
async fn serve_loopback(
    tasks: &mut JoinSet<()>,
    listener: TcpListener,
    address: SocketAddr,
    service: Service,
) {
    tasks.spawn(listener::serve(listener, service.clone()));
    if let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, address.port())).await {
        tasks.spawn(listener::serve(listener, service));
    }
    if let Ok(socket) = UdpSocket::bind(address).await {
        tasks.spawn(stun::serve(socket));
    }
}

fn shown_name(wished: Option<&str>) -> Result<DisplayName, StartError> {
    match wished {
        Some(name) => DisplayName::parse(name).map_err(StartError::Name),
        None => {
            let machine = host_name().unwrap_or_default();
            DisplayName::parse(&machine)
                .or_else(|_| DisplayName::parse(NAMELESS_HOST))
                .map_err(StartError::Name)
        }
    }
}

fn random_token() -> Result<AccessToken, SysError> {
    let mut bytes = [0; 16];
    SysRng.try_fill_bytes(&mut bytes)?;
    Ok(AccessToken::from_bytes(bytes))
}
