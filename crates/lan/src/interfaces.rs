use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use crate::names::dns_label;

/// How the names of interfaces begin that lead to other programs or far networks rather than to the people around,
/// in lower case. The names of Linux were tried; those of macOS and Windows are from their documentation.
const VIRTUAL_PREFIXES: [&str; 44] = [
    // Containers and virtual machines
    "br-",
    "cali",
    "cni",
    "docker",
    "flannel",
    "hyper-v",
    "incus",
    "kube",
    "lxc",
    "lxd",
    "podman",
    "vbox",
    "veth",
    "virbr",
    "virtualbox",
    "vmnet",
    "vmware",
    "vnet",
    "vxlan",
    "waydroid",
    // Tunnels and VPNs ("vethernet" of Windows is a veth above)
    "gif",
    "gre",
    "hamachi",
    "ip6tnl",
    "ipsec",
    "isatap",
    "nordlynx",
    "ppp",
    "sit",
    "stf",
    "tailscale",
    "tap",
    "teredo",
    "tun",
    "utun",
    "wg",
    "wireguard",
    "zerotier",
    "zt",
    // Links between devices (macOS: AirDrop, internet sharing; Windows: Wi-Fi Direct, Bluetooth)
    "awdl",
    "bluetooth",
    "bridge1",
    "llw",
    "local area connection*",
];

/// What these names hold anywhere names a virtual interface too, in lower case.
const VIRTUAL_PARTS: [&str; 3] = ["loopback", "virtual", "vpn"];

/// An address of this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Interface {
    /// What the system calls the interface: `eth0`, `Wi-Fi`.
    pub name: String,
    /// One of its addresses. An interface with several is listed once for each.
    pub address: IpAddr,
    /// Whether the people around are likely on it.
    pub kind: InterfaceKind,
}

impl fmt::Debug for Interface {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Interface").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What an interface leads to, judged by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InterfaceKind {
    /// A cable or Wi-Fi, or a name that is not known.
    Physical,
    /// Containers, virtual machines, VPNs.
    Virtual,
}

/// The addresses that this machine can be reached at on its networks, best first; see [`rank`].
///
/// Empty when there is no network, or when the system does not tell. On Linux interfaces that are down or have
/// lost their carrier are left out; elsewhere the system decides which addresses it lists.
pub fn lan_interfaces() -> Vec<Interface> {
    let listed = local_ip_address::list_afinet_netifas().unwrap_or_else(|_| {
        tracing::debug!("the system does not list its network interfaces");
        Vec::new()
    });
    rank(listed.into_iter().filter(|(name, _)| !is_down(name)).collect())
}

/// Orders interfaces: physical before virtual, then IPv4 before IPv6, else as they came.
///
/// Leaves out what a link cannot hold or nobody else can reach: loopback, link-local (169.254.0.0/16, fe80::/10:
/// these mean nothing without an interface), unspecified, multicast and broadcast addresses. An address that
/// comes twice is kept once, in its best place.
pub fn rank(candidates: Vec<(String, IpAddr)>) -> Vec<Interface> {
    let mut interfaces: Vec<_> = candidates
        .into_iter()
        .map(|(name, address)| Interface { kind: kind_of(&name), name, address: address.to_canonical() })
        .filter(|interface| is_reachable(interface.address))
        .collect();
    interfaces.sort_by_key(|interface| (interface.kind, interface.address.is_ipv6()));
    let mut seen = BTreeSet::new();
    interfaces.retain(|interface| seen.insert(interface.address));
    interfaces
}

/// This machine's name as the label of `<name>.local`, in lower case; `None` if it has none that mDNS could carry.
pub fn host_name() -> Option<String> {
    let name = gethostname::gethostname().into_string().ok()?;
    let label = dns_label(name.split('.').next()?)?;
    // `localhost` is every machine's name for itself (RFC 6761, section 6.3).
    (label != "localhost").then_some(label)
}

fn kind_of(name: &str) -> InterfaceKind {
    let name = name.to_lowercase();
    let is_virtual = VIRTUAL_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || VIRTUAL_PARTS.iter().any(|part| name.contains(part));
    if is_virtual { InterfaceKind::Virtual } else { InterfaceKind::Physical }
}

fn is_reachable(address: IpAddr) -> bool {
    let link_local = match address {
        IpAddr::V4(address) => address.is_link_local() || address.is_broadcast(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    };
    !(link_local || address.is_loopback() || address.is_unspecified() || address.is_multicast())
}

/// Linux lists the addresses of interfaces that are down, and lets one bind them.
///
/// What the kernel does not say is taken as up: `unknown` is the state of tunnels (RFC 2863, ifOperStatus).
fn is_down(name: &str) -> bool {
    if !cfg!(target_os = "linux") {
        return false;
    }
    // `eth0:1` is a label for a second address of `eth0`.
    let device = name.split(':').next().unwrap_or(name);
    let state = std::fs::read_to_string(format!("/sys/class/net/{device}/operstate")).unwrap_or_default();
    matches!(state.trim(), "down" | "lowerlayerdown" | "notpresent")
}
