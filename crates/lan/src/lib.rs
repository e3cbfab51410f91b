//! How machines on one network find and trust each other: identity, addresses, STUN, the room-ID
//! handshake.
//!
//! [`Identity`] is the installation's key pair, [`Certificate`] what browsers on the network are shown,
//! [`lan_interfaces`] where this machine can be reached, and [`stun`] how a page learns its own address.
//! Between apps, a joiner [`dial`]s a host and [`asks`](HostLink::ask) for a room, and the host [`admit`]s it.
//! [`Discovery`] finds the hosts around by mDNS, and [`KnownHosts`] are those met before.

mod certificate;
mod channel;
mod device_id;
mod dial;
mod discovery;
mod error;
mod handshake;
mod identity;
mod interfaces;
mod known_hosts;
mod names;
mod own_networks;
pub mod stun;

pub use certificate::Certificate;
pub use channel::{ALPN_VISAVIS, exporter};
pub use device_id::DeviceId;
pub use dial::{DialError, HostLink, dial};
pub use discovery::{Announcement, Discovery, FoundHost, MAX_ADDRESSES, MAX_FOUND_HOSTS};
pub use error::{DiscoveryError, IdentityError};
pub use handshake::{Admitted, Asked, HostFailure, JoinError, Refusal, Rooms, Ticket, admit};
pub use identity::Identity;
pub use interfaces::{Interface, InterfaceKind, host_name, lan_interfaces, rank};
pub use known_hosts::{KnownHost, KnownHosts, MAX_KNOWN_ADDRESSES, MAX_KNOWN_HOSTS};
pub use own_networks::OwnNetworks;
