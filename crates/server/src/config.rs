use std::path::PathBuf;

use visavis_protocol::IceServer;
use visavis_protocol::limits::DEFAULT_CAPACITY;

/// What a server is started with.
#[derive(Clone)]
pub struct ServerConfig {
    /// Where the identity is kept.
    pub data_dir: PathBuf,
    /// The host's name as others see it; the machine's own where absent.
    pub host_name: Option<String>,
    /// Seats of a room for which nobody chose a number.
    pub default_capacity: u32,
    /// Whether hosts on the network are found and this one is announced, by mDNS. Without it they are found by address
    /// only.
    pub discovery: bool,
    /// How it is reached.
    pub network: NetworkConfig,
}

/// How a server is reached. It may change while the server runs: [`crate::Server::set_network`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NetworkConfig {
    /// TCP and UDP port, on loopback and on the network.
    pub port: Port,
    /// The name of the one interface to use on the network; all that lead to people where absent, or while it
    /// has no address.
    pub interface: Option<String>,
    /// Stay reachable on the network while there is no room: guests then see a lobby.
    pub visible: bool,
    /// STUN and TURN servers for every participant, besides this host itself.
    pub ice_servers: Vec<IceServer>,
}

/// Which port to listen on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Port {
    /// Any that is free.
    #[default]
    Any,
    /// This one while it is free, else any.
    Preferably(u16),
    /// This one, or none.
    Exactly(u16),
}

impl ServerConfig {
    /// Any port, the machine's own name, [`DEFAULT_CAPACITY`] seats, with mDNS.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            host_name: None,
            default_capacity: DEFAULT_CAPACITY,
            discovery: true,
            network: NetworkConfig::default(),
        }
    }
}
