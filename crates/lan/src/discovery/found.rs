//! What was heard from the network becomes a list of hosts: the pure part.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use visavis_protocol::DisplayName;

use super::service::instance_of;
use crate::DeviceId;

/// As many hosts are listed. More is either a very large network, or one liar with many names.
pub const MAX_FOUND_HOSTS: usize = 64;

/// As many addresses of one host are listed: several networks, each with IPv4 and a few IPv6.
pub const MAX_ADDRESSES: usize = 16;

/// A machine that says it hosts a room. Whether it is who it says only the handshake shows.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundHost {
    /// Who it says it is.
    pub device: DeviceId,
    /// Where it says it listens, the likeliest first; link-local IPv6 with the interface it was heard on.
    pub addresses: Vec<SocketAddr>,
    /// Where it was said to listen before, and no goodbye was said: who announces itself in its place does not make it
    /// be forgotten.
    pub earlier: Vec<SocketAddr>,
    /// The name that it chose to show.
    pub name: Option<String>,
}

impl fmt::Debug for FoundHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FoundHost").field("addresses", &self.addresses.len()).finish_non_exhaustive()
    }
}

/// All that is known of one instance of the service at this moment, as it came from the network.
pub(super) struct Heard<'a> {
    pub(super) instance: &'a str,
    pub(super) id: Option<&'a [u8]>,
    pub(super) name: Option<&'a [u8]>,
    pub(super) addresses: Vec<SocketAddr>,
}

impl Heard<'_> {
    /// The host that this is about, if it is one that could be called.
    fn host(self) -> Option<FoundHost> {
        let device = DeviceId::parse(std::str::from_utf8(self.id?).ok()?)?;
        // One host, one instance: a device that appears under many names would fill the list.
        if self.instance != instance_of(&device) {
            return None;
        }
        let addresses = best_addresses(self.addresses);
        let name = self.name.and_then(|name| DisplayName::parse(std::str::from_utf8(name).ok()?).ok());
        let name = name.map(|name| name.as_str().to_owned());
        (!addresses.is_empty()).then_some(FoundHost { device, addresses, earlier: Vec::new(), name })
    }
}

/// The hosts around, by instance.
#[derive(Default)]
pub(super) struct FoundHosts {
    hosts: BTreeMap<String, FoundHost>,
}

impl FoundHosts {
    /// Takes what is now known of an instance in place of what was known before.
    pub(super) fn hear(&mut self, heard: Heard<'_>) {
        let instance = heard.instance.to_owned();
        let Some(mut host) = heard.host() else {
            return self.lose(&instance);
        };
        if let Some(known) = self.hosts.get(&instance) {
            let told = known.earlier.iter().chain(&known.addresses).copied();
            host.earlier =
                told.filter(|address| !host.addresses.contains(address)).take(MAX_ADDRESSES).collect();
        }
        // Those who were here first stay: a crowd of new names cannot push them out.
        if self.hosts.len() < MAX_FOUND_HOSTS || self.hosts.contains_key(&instance) {
            self.hosts.insert(instance, host);
        }
    }

    /// An instance is no longer there.
    pub(super) fn lose(&mut self, instance: &str) {
        self.hosts.remove(instance);
    }

    /// All but this machine itself.
    pub(super) fn others(&self, own: Option<DeviceId>) -> Vec<FoundHost> {
        self.hosts.values().filter(|host| Some(host.device) != own).cloned().collect()
    }
}

/// Those that a host on this network can have, in the order in which they are worth trying.
fn best_addresses(heard: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let ordered: BTreeSet<_> = heard
        .into_iter()
        .filter(could_be_a_host)
        .map(|address| (is_link_local(address.ip()), address.is_ipv6(), address))
        .collect();
    ordered.into_iter().map(|(_, _, address)| address).take(MAX_ADDRESSES).collect()
}

/// Not this machine, not many machines, and link-local IPv6 only with its interface.
fn could_be_a_host(address: &SocketAddr) -> bool {
    let ip = address.ip().to_canonical();
    let reachable = match (ip, address) {
        (IpAddr::V4(ip), _) => !ip.is_broadcast(),
        (IpAddr::V6(_), SocketAddr::V6(scoped)) => !is_link_local(ip) || scoped.scope_id() != 0,
        (IpAddr::V6(_), SocketAddr::V4(_)) => false,
    };
    reachable && address.port() != 0 && !(ip.is_loopback() || ip.is_unspecified() || ip.is_multicast())
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}
