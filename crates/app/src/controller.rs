use std::{io, path::PathBuf, sync::Arc, time::Duration};

use serde::Serialize;
use tokio::{sync::Mutex, time::timeout};
use visavis_protocol::{AccessToken, RoomId};
use visavis_server::{Server, ServerConfig};

use crate::{
    error::AppError,
    link::{Destination, read_link},
};

/// How long closing waits for the server to say goodbye to its members. Longer keeps a closed app alive
/// for the sake of one slow reader, shorter may cut off the last message.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(5);

/// What the controller asks of the program around it.
pub trait Shell: Send + Sync + 'static {
    /// Opens `url` in the person's default browser. May block. The URL may hold a secret: it must reach
    /// no log.
    ///
    /// # Errors
    /// When no browser could be started.
    fn open_in_browser(&self, url: &str) -> io::Result<()>;
}

/// Where the app's own server is, and what shows it that the interface belongs to the person at this machine.
#[derive(Clone, Debug, Serialize)]
pub struct OwnServer {
    /// The WebSocket, `ws://127.0.0.1:PORT/ws`.
    pub url: String,
    /// This launch's token.
    pub token: AccessToken,
}

/// The desktop app without its window: one server, started when first asked for, and what the interface
/// may ask of the machine.
pub struct Controller {
    data_dir: PathBuf,
    shell: Arc<dyn Shell>,
    server: Mutex<ServerPhase>,
}

enum ServerPhase {
    NotStarted,
    Running(Server),
    Stopped,
}

impl Controller {
    /// A controller whose server keeps its identity in `data_dir`. Nothing is started yet.
    pub fn new(data_dir: PathBuf, shell: impl Shell) -> Self {
        Self { data_dir, shell: Arc::new(shell), server: Mutex::new(ServerPhase::NotStarted) }
    }

    /// The app's own server; starts it if it does not run yet. After a failure the next call tries again.
    ///
    /// # Errors
    /// [`AppError::ServerNotStarted`], and [`AppError::Stopping`] after [`Self::shutdown`].
    pub async fn own_server(&self) -> Result<OwnServer, AppError> {
        self.with_server(|server| OwnServer { url: server.websocket_url(), token: server.token().clone() })
            .await
    }

    /// Opens the call in room `room` of the app's own server in the default browser. The URL lets one
    /// page in, once.
    ///
    /// # Errors
    /// [`AppError::InvalidRoom`] when `room` is no nine-digit ID, [`AppError::BrowserNotOpened`], and as
    /// [`Self::own_server`].
    pub async fn open_call(&self, room: &str) -> Result<(), AppError> {
        let room = RoomId::parse(room).ok_or(AppError::InvalidRoom)?;
        let url = self.with_server(|server| server.single_use_url(Some(room))).await?;
        self.open_in_browser(url).await
    }

    /// Opens an invite link in the default browser: a link of this very server as [`Self::open_call`]
    /// does, that of another host as it stands. Nothing but invite links is ever opened.
    ///
    /// # Errors
    /// [`AppError::InvalidLink`], [`AppError::BrowserNotOpened`], and as [`Self::own_server`].
    pub async fn open_link(&self, link: &str) -> Result<(), AppError> {
        let url = self
            .with_server(|server| match read_link(link, &server.local_url(None))? {
                Destination::OwnRoom(room) => Some(server.single_use_url(Some(room))),
                Destination::OtherHost(url) => Some(url),
            })
            .await?
            .ok_or(AppError::InvalidLink)?;
        self.open_in_browser(url).await
    }

    /// Stops the server: its members are told that it ended. Returns after five seconds at the latest.
    /// From then on everything else fails with [`AppError::Stopping`].
    pub async fn shutdown(&self) {
        let phase = std::mem::replace(&mut *self.server.lock().await, ServerPhase::Stopped);
        if let ServerPhase::Running(server) = phase
            && timeout(SHUTDOWN_PATIENCE, server.shutdown()).await.is_err()
        {
            tracing::warn!("the server did not stop in time");
        }
    }

    async fn with_server<T>(&self, ask: impl FnOnce(&Server) -> T) -> Result<T, AppError> {
        let mut phase = self.server.lock().await;
        if let ServerPhase::NotStarted = *phase {
            *phase = ServerPhase::Running(Server::start(ServerConfig::new(self.data_dir.clone())).await?);
        }
        match &*phase {
            ServerPhase::Running(server) => Ok(ask(server)),
            ServerPhase::NotStarted | ServerPhase::Stopped => Err(AppError::Stopping),
        }
    }

    async fn open_in_browser(&self, url: String) -> Result<(), AppError> {
        let shell = Arc::clone(&self.shell);
        tokio::task::spawn_blocking(move || shell.open_in_browser(&url))
            .await
            .map_err(io::Error::other)
            .flatten()
            .map_err(AppError::BrowserNotOpened)
    }
}
