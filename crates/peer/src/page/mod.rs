//! The driver: the loopback WebSocket that a page speaks to, and for each of its connections a task with
//! sockets and a clock. Thin: what happens is decided in [`crate::connection`].

mod clock;
mod command;
mod door;
mod outbox;
mod replies;
mod session;
mod sockets;
mod source;
mod stun;
mod task;

use std::net::{self, IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::{fmt, io, thread};

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, oneshot, watch};
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

/// The name of the thread that does all of this.
const THREAD: &str = "visavis-peer";

/// Listens on this machine for its pages, until it is dropped.
///
/// It has a thread of its own. Sound and packets come hundreds of times a second and are small: to hand them from
/// thread to thread would cost more than what is done with them.
#[derive(Debug)]
pub struct PeerServer {
    address: SocketAddr,
    token: AccessToken,
    running: Arc<watch::Sender<()>>,
}

impl PeerServer {
    /// Starts to listen, on a port that is free.
    ///
    /// # Errors
    /// What the system says.
    pub async fn start(config: PeerConfig) -> io::Result<Self> {
        let listener = net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let running = Arc::new(watch::Sender::new(()));
        let (token, everyone) = (config.token.clone(), Arc::clone(&running));
        let (ended, door) = (running.subscribe(), Arc::new(Door::new(address, config)));
        let (tell, started) = oneshot::channel();
        thread::Builder::new().name(THREAD.to_owned()).spawn(move || match runtime(listener) {
            Ok((runtime, listener)) => {
                let _ = tell.send(Ok(()));
                runtime.block_on(async {
                    listen(listener, door, ended).await;
                    everyone.closed().await;
                });
            }
            Err(error) => {
                let _ = tell.send(Err(error));
            }
        })?;
        started.await.map_err(io::Error::other)??;
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
        let running = Arc::clone(&self.running);
        drop(self);
        running.closed().await;
    }
}

impl Drop for PeerServer {
    fn drop(&mut self) {
        self.running.send_replace(());
    }
}

/// What runs everything in one thread.
fn runtime(listener: net::TcpListener) -> io::Result<(Runtime, TcpListener)> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let inside = runtime.enter();
    let listener = TcpListener::from_std(listener)?;
    drop(inside);
    Ok((runtime, listener))
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
