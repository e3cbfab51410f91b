//! The accept loop: every connection has a limit on its time and its number.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use visavis_hub::throttle::source_of;
use visavis_lan::ALPN_VISAVIS;

use crate::apps::Apps;

/// Time for a TLS handshake: a phone on bad Wi-Fi needs a second or two.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// Time for a request's headers to be complete, from the start of the connection or the end of the request
/// before. Longer keeps idle connections for reuse; half-open ones cost as long.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// Buffer for a request's head: browsers send below 2 KiB. The least that hyper takes is 8 KiB.
const HEAD_BYTES: usize = 8 * 1024;

/// Pause after a failed accept (out of file descriptors), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Connections from one address. A page needs two or three; a classroom behind one address more.
const CONNECTIONS_PER_ADDRESS: usize = 64;

/// Connections from the network altogether: half of the files that a system allows where it does not allow more (1,024),
/// so that strangers cannot use up those of this machine's own pages.
const LAN_CONNECTIONS: usize = 512;

/// Connections altogether, on all listeners of a server. More would cost memory and help nobody.
const CONNECTIONS: usize = 4096;

/// Files that are open besides: listeners, logs, what the window needs.
const OTHER_FILES: usize = 256;

/// Each connection is an open file, and systems allow fewer than [`CONNECTIONS`] until asked for more. Where that is
/// refused there are fewer connections, and those that come too many wait.
pub(crate) fn allow_connections() {
    if rlimit::increase_nofile_limit((CONNECTIONS + OTHER_FILES) as u64).is_err() {
        tracing::warn!("this system does not allow more open files");
    }
}

/// Counts connections: altogether, from the network, and by address. An IPv6 network of 64 bits counts as
/// one address: whoever has one has all of it.
pub(crate) struct Gate {
    by_address: Mutex<HashMap<IpAddr, usize>>,
    all: watch::Sender<usize>,
}

/// A counted connection; dropping it gives the place back.
pub(crate) struct Place {
    gate: Arc<Gate>,
    address: IpAddr,
}

impl Gate {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { by_address: Mutex::default(), all: watch::Sender::new(0) })
    }

    /// Waits until no connection is left.
    pub(crate) async fn emptied(&self) {
        // The sender lives as long as `self`.
        let _ = self.all.subscribe().wait_for(|all| *all == 0).await;
    }

    fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = if address.is_loopback() { address } else { source_of(address) };
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let from_network: usize =
            by_address.iter().filter(|(address, _)| !address.is_loopback()).map(|(_, count)| count).sum();
        let here = by_address.get(&address).copied().unwrap_or(0);
        let is_full = *self.all.borrow() >= CONNECTIONS
            || (!address.is_loopback()
                && (from_network >= LAN_CONNECTIONS || here >= CONNECTIONS_PER_ADDRESS));
        if is_full {
            return None;
        }
        by_address.insert(address, here + 1);
        self.all.send_modify(|all| *all += 1);
        Some(Place { gate: Arc::clone(self), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_address = self.gate.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        match by_address.get_mut(&self.address) {
            Some(count) if *count > 1 => *count -= 1,
            Some(_) | None => {
                by_address.remove(&self.address);
            }
        }
        self.gate.all.send_modify(|all| *all -= 1);
    }
}

/// Both ends of the TCP connection that a request came over.
#[derive(Clone, Copy)]
pub(crate) struct Arrival {
    pub(crate) local: SocketAddr,
    pub(crate) remote: SocketAddr,
}

/// What a listener serves its connections with.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) router: Router,
    pub(crate) gate: Arc<Gate>,
    /// For the network; plain HTTP without it.
    pub(crate) tls: Option<Tls>,
    /// Becomes true when the server stops: open connections then end in order.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// What a listener on the network has besides.
#[derive(Clone)]
pub(crate) struct Tls {
    /// The newest configuration.
    pub(crate) config: watch::Receiver<Arc<rustls::ServerConfig>>,
    /// Where other apps are let in.
    pub(crate) apps: Arc<Apps>,
}

/// Accepts until the task is aborted or the server stops.
pub(crate) async fn serve(listener: TcpListener, service: Service) {
    let mut stopping = service.stopping.clone();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stopping) => return,
        };
        match accepted {
            Ok((stream, remote)) => {
                if let Some(place) = service.gate.enter(remote.ip()) {
                    tokio::spawn(handle(stream, remote, service.clone(), place));
                }
            }
            Err(error) => {
                tracing::warn!(kind = ?error.kind(), "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn handle(stream: TcpStream, remote: SocketAddr, service: Service, place: Place) {
    // Signaling messages are small and wanted at once.
    let _ = stream.set_nodelay(true);
    let Ok(local) = stream.local_addr() else { return };
    let arrival = Arrival { local, remote };
    let Some(tls) = service.tls.clone() else {
        return serve_http(stream, arrival, service, place).await;
    };
    let config = Arc::clone(&tls.config.borrow());
    let handshake = TlsAcceptor::from(config).accept(stream);
    let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_TIMEOUT, handshake).await else { return };
    if stream.get_ref().1.alpn_protocol() == Some(ALPN_VISAVIS) {
        tls.apps.serve(stream, arrival).await;
        drop(place);
    } else {
        serve_http(stream, arrival, service, place).await;
    }
}

async fn serve_http<S>(stream: S, arrival: Arrival, service: Service, place: Place)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // An upgraded connection outlives its request and keeps the place.
    let place = Arc::new(place);
    let router = TowerToHyperService::new(service.router);
    let answer = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(arrival);
        request.extensions_mut().insert(Arc::clone(&place));
        router.call(request)
    });
    let mut stopping = service.stopping;
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), answer)
        .with_upgrades();
    tokio::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => Some(outcome),
        () = stopped(&mut stopping) => None,
    };
    let outcome = match outcome {
        Some(outcome) => outcome,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if outcome.is_err() {
        // A client that went away, or sent something that is not HTTP.
        tracing::debug!("a connection ended early");
    }
}

/// Waits until the server stops, or is gone.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(gate: &Arc<Gate>, address: &str) -> Vec<Place> {
        std::iter::from_fn(|| gate.enter(address.parse().unwrap())).take(CONNECTIONS).collect()
    }

    #[test]
    fn strangers_cannot_take_every_place() {
        let gate = Gate::new();
        let mut taken: Vec<_> = (1..=20).map(|n| places(&gate, &format!("192.0.2.{n}"))).collect();
        assert!(taken[..8].iter().all(|places| places.len() == CONNECTIONS_PER_ADDRESS));
        assert_eq!(taken.iter().map(Vec::len).sum::<usize>(), LAN_CONNECTIONS);
        assert_eq!(places(&gate, "127.0.0.1").len(), CONNECTIONS - LAN_CONNECTIONS);
        taken.clear();
        assert!(gate.enter("192.0.2.1".parse().unwrap()).is_some());
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let gate = Gate::new();
        let first = places(&gate, "2001:db8::1");
        assert_eq!(first.len(), CONNECTIONS_PER_ADDRESS);
        assert!(gate.enter("2001:db8::2".parse().unwrap()).is_none());
        assert!(gate.enter("2001:db8:0:1::2".parse().unwrap()).is_some());
    }
}
