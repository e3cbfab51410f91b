use std::fmt;
use std::net::Ipv6Addr;

use serde::{Deserialize, Serialize};
use visavis_protocol::DisplayName;

/// Most STUN and TURN servers. Browsers warn from the fifth on, for each makes every start of a call slower.
const ICE_SERVERS: usize = 8;

/// Most URLs of one server: UDP, TCP and TLS, and one to spare.
const ICE_URLS: usize = 4;

/// The longest URL, user name or password of a server, in bytes.
const ICE_TEXT_BYTES: usize = 512;

/// The longest ID of a device, or name of a network interface, in bytes. Browsers make IDs of 64.
const ID_BYTES: usize = 256;

/// The longest tag of a language, in bytes, as RFC 5646 (section 4.4.1) has it.
const LANGUAGE_BYTES: usize = 35;

/// Ports below are the system's own, and ordinary programs may not use them.
const LOWEST_PORT: u16 = 1024;

/// What the person set. Every value that is missing in a file is the default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The name that others see; empty: none.
    pub name: String,
    /// The colour behind it.
    pub colour: Colour,
    /// The device's ID as the webview knows it; absent: the system's choice.
    pub camera: Option<String>,
    /// As `camera`.
    pub microphone: Option<String>,
    /// As `camera`.
    pub speaker: Option<String>,
    /// Of the interface, as a BCP 47 tag, or `system`. Which there are is the interface's to know.
    pub language: String,
    /// Of the interface.
    pub theme: Theme,
    /// The name of the one network interface to use; absent: all that lead to people.
    pub network_interface: Option<String>,
    /// TCP and UDP port; 0: any that is free.
    pub port: u16,
    /// Guests reach this machine's lobby while no room is open.
    pub visible: bool,
    /// Closing the window keeps the app in the tray, where there is one.
    pub tray: bool,
    /// STUN and TURN servers besides the host itself.
    pub ice_servers: Vec<ConfiguredIceServer>,
    /// What is logged.
    pub log_level: LogLevel,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            colour: Colour::default(),
            camera: None,
            microphone: None,
            speaker: None,
            language: String::from("system"),
            theme: Theme::default(),
            network_interface: None,
            port: 0,
            visible: false,
            tray: true,
            ice_servers: Vec::new(),
            log_level: LogLevel::default(),
        }
    }
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$variant_doc])* $variant),* }
    };
}

choice!(
    /// A colour that stands for a person.
    Colour {
        /// Chosen by the interface, another one for each participant.
        #[default]
        Automatic,
        /// As named.
        Red,
        /// As named.
        Orange,
        /// As named.
        Yellow,
        /// As named.
        Green,
        /// As named.
        Teal,
        /// As named.
        Blue,
        /// As named.
        Purple,
        /// As named.
        Pink,
    }
);

choice!(
    /// The interface's colours.
    Theme {
        /// As the system is set.
        #[default]
        System,
        /// Dark on light.
        Light,
        /// Light on dark.
        Dark,
    }
);

choice!(
    /// What the log holds: this and everything more serious.
    LogLevel {
        /// Faults.
        Error,
        /// What keeps something from working.
        #[default]
        Warn,
        /// What happens.
        Info,
        /// Why it happens.
        Debug,
        /// Every step.
        Trace,
    }
);

/// A STUN or TURN server (`RTCIceServer` in W3C webrtc-pc, section 4.2.4). `Debug` hides it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ConfiguredIceServer {
    /// `stun:` and `turn:` URLs (RFC 7064, RFC 7065).
    pub urls: Vec<String>,
    /// For TURN.
    #[serde(default)]
    pub username: Option<String>,
    /// For TURN.
    #[serde(default)]
    pub credential: Option<String>,
}

impl fmt::Debug for ConfiguredIceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConfiguredIceServer(…)")
    }
}

/// A value that cannot be used. It is not repeated here: it may be private.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct InvalidSetting {
    /// Which, as the file names it.
    pub field: &'static str,
    /// What is wrong.
    pub sentence: &'static str,
}

