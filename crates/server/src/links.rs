//! The URLs that lead to this server. Room IDs and secrets stand in the fragment, which is never sent.

use std::net::SocketAddr;

use visavis_protocol::{AccessToken, RoomId, SingleUseCode};

/// `https://ADDRESS:PORT`.
pub(crate) fn https_origin(address: SocketAddr) -> String {
    format!("https://{address}")
}

/// `http://ADDRESS:PORT`.
pub(crate) fn http_origin(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// This machine's own page, with this launch's token.
pub(crate) fn token_link(origin: &str, room: Option<RoomId>, token: &AccessToken) -> String {
    own_link(origin, room, "token", token.expose())
}

/// This machine's own page, with a code that works once.
pub(crate) fn code_link(origin: &str, room: Option<RoomId>, code: &SingleUseCode) -> String {
    own_link(origin, room, "code", code.expose())
}

fn own_link(origin: &str, room: Option<RoomId>, key: &str, secret: &str) -> String {
    let room = room.map(|room| format!("room={}&", room.digits())).unwrap_or_default();
    format!("{origin}/#{room}{key}={secret}")
}
