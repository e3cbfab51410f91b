//! How machines on one network find and trust each other: identity, addresses, STUN, the room-ID
//! handshake.
//!
//! [`Identity`] is the installation's key pair, [`Certificate`] what browsers on the network are shown,
//! [`lan_interfaces`] where this machine can be reached, and [`stun`] how a page learns its own address.
//! Between apps, a joiner [`dial`]s a host and [`asks`](HostLink::ask) for a room, and the host [`admit`]s it.

mod certificate;
mod channel;
mod device_id;
mod dial;
mod error;
mod handshake;
mod identity;
mod interfaces;
mod names;
pub mod stun;

pub use certificate::Certificate;
pub use channel::{ALPN_VISAVIS, exporter};
pub use device_id::DeviceId;
pub use dial::{DialError, HostLink, dial};
pub use error::IdentityError;
pub use handshake::{Admitted, Asked, HostFailure, JoinError, Refusal, Rooms, Ticket, admit};
pub use identity::Identity;
pub use interfaces::{Interface, InterfaceKind, host_name, lan_interfaces, rank};
