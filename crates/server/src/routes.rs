//! What a listener answers to.

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;
use tokio_tungstenite::tungstenite::protocol::Role;
use tower_http::compression::CompressionLayer;
use visavis_protocol::IceServer;

use crate::admission::Admission;
use crate::caller::Caller;
use crate::home::Home;
use crate::listener::{Arrival, Place};
use crate::socket::Stream;
use crate::switchboard::Switchboard;
use crate::{assets, socket};

/// Which side of the server a connection came in on.
#[derive(Clone)]
pub(crate) enum Side {
    /// This machine's own pages, over HTTP. A room that they create is offered on the network.
    Loopback(Arc<Home>),
    /// Everybody else, over HTTPS.
    Lan,
}

/// What the handlers of one side share.
#[derive(Clone)]
pub(crate) struct Site {
    side: Side,
    switchboard: Arc<Switchboard>,
    admission: Arc<RwLock<Admission>>,
}

impl Site {
    /// A site that answers to nobody until [`Self::admit_only`] is called.
    pub(crate) fn new(side: Side, switchboard: Arc<Switchboard>) -> Self {
        Self { side, switchboard, admission: Arc::default() }
    }

    /// From now on exactly these may speak to it.
    pub(crate) fn admit_only(&self, admission: Admission) {
        *self.admission.write().unwrap_or_else(PoisonError::into_inner) = admission;
    }

    /// The routes of this side.
    pub(crate) fn router(&self) -> Router {
        let router = Router::new().route("/ws", any(open_socket));
        let router = match self.side {
            Side::Loopback(_) => router.route("/status", get(status)),
            Side::Lan => router,
        };
        router
            .fallback_service(get(interface).layer(CompressionLayer::new()))
            .layer(from_fn_with_state(self.clone(), guard))
            .with_state(self.clone())
    }

    fn admission(&self) -> Admission {
        self.admission.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    let admission = site.admission();
    let headers = request.headers();
    let judged = match request.uri().path() {
        "/ws" => admission.admit_socket(headers),
        path => admission.admit(request.method(), path, headers),
    };
    if let Err(refusal) = judged {
        return (StatusCode::FORBIDDEN, refusal.to_string()).into_response();
    }
    let host = headers.get(HOST).cloned();
    let mut response = next.run(request).await;
    secure(response.headers_mut(), &site.side, host.as_ref().and_then(|host| host.to_str().ok()));
    response
}

/// What a page of ours may load and do: nothing that does not come from this very server.
fn secure(headers: &mut HeaderMap, side: &Side, host: Option<&str>) {
    let scheme = match side {
        Side::Loopback(_) => "ws",
        Side::Lan => "wss",
    };
    // Safari does not take 'self' to cover WebSockets.
    let socket = host.map(|host| format!(" {scheme}://{host}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
         media-src 'self' blob: mediastream:; font-src 'self'; worker-src 'self' blob:; manifest-src 'self'; \
         connect-src 'self'{socket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

async fn interface(uri: Uri) -> Response {
    assets::serve(uri.path()).into_response()
}

async fn open_socket(
    State(site): State<Site>,
    Extension(arrival): Extension<Arrival>,
    Extension(place): Extension<Arc<Place>>,
    mut request: Request,
) -> Response {
    let agreed = create_response_with_body(&request, Body::empty);
    let Ok(response) = agreed else { return StatusCode::BAD_REQUEST.into_response() };
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let Ok(stream) = upgrade.await else { return };
        // A task of its own, and the socket boxed: else room for each step of the handshake is kept as long as the
        // connection.
        let socket = Box::new(socket::over(TokioIo::new(stream), Role::Server).await);
        tokio::spawn(converse(site, arrival, place, socket));
    });
    response
}

async fn converse<S: Stream>(
    site: Site,
    arrival: Arrival,
    place: Arc<Place>,
    mut socket: Box<WebSocketStream<S>>,
) {
    let caller = Caller { switchboard: site.switchboard, side: site.side, arrival, admitted: None };
    socket::run(&mut socket, &caller).await;
    drop(place);
}

/// This host's own STUN responder, at the address that a client used to reach it.
pub(crate) fn stun_server(address: SocketAddr) -> IceServer {
    IceServer { urls: vec![format!("stun:{address}")], username: None, credential: None }
}

async fn status(State(site): State<Site>) -> Json<Status> {
    let counts = site.switchboard.counts();
    Json(Status {
        rooms: counts.rooms,
        participants: counts.participants,
        observers: counts.observers,
        connections: counts.connections,
        messages: counts.messages,
        errors: counts.errors,
    })
}

/// Counts only: nothing here tells who or which.
#[derive(serde::Serialize)]
struct Status {
    rooms: usize,
    participants: usize,
    observers: usize,
    connections: usize,
    messages: u64,
    errors: u64,
}
