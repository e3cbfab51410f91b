//! The network around the hub: HTTP, HTTPS and WebSocket.
//!
//! A [`Server`] listens on loopback for this machine's own pages, and on the machine's networks while it
//! holds a room. Every connection becomes one WebSocket task (`socket`) that feeds the one
//! `Switchboard`, which drives the pure hub.

mod abroad;
mod admission;
mod alarm;
mod apps;
mod assets;
mod caller;
mod config;
mod door;
mod finder;
mod home;
mod lan_side;
mod links;
mod listener;
mod logging;
mod neighbours;
mod queue;
mod randomness;
mod relay;
mod routes;
mod search;
mod server;
mod socket;
mod switchboard;

pub use config::{NetworkConfig, Port, ServerConfig};
pub use lan_side::NetworkState;
pub use logging::{LOG_VARIABLE, LogControl, LogFilterError, LogOutput, start_logging};
pub use server::{HostError, HostedRoom, Server, StartError};
pub use visavis_hub::Counts;
pub use visavis_lan::{Interface, InterfaceKind, lan_interfaces};
