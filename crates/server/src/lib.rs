//! The network around the hub: HTTP, HTTPS and WebSocket.
//!
//! A [`Server`] listens on loopback for this machine's own pages, and on the machine's networks while it
//! holds a room. Every connection becomes one WebSocket task (`socket`) that feeds the one
//! `Switchboard`, which drives the pure hub.

mod admission;
mod assets;
mod config;
mod lan_side;
mod links;
mod listener;
mod logging;
mod queue;
mod routes;
mod server;
mod socket;
mod switchboard;

pub use config::ServerConfig;
pub use logging::{LOG_VARIABLE, LogFilterError, start_logging};
pub use server::{HostError, HostedRoom, Server, StartError};
