//! Who may speak to a listener: the rules for `Host`, `Origin` and `Sec-Fetch-Site`.
//!
//! They keep web pages of other origins out (cross-site WebSockets, DNS rebinding), not programs: those are
//! kept out by tokens and room IDs.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, Method};

/// Origins of the bundled interface in the desktop window; Windows uses the second.
const WINDOW_ORIGINS: [&str; 2] = ["tauri://localhost", "http://tauri.localhost"];

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What one listener answers to.
#[derive(Clone, Default)]
pub(crate) struct Admission {
    hosts: BTreeSet<String>,
    origins: BTreeSet<String>,
    window_origins: &'static [&'static str],
}

/// Why a request is refused; said to the sender only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("This address is not one of this server's.")]
    Host,
    #[error("Pages from elsewhere may not connect here.")]
    Origin,
    #[error("Pages from elsewhere may not load this.")]
    Site,
}

impl Admission {
    /// For the listener of this machine's own pages.
    pub(crate) fn loopback(port: u16) -> Self {
        let names = ["127.0.0.1", "localhost", "[::1]"].map(|name| authority(name, port, 80));
        Self::new("http", names.into(), &WINDOW_ORIGINS)
    }

    /// For the listeners on the network: each address, and the names that the certificate carries.
    pub(crate) fn lan(addresses: &[SocketAddr], names: &[String]) -> Self {
        let mut hosts = BTreeSet::new();
        for address in addresses {
            let ip = address.to_string();
            let ip = ip.rsplit_once(':').map_or(ip.as_str(), |(ip, _)| ip);
            hosts.insert(authority(ip, address.port(), 443));
            hosts.extend(names.iter().map(|name| authority(name, address.port(), 443)));
        }
        Self::new("https", hosts, &[])
    }

    fn new(scheme: &str, hosts: BTreeSet<String>, window_origins: &'static [&'static str]) -> Self {
        let origins = hosts.iter().map(|host| format!("{scheme}://{host}")).collect();
        Self { hosts, origins, window_origins }
    }

    /// Judges an ordinary request: `Origin` may be absent (same-origin requests send none), not wrong.
    pub(crate) fn admit(&self, method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Refusal> {
        self.admit_host(headers)?;
        let safe = matches!(*method, Method::GET | Method::HEAD);
        match single(headers, &ORIGIN) {
            Header::Absent if safe => {}
            Header::One(origin) if self.origins.contains(origin) => {}
            Header::Absent | Header::One(_) | Header::Unclear => return Err(Refusal::Origin),
        }
        match single(headers, &SEC_FETCH_SITE) {
            Header::Absent | Header::One("same-origin" | "none") => Ok(()),
            // An invite that was clicked on another page.
            Header::One("cross-site" | "same-site") if safe && path == "/" && is_navigation(headers) => {
                Ok(())
            }
            Header::One(_) | Header::Unclear => Err(Refusal::Site),
        }
    }

    /// Judges a WebSocket upgrade: `Origin` has to be there and right.
    pub(crate) fn admit_socket(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        self.admit_host(headers)?;
        let Header::One(origin) = single(headers, &ORIGIN) else { return Err(Refusal::Origin) };
        if self.window_origins.contains(&origin) {
            // To the window's own scheme every server is another site.
            return Ok(());
        }
        if !self.origins.contains(origin) {
            return Err(Refusal::Origin);
        }
        match single(headers, &SEC_FETCH_SITE) {
            Header::Absent | Header::One("same-origin") => Ok(()),
            Header::One(_) | Header::Unclear => Err(Refusal::Site),
        }
    }

    fn admit_host(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match single(headers, &HOST) {
            Header::One(host) if self.hosts.contains(host) => Ok(()),
            Header::One(_) | Header::Absent | Header::Unclear => Err(Refusal::Host),
        }
    }
}

/// `name:port`, or the name alone where browsers leave the port out.
fn authority(name: &str, port: u16, default_port: u16) -> String {
    if port == default_port { name.to_owned() } else { format!("{name}:{port}") }
}

fn is_navigation(headers: &HeaderMap) -> bool {
    matches!(single(headers, &SEC_FETCH_MODE), Header::One("navigate"))
        && matches!(single(headers, &SEC_FETCH_DEST), Header::One("document"))
}