impl Settings {
    /// Checks what the types do not say.
    ///
    /// # Errors
    /// The first value that cannot be used.
    pub fn check(&self) -> Result<(), InvalidSetting> {
        let wrong = |field, sentence| Err(InvalidSetting { field, sentence });
        if !self.name.is_empty() && DisplayName::parse(&self.name).is_err() {
            return wrong("name", "A name has 1 to 64 characters that can be seen.");
        }
        if !is_language_tag(&self.language) {
            return wrong("language", "A language is a BCP 47 tag, or what the system has.");
        }
        for (field, id) in
            [("camera", &self.camera), ("microphone", &self.microphone), ("speaker", &self.speaker)]
        {
            if id.as_deref().is_some_and(|id| !is_text(id, ID_BYTES)) {
                return wrong(field, "This is not the ID of a device.");
            }
        }
        if self.network_interface.as_deref().is_some_and(|name| !is_text(name, ID_BYTES)) {
            return wrong("networkInterface", "This is not the name of a network interface.");
        }
        if self.port != 0 && self.port < LOWEST_PORT {
            return wrong("port", "A port is a number from 1024 to 65535, or 0 for any that is free.");
        }
        if self.ice_servers.len() > ICE_SERVERS {
            return wrong("iceServers", "At most 8 STUN and TURN servers can be used.");
        }
        if let Some(sentence) = self.ice_servers.iter().find_map(|server| server.flaw()) {
            return wrong("iceServers", sentence);
        }
        Ok(())
    }
}

impl ConfiguredIceServer {
    fn flaw(&self) -> Option<&'static str> {
        let texts = [&self.username, &self.credential].into_iter().flatten().chain(&self.urls);
        if texts.into_iter().any(|text| !is_text(text, ICE_TEXT_BYTES)) {
            return Some("A server's address, user name and password have 1 to 512 bytes each.");
        }
        if self.urls.is_empty() || self.urls.len() > ICE_URLS {
            return Some("A STUN or TURN server has 1 to 4 addresses.");
        }
        if !self.urls.iter().all(|url| is_ice_url(url)) {
            return Some("An address looks like stun:192.0.2.7:3478 or turn:192.0.2.7:3478?transport=udp.");
        }
        let relays = self.urls.iter().any(|url| is_relay(url));
        let has_account = self.username.is_some() && self.credential.is_some();
        (relays && !has_account).then_some("A TURN server needs a user name and a password.")
    }
}

fn is_text(text: &str, bytes: usize) -> bool {
    (1..=bytes).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// By its letters only.
fn is_language_tag(text: &str) -> bool {
    (1..=LANGUAGE_BYTES).contains(&text.len())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
}

fn is_relay(url: &str) -> bool {
    url.starts_with("turn:") || url.starts_with("turns:")
}

/// `scheme:host[:port][?transport=udp|tcp]`, the transport for TURN only (RFC 7064, RFC 7065). Stricter than the
/// RFCs where browsers are: one of them would make no connection with a URL that it refuses.
fn is_ice_url(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    let (address, transport) = match rest.split_once('?') {
        Some((address, query)) => (address, Some(query)),
        None => (rest, None),
    };
    let transport_fits = match (scheme, transport) {
        ("stun" | "stuns" | "turn" | "turns", None) => true,
        ("turn" | "turns", Some(transport)) => {
            matches!(transport, "transport=udp" | "transport=tcp")
        }
        _ => false,
    };
    transport_fits && is_host_and_port(address)
}

/// A name of letters, digits, dots and hyphens, an IPv4 address, or an IPv6 address in brackets; a port may follow.
fn is_host_and_port(address: &str) -> bool {
    let (is_host, port) = match address.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((host, port)) => (host.parse::<Ipv6Addr>().is_ok(), port),
            None => return false,
        },
        None => {
            let end = address.find(':').unwrap_or(address.len());
            let (host, port) = address.split_at(end);
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
            (!host.is_empty() && host.bytes().all(is_plain), port)
        }
    };
    let is_port = |port: &str| {
        port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse() != Ok(0_u16)
            && port.parse::<u16>().is_ok()
    };
    is_host && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}
