use std::net::IpAddr;

use if_addrs::IfAddr;

/// The networks that this machine is on. What is said there goes through no router.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnNetworks {
    /// An address and the mask of its network, as bits.
    networks: Vec<(IpAddr, u128)>,
}

impl OwnNetworks {
    /// Those of this moment, loopback included; none where the system does not tell.
    pub fn now() -> Self {
        let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
        Self::of(interfaces.into_iter().map(|interface| match interface.addr {
            IfAddr::V4(here) => (here.ip.into(), here.netmask.into()),
            IfAddr::V6(here) => (here.ip.into(), here.netmask.into()),
        }))
    }

    fn of(networks: impl IntoIterator<Item = (IpAddr, IpAddr)>) -> Self {
        Self { networks: networks.into_iter().map(|(here, mask)| (here, bits(mask))).collect() }
    }

    /// Whether this address is on one of them.
    pub fn hold(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|(here, mask)| {
            here.is_ipv4() == address.is_ipv4() && bits(*here) & mask == bits(address) & mask
        })
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_behind_a_router_is_told_apart() {
        let networks = OwnNetworks::of(
            [
                ("192.0.2.7", "255.255.255.0"),
                ("2001:db8::7", "ffff:ffff:ffff:ffff::"),
                ("127.0.0.1", "255.0.0.0"),
            ]
            .map(|(here, mask)| (here.parse().unwrap(), mask.parse().unwrap())),
        );
        for (address, held) in [
            ("192.0.2.200", true),
            ("::ffff:192.0.2.200", true),
            ("192.0.3.7", false),
            ("2001:db8::1:2", true),
            ("2001:db8:0:1::7", false),
            ("127.0.0.2", true),
            ("8.8.8.8", false),
            ("10.9.8.7", false),
            ("172.20.0.1", false),
            ("fd00::1", false),
            ("fe80::1", false),
            ("::", false),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(networks.hold(address), held, "{address}");
        }
    }
}
