//! What tests and measurements share. Only ever a dev-dependency.

mod client;
pub mod impostor;
#[cfg(target_os = "linux")]
pub mod link;

pub use client::{Arrived, SimulatedClient, entrant};
