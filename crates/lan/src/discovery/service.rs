//! How a host is described to the network, and read from there.

use std::fmt;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};

use mdns_sd::{ResolvedService, ScopedIp, ServiceInfo};

use super::found::Heard;
use crate::DeviceId;

/// What machines that host a room announce.
pub(super) const SERVICE: &str = "_visavis._tcp.local.";

/// How many digits of the device ID tell instances apart. A label of DNS holds at most 63 characters, the ID has 64.
const INSTANCE_DIGITS: usize = 16;

/// The version of this description. Whether two apps can talk the handshake finds out.
const VERSION: &str = "1";

const VERSION_KEY: &str = "v";
const ID_KEY: &str = "id";
const NAME_KEY: &str = "name";

/// An entry of a TXT record has at most 255 bytes (RFC 6763, section 6.1), these for `name=`.
const MAX_NAME_BYTES: usize = 255 - NAME_KEY.len() - 1;

/// What the network is told of this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Who it is.
    pub device: DeviceId,
    /// The port on which it listens.
    pub port: u16,
    /// The addresses at which it listens. Each is told only on its own network.
    pub addresses: Vec<IpAddr>,
    /// The name that it is shown under, if the person chose to be shown.
    pub name: Option<String>,
}

impl fmt::Debug for Announcement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Announcement")
            .field("addresses", &self.addresses.len())
            .finish_non_exhaustive()
    }
}

impl Announcement {
    /// `None` if there is nothing to tell: no address.
    ///
    /// The host's name says how often it was told, since addresses that are told under the same name are mixed up
    /// with those before for a second or two: mDNS keeps the old for one, and tells the new only once in one.
    pub(super) fn service(&self, times_told: u32) -> Option<ServiceInfo> {
        if self.addresses.is_empty() {
            return None;
        }
        let instance = instance_of(&self.device);
        let id = self.device.hex();
        let mut properties = vec![(VERSION_KEY, VERSION), (ID_KEY, &id)];
        properties.extend(self.name.as_deref().map(|name| (NAME_KEY, that_fits(name))));
        // Not the machine's own name: it often holds that of its owner.
        let host = format!("visavis-{instance}-{times_told}.local.");
        let mut service = ServiceInfo::new(
            SERVICE,
            &instance,
            &host,
            self.addresses.as_slice(),
            self.port,
            &properties[..],
        )
        .ok()?;
        // Part of a hash of a key is nobody else's. Whoever claims it all the same shall not make us take another name,
        // and without the question the answer comes 0.75 s sooner.
        service.set_requires_probe(false);
        Some(service)
    }
}

/// What a host with this ID is called in the network.
pub(super) fn instance_of(device: &DeviceId) -> String {
    device.hex().chars().take(INSTANCE_DIGITS).collect()
}

/// The name under which mDNS keeps the instance.
pub(super) fn full_name_of(device: &DeviceId) -> String {
    format!("{}.{SERVICE}", instance_of(device))
}

/// The instance in a name from the network.
pub(super) fn instance_in(full_name: &str) -> &str {
    full_name.strip_suffix(SERVICE).and_then(|name| name.strip_suffix('.')).unwrap_or(full_name)
}

pub(super) fn heard(service: &ResolvedService) -> Heard<'_> {
    let property = |key| service.get_property_val(key).flatten();
    Heard {
        instance: instance_in(service.get_fullname()),
        id: property(ID_KEY),
        name: property(NAME_KEY),
        addresses: service.get_addresses().iter().map(|ip| with_scope(ip, service.get_port())).collect(),
    }
}

/// An `fe80::` address means nothing without the interface on which it was heard.
pub(super) fn with_scope(ip: &ScopedIp, port: u16) -> SocketAddr {
    match ip {
        ScopedIp::V6(ip) if ip.addr().is_unicast_link_local() => {
            SocketAddrV6::new(*ip.addr(), port, 0, ip.scope_id().index).into()
        }
        _ => SocketAddr::new(ip.to_ip_addr(), port),
    }
}

/// As much of a name as an entry holds.
fn that_fits(name: &str) -> &str {
    let end = (0..=MAX_NAME_BYTES.min(name.len())).rev().find(|&end| name.is_char_boundary(end));
    name.get(..end.unwrap_or_default()).unwrap_or_default().trim_end()
}
