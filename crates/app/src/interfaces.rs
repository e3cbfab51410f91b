//! The machine's networks as a person chooses among them.

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
