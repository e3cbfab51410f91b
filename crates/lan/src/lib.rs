//! How machines on one network find and trust each other: identity, addresses, STUN.
//!
//! [`Identity`] is the installation's key pair, [`Certificate`] what browsers on the network are shown,
//! [`lan_interfaces`] where this machine can be reached, and [`stun`] how a page learns its own address.

mod certificate;
mod error;
mod identity;
mod interfaces;
mod names;
pub mod stun;

pub use certificate::Certificate;
pub use error::IdentityError;
pub use identity::Identity;
pub use interfaces::{Interface, InterfaceKind, host_name, lan_interfaces, rank};
