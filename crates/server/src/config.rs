use std::path::PathBuf;

use visavis_protocol::limits::DEFAULT_CAPACITY;

/// What a server is started with.
#[derive(Clone)]
pub struct ServerConfig {
    /// Where the identity is kept.
    pub data_dir: PathBuf,
    /// TCP and UDP port, on loopback and on the network; 0: any that is free.
    pub port: u16,
    /// The host's name as others see it; the machine's own where absent.
    pub host_name: Option<String>,
    /// Seats of a room for which nobody chose a number.
    pub default_capacity: u32,
}

impl ServerConfig {
    /// Any port, the machine's own name, [`DEFAULT_CAPACITY`] seats.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), port: 0, host_name: None, default_capacity: DEFAULT_CAPACITY }
    }
}
