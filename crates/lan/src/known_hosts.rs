use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use visavis_storage::{self as storage, Writer};

use crate::DeviceId;

const FILE: &str = "known-hosts.json";
const BAD_FILE: &str = "known-hosts.json.bad";

/// As many hosts are remembered; the one met longest ago makes room. Each is one more to ask for a typed ID.
pub const MAX_KNOWN_HOSTS: usize = 64;

/// As many addresses of one host are remembered: those it has on two networks, and had before.
pub const MAX_KNOWN_ADDRESSES: usize = 8;

/// A host whose room this machine was in.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownHost {
    /// Who it is: it has proved that.
    pub device: DeviceId,
    /// Where it was reached, the last first.
    pub addresses: Vec<SocketAddr>,
}

impl fmt::Debug for KnownHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KnownHost").field("addresses", &self.addresses.len()).finish_non_exhaustive()
    }
}

/// The hosts met before, in a file of the data folder: they are tried where mDNS finds nothing.
///
/// Its methods read and write the file. What cannot be read or written costs only that a host is not remembered.
pub struct KnownHosts {
    data_dir: PathBuf,
}

/// The file's content.
#[derive(Default, Deserialize, Serialize)]
struct Stored {
    hosts: Vec<StoredHost>,
}

#[derive(Deserialize, Serialize)]
struct StoredHost {
    device: String,
    addresses: Vec<SocketAddr>,
    /// When it was last met, in seconds since 1970.
    met: u64,
}

impl KnownHosts {
    /// The hosts that are remembered in this folder. A file that holds no such list is kept as
    /// `known-hosts.json.bad` (in place of an earlier one), and the list is empty.
    pub fn open(data_dir: &Path) -> Self {
        let known = Self { data_dir: data_dir.to_owned() };
        if let Err(error) = known.set_bad_file_aside() {
            tracing::warn!(reason = %error.kind(), "the list of known hosts cannot be used");
        }
        known
    }

    /// All of them, the last met first.
    pub fn list(&self) -> Vec<KnownHost> {
        let stored = self.read().ok().flatten().unwrap_or_default();
        stored.hosts.into_iter().filter_map(StoredHost::known).collect()
    }

    /// This host was reached now, at these addresses. They come first, before those that are known already.
    pub fn remember(&self, device: DeviceId, addresses: &[SocketAddr], now: SystemTime) {
        if let Err(error) = self.write(device, addresses, now) {
            tracing::warn!(reason = %error.kind(), "a host cannot be remembered");
        }
    }

    fn write(&self, device: DeviceId, addresses: &[SocketAddr], now: SystemTime) -> io::Result<()> {
        // Of two processes each adds to what the other has written.
        let writer = Writer::lock(&self.data_dir)?;
        let mut hosts = self.read()?.unwrap_or_default().hosts;
        let met = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let known = hosts.iter().position(|host| host.device == device.hex()).map(|at| hosts.remove(at));
        let earlier = known.map(|host| host.addresses).unwrap_or_default();
        for host in &mut hosts {
            // A clock that was ahead must not keep a host in front for ever.
            host.met = host.met.min(met);
        }
        hosts.insert(0, StoredHost { device: device.hex(), addresses: merge(addresses, &earlier), met });
        hosts.sort_by_key(|host| std::cmp::Reverse(host.met));
        hosts.truncate(MAX_KNOWN_HOSTS);
        let content = serde_json::to_vec(&Stored { hosts })?;
        writer.write(FILE, &content)
    }

    /// `None` if there is no list that could be read.
    fn read(&self) -> io::Result<Option<Stored>> {
        let content = storage::read(&self.data_dir, FILE)?;
        Ok(content.and_then(|content| serde_json::from_slice(&content).ok()))
    }

    fn set_bad_file_aside(&self) -> io::Result<()> {
        let is_bad =
            || Ok::<_, io::Error>(storage::read(&self.data_dir, FILE)?.is_some() && self.read()?.is_none());
        if !is_bad()? {
            return Ok(());
        }
        let writer = Writer::lock(&self.data_dir)?;
        // Another process may have written a good one since.
        if is_bad()? {
            writer.rename(FILE, BAD_FILE)?;
            tracing::warn!("the list of known hosts cannot be read: it is kept as {BAD_FILE}");
        }
        Ok(())
    }
}

impl StoredHost {
    fn known(self) -> Option<KnownHost> {
        Some(KnownHost { device: DeviceId::parse(&self.device)?, addresses: merge(&self.addresses, &[]) })
    }
}

/// Each once, at most [`MAX_KNOWN_ADDRESSES`]. The number of an interface may mean another one after the next start,
/// so addresses that need it are left out.
fn merge(first: &[SocketAddr], then: &[SocketAddr]) -> Vec<SocketAddr> {
    let mut merged: Vec<SocketAddr> = Vec::new();
    for &address in first.iter().chain(then) {
        let scoped = matches!(address, SocketAddr::V6(address) if address.ip().is_unicast_link_local());
        if !scoped && !merged.contains(&address) && merged.len() < MAX_KNOWN_ADDRESSES {
            merged.push(address);
        }
    }
    merged
}
