use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use visavis_lan::{Announcement, Discovery, FoundHost, OwnNetworks};

/// Other hosts on the network, by mDNS: begins at the first need, and again if it could not.
pub(crate) struct Neighbours {
    is_wished: bool,
    discovery: Mutex<Option<Arc<Discovery>>>,
}

impl Neighbours {
    /// Nothing is sent yet; never, unless it is wished.
    pub(crate) fn new(is_wished: bool) -> Arc<Self> {
        Arc::new(Self { is_wished, discovery: Mutex::default() })
    }

    /// Tells the network where this host is, from now on.
    pub(crate) fn announce(&self, announcement: Announcement) {
        self.with(|discovery| discovery.announce(announcement));
    }

    /// Tells the network that this host is gone.
    pub(crate) fn withdraw(&self) {
        if let Some(discovery) = &*self.lock() {
            discovery.withdraw();
        }
    }

    /// Who is there, now and whenever that changes. `None` where there is no multicast at all.
    pub(crate) fn found(&self) -> Option<watch::Receiver<Vec<FoundHost>>> {
        self.with(|discovery| discovery.found())
    }

    /// Where the machine with this name is.
    pub(crate) async fn resolve(&self, name: &str, port: u16) -> Vec<SocketAddr> {
        let discovery = self.with(Arc::clone);
        let Some(discovery) = discovery else { return Vec::new() };
        let networks = OwnNetworks::now();
        // Whoever answers must not make us knock elsewhere.
        let addresses = discovery.resolve(name, port).await.into_iter();
        addresses.filter(|address| networks.hold(address.ip())).collect()
    }

    /// Says goodbye.
    pub(crate) async fn shutdown(&self) {
        let discovery = self.lock().take();
        if let Some(discovery) = discovery {
            discovery.shutdown().await;
        }
    }

    fn with<T>(&self, ask: impl FnOnce(&Arc<Discovery>) -> T) -> Option<T> {
        let mut slot = self.lock();
        if slot.is_none() && self.is_wished {
            match Discovery::start() {
                Ok(discovery) => *slot = Some(Arc::new(discovery)),
                Err(error) => tracing::warn!(%error, "this machine cannot look around on the network"),
            }
        }
        slot.as_ref().map(ask)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Discovery>>> {
        self.discovery.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until something has changed on the network; for ever where nothing can be found.
pub(crate) async fn news(found: &mut Option<watch::Receiver<Vec<FoundHost>>>) {
    match found {
        Some(receiver) => {
            if receiver.changed().await.is_err() {
                *found = None;
            }
        }
        None => std::future::pending().await,
    }
}
