//! What tests and measurements share. Only ever a dev-dependency.

mod client;
#[cfg(target_os = "linux")]
pub mod link;

pub use client::{Arrived, SimulatedClient, entrant};
