//! Who is let in: the rules for `Host` and `Origin`, and the token.

use std::net::SocketAddr;

use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderName, StatusCode, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async_with_config};
use visavis_protocol::AccessToken;

use crate::wire::limits::READ_BYTES;

use super::{Interfaces, PeerConfig};

/// Origins of the bundled interface in the desktop window; Windows uses the second.
const WINDOW_ORIGINS: [&str; 2] = ["tauri://localhost", "http://tauri.localhost"];

/// What one listener answers to.
pub struct Door {
    host: String,
    origins: Vec<String>,
    token: AccessToken,
    /// Where connections can be made from.
    pub interfaces: Interfaces,
}

impl Door {
    /// For the listener with this address.
    pub fn new(address: SocketAddr, config: PeerConfig) -> Self {
        let mut origins = config.origins;
        origins.extend(WINDOW_ORIGINS.map(str::to_owned));
        Self { host: address.to_string(), origins, token: config.token, interfaces: config.interfaces }
    }

    /// Upgrades a connection to a WebSocket, if its headers are right.
    pub async fn open(&self, stream: TcpStream) -> Option<WebSocketStream<TcpStream>> {
        stream.set_nodelay(true).ok()?;
        let config =
            WebSocketConfig::default().max_message_size(Some(READ_BYTES)).max_frame_size(Some(READ_BYTES));
        // The type is the callback's, whose error holds a whole response.
        #[allow(clippy::result_large_err)]
        let judge = |request: &Request, response: Response| match self.admits(request) {
            true => Ok(response),
            false => {
                let mut refusal = ErrorResponse::default();
                *refusal.status_mut() = StatusCode::FORBIDDEN;
                Err(refusal)
            }
        };
        accept_hdr_async_with_config(stream, judge, Some(config)).await.ok()
    }

    fn admits(&self, request: &Request) -> bool {
        single(request, header::HOST).is_some_and(|host| host == self.host)
            && single(request, header::ORIGIN)
                .is_some_and(|origin| self.origins.iter().any(|known| known == origin))
    }

    /// Whether a page has the token.
    pub fn knows(&self, token: &AccessToken) -> bool {
        self.token.matches(token)
    }
}

/// A header that is there exactly once.
fn single(request: &Request, name: HeaderName) -> Option<&str> {
    let mut values = request.headers().get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then_some(value)?.to_str().ok()
}
