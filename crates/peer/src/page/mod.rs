//! The driver: the loopback WebSocket that a page speaks to, and for each of its connections a task with
//! sockets and a clock. Thin: what happens is decided in [`crate::connection`].

mod clock;
mod command;
mod door;
mod outbox;
mod session;
mod sockets;
mod source;
mod stun;
mod task;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::{fmt, io};

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use visavis_protocol::AccessToken;

use crate::wire::limits::PAGES;

use door::Door;

/// Tells the addresses of this machine's interfaces, best first, at any time.
pub type Interfaces = Arc<dyn Fn() -> Vec<IpAddr> + Send + Sync>;

/// What a server is given.
#[derive(Clone)]
pub struct PeerConfig {
    /// Shows that a page belongs to the person at this machine.
    pub token: AccessToken,
    /// Origins whose pages may connect, besides the desktop window's own.
    pub origins: Vec<String>,
    /// Where connections can be made from.
    pub interfaces: Interfaces,
}

impl fmt::Debug for PeerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerConfig").field("origins", &self.origins).finish_non_exhaustive()
    }
}

/// Listens on this machine for its pages, until it is dropped.
#[derive(Debug)]
pub struct PeerServer {
    address: SocketAddr,
    token: AccessToken,
    running: watch::Sender<()>,
}

impl PeerServer {
    /// Starts to listen, on a port that is free.
    ///
    /// # Errors
    /// What the system says.
    pub async fn start(config: PeerConfig) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (running, ended) = watch::channel(());
        let token = config.token.clone();
        tokio::spawn(listen(listener, Arc::new(Door::new(address, config)), ended));
        Ok(Self { address, token, running })
    }

    /// Where a page connects to.
    pub fn url(&self) -> String {
        format!("ws://{}/", self.address)
    }

    /// What a page says first.
    pub fn token(&self) -> &AccessToken {
        &self.token
    }

    /// Ends all pages and their connections. Returns when the last has said goodbye.
    pub async fn shutdown(self) {
        let Self { running, .. } = self;
        running.send_replace(());
        running.closed().await;
    }
}

/// Takes pages in until the server is dropped or shut down. Who holds `ended` is not done yet.
async fn listen(listener: TcpListener, door: Arc<Door>, mut ended: watch::Receiver<()>) {
    let places = Arc::new(Semaphore::new(PAGES));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = ended.changed() => return,
        };
        // Without a place, or files to open, whoever knocks is turned away.
        let (Ok((stream, _)), Ok(place)) = (accepted, Arc::clone(&places).try_acquire_owned()) else {
            tokio::task::yield_now().await;
            continue;
        };
        let (door, ended) = (Arc::clone(&door), ended.clone());
        tokio::spawn(async move {
            session::run(stream, &door, ended).await;
            drop(place);
        });
    }
}