enum Header<'a> {
    Absent,
    One(&'a str),
    /// Sent twice, or not text.
    Unclear,
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Header<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Header::Absent,
        (Some(value), None) => value.to_str().map_or(Header::Unclear, Header::One),
        (Some(_), Some(_)) => Header::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        map
    }

    fn lan() -> Admission {
        let addresses = ["192.0.2.7:7443".parse().unwrap(), "[2001:db8::7]:7443".parse().unwrap()];
        Admission::lan(&addresses, &["ada.local".into()])
    }

    #[test]
    fn sockets_need_the_exact_host_and_origin() {
        for (admission, host, origin, admitted) in [
            (lan(), "192.0.2.7:7443", "https://192.0.2.7:7443", true),
            (lan(), "[2001:db8::7]:7443", "https://[2001:db8::7]:7443", true),
            (lan(), "ada.local:7443", "https://ada.local:7443", true),
            (lan(), "192.0.2.7:7443", "http://192.0.2.7:7443", false),
            (lan(), "192.0.2.7:7443", "https://192.0.2.7", false),
            (lan(), "192.0.2.7:7443", "https://192.0.2.7:7444", false),
            (lan(), "192.0.2.7:7443", "https://evil.example", false),
            (lan(), "192.0.2.7:7443", "https://192.0.2.7:7443.evil.example", false),
            (lan(), "192.0.2.7:7443", "null", false),
            (lan(), "192.0.2.7:7443", "tauri://localhost", false),
            (lan(), "evil.example:7443", "https://192.0.2.7:7443", false),
            (lan(), "192.0.2.7", "https://192.0.2.7:7443", false),
            (Admission::loopback(7443), "127.0.0.1:7443", "http://127.0.0.1:7443", true),
            (Admission::loopback(7443), "localhost:7443", "http://localhost:7443", true),
            (Admission::loopback(7443), "[::1]:7443", "http://[::1]:7443", true),
            (Admission::loopback(7443), "127.0.0.1:7443", "tauri://localhost", true),
            (Admission::loopback(7443), "127.0.0.1:7443", "http://tauri.localhost", true),
            (Admission::loopback(7443), "127.0.0.1:7443", "https://127.0.0.1:7443", false),
            (Admission::loopback(7443), "127.0.0.2:7443", "http://127.0.0.1:7443", false),
            (Admission::loopback(80), "localhost", "http://localhost", true),
        ] {
            let judged = admission.admit_socket(&headers(&[("host", host), ("origin", origin)])).is_ok();
            assert_eq!(judged, admitted, "{host} {origin}");
        }
    }

    #[test]
    fn absent_and_doubled_headers_are_refused() {
        let admission = Admission::loopback(80);
        let origin = ("origin", "http://localhost");
        let host = ("host", "localhost");
        assert_eq!(admission.admit_socket(&headers(&[host])), Err(Refusal::Origin));
        assert_eq!(admission.admit_socket(&headers(&[origin])), Err(Refusal::Host));
        assert_eq!(admission.admit_socket(&headers(&[host, origin, origin])), Err(Refusal::Origin));
        assert_eq!(admission.admit_socket(&headers(&[host, host, origin])), Err(Refusal::Host));
        assert_eq!(
            admission.admit_socket(&headers(&[host, origin, ("sec-fetch-site", "cross-site")])),
            Err(Refusal::Site)
        );
        assert_eq!(admission.admit(&Method::POST, "/", &headers(&[host])), Err(Refusal::Origin));
    }

    #[test]
    fn an_invite_may_be_clicked_anywhere_but_nothing_else_is_loaded_from_there() {
        let admission = lan();
        let from_elsewhere = |dest: &str, mode: &str| {
            headers(&[
                ("host", "192.0.2.7:7443"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", mode),
                ("sec-fetch-dest", dest),
            ])
        };
        assert_eq!(admission.admit(&Method::GET, "/", &from_elsewhere("document", "navigate")), Ok(()));
        for (path, dest, mode) in [
            ("/", "iframe", "navigate"),
            ("/", "empty", "cors"),
            ("/assets/index.js", "script", "no-cors"),
            ("/status", "document", "navigate"),
        ] {
            let judged = admission.admit(&Method::GET, path, &from_elsewhere(dest, mode));
            assert_eq!(judged, Err(Refusal::Site), "{path} {dest} {mode}");
        }
    }
}
