use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The domain of names that are resolved on the local network only (RFC 6762, section 3).
const LOCAL_DOMAIN: &str = ".local";

/// Longest name in bytes (RFC 1035, section 2.3.4), and longest label.
const NAME_BYTES: usize = 253;
const LABEL_BYTES: usize = 63;

/// Where a host is said to be: `192.0.2.7:7443`, `[2001:db8::7]:7443` or `ada.local:7443`. Names of the internet's DNS
/// are none: looking one up would tell others. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostAddress {
    /// An IP address and a port.
    Socket(SocketAddr),
    /// A name that mDNS resolves.
    Local {
        /// In lower case, with its domain: `ada.local`.
        name: String,
        /// The TCP port.
        port: u16,
    },
}

impl FromStr for HostAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FLAW: &str = "`at` is ADDRESS:PORT or NAME.local:PORT";
        if let Ok(address) = text.parse::<SocketAddr>() {
            return if address.port() == 0 { Err(FLAW) } else { Ok(Self::Socket(address)) };
        }
        let (name, port) = text.rsplit_once(':').ok_or(FLAW)?;
        let port = port.parse().ok().filter(|port| *port != 0).ok_or(FLAW)?;
        let name = name.to_ascii_lowercase();
        if is_local_name(&name) { Ok(Self::Local { name, port }) } else { Err(FLAW) }
    }
}

fn is_local_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_BYTES).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.len() <= NAME_BYTES
        && name.strip_suffix(LOCAL_DOMAIN).is_some_and(|labels| labels.split('.').all(is_label))
}

impl fmt::Display for HostAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(address) => write!(f, "{address}"),
            Self::Local { name, port } => write!(f, "{name}:{port}"),
        }
    }
}

impl fmt::Debug for HostAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostAddress(…)")
    }
}

impl Serialize for HostAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HostAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_local_names_are_read_and_written() {
        for text in
            ["192.0.2.7:7443", "[2001:db8::7]:1", "[fe80::1%3]:7443", "ada.local:65535", "a.b-c.local:9"]
        {
            assert_eq!(text.parse::<HostAddress>().map(|at| at.to_string()).as_deref(), Ok(text));
        }
        assert_eq!("Ada.LOCAL:7".parse::<HostAddress>().unwrap().to_string(), "ada.local:7");
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            ":",
            "192.0.2.7",
            "192.0.2.7:0",
            "192.0.2.7:65536",
            "2001:db8::7:1",
            "example.com:443",
            "local:443",
            ".local:443",
            "a..local:1",
            "a_b.local:1",
            "ada.local",
            "ada.local:",
            "ada.local:x",
            "a b.local:1",
        ] {
            assert!(text.parse::<HostAddress>().is_err(), "{text}");
        }
        assert!(format!("{}.local:1", "a".repeat(64)).parse::<HostAddress>().is_err());
    }
}
