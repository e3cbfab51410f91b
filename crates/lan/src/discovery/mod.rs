//! Finding hosts on the network by mDNS, and being found.

mod found;
mod service;
mod session;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::time::Duration;

use mdns_sd::{HostnameResolutionEvent, ServiceDaemon};
use tokio::sync::watch;

pub use found::{FoundHost, MAX_ADDRESSES, MAX_FOUND_HOSTS};
pub use service::Announcement;

use crate::error::DiscoveryError;

/// How long a name is asked for: a host that is there answers within some ten milliseconds, and a lost packet is asked
/// for again after a second.
const RESOLVE_TIMEOUT: Duration = Duration::from_millis(1500);

/// What is to be done from now on.
#[derive(Default)]
struct Orders {
    announcement: Option<Announcement>,
    browse: bool,
    end: bool,
}

/// Tells the network of this machine, and listens for others. Both end with it, [`Self::shutdown`] or not.
pub struct Discovery {
    daemon: ServiceDaemon,
    orders: watch::Sender<Orders>,
    found: watch::Receiver<Vec<FoundHost>>,
}

impl Discovery {
    /// Nothing is told nor asked yet. Needs a tokio runtime with time.
    ///
    /// # Errors
    /// The system has no thread left, or no way to wait for packets.
    pub fn start() -> Result<Self, DiscoveryError> {
        let daemon = ServiceDaemon::new().map_err(|_| DiscoveryError::System)?;
        let (orders, orders_seen) = watch::channel(Orders::default());
        let (found_here, found) = watch::channel(Vec::new());
        tokio::spawn(session::run(daemon.clone(), orders_seen, found_here));
        Ok(Self { daemon, orders, found })
    }

    /// Tells the network of this host, in place of what was told before. Others hear of a change at once.
    pub fn announce(&self, announcement: Announcement) {
        self.orders.send_if_modified(|orders| {
            let is_new = orders.announcement.as_ref() != Some(&announcement);
            orders.announcement = Some(announcement);
            is_new
        });
    }

    /// Tells the network that this host is gone.
    pub fn withdraw(&self) {
        self.orders.send_if_modified(|orders| orders.announcement.take().is_some());
    }

    /// The hosts around, at most [`MAX_FOUND_HOSTS`] with [`MAX_ADDRESSES`] each, without this one. They are
    /// looked for from the first call on.
    pub fn found(&self) -> watch::Receiver<Vec<FoundHost>> {
        self.orders.send_if_modified(|orders| !std::mem::replace(&mut orders.browse, true));
        self.found.clone()
    }

    /// Where the machine with this name (`ada.local`) is; nowhere if nobody answers to it.
    pub async fn resolve(&self, name: &str, port: u16) -> Vec<SocketAddr> {
        let patience = RESOLVE_TIMEOUT.as_millis() as u64;
        let Ok(events) = self.daemon.resolve_hostname(&format!("{name}."), Some(patience)) else {
            return Vec::new();
        };
        while let Ok(event) = events.recv_async().await {
            match event {
                HostnameResolutionEvent::AddressesFound(_, addresses) => {
                    let known = addresses.iter().take(MAX_ADDRESSES);
                    return known.map(|address| service::with_scope(address, port)).collect();
                }
                HostnameResolutionEvent::SearchTimeout(_) | HostnameResolutionEvent::SearchStopped(_) => {
                    break;
                }
                _ => {}
            }
        }
        Vec::new()
    }

    /// Says goodbye to the network, and waits until that is said.
    pub async fn shutdown(&self) {
        self.orders.send_modify(|orders| orders.end = true);
        self.orders.closed().await;
    }
}
