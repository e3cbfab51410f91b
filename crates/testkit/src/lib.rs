//! What tests share. Only ever a dev-dependency.

mod client;

pub use client::{Arrived, SimulatedClient, entrant};
