//! The machine's networks as a person chooses among them.

use std::net::IpAddr;

use visavis_server::{InterfaceKind, lan_interfaces};

use crate::desktop::NetworkInterface;

/// Each interface once, with all its addresses, best first.
pub(crate) fn list() -> Vec<NetworkInterface> {
    let mut listed: Vec<NetworkInterface> = Vec::new();
    for found in lan_interfaces() {
        let address = found.address.to_string();
        match listed.iter_mut().find(|known| known.name == found.name) {
            Some(known) => known.addresses.push(address),
            None => listed.push(NetworkInterface {
                name: found.name,
                addresses: vec![address],
                r#virtual: found.kind == InterfaceKind::Virtual,
            }),
        }
    }
    listed
}

/// The addresses that lead to people, best first: those of the wished interface; of all, if that has none.
pub(crate) fn addresses(wished: Option<&str>) -> Vec<IpAddr> {
    let found = lan_interfaces();
    let is_wished = |name: &str| wished.is_some_and(|wished| wished == name);
    let has_wished = found.iter().any(|interface| is_wished(&interface.name));
    found.into_iter().filter(|one| !has_wished || is_wished(&one.name)).map(|one| one.address).collect()
}
