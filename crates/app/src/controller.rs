use std::{
    io,
    net::IpAddr,
    path::PathBuf,
    sync::{Arc, Mutex as StateMutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use serde::Serialize;
use tokio::{sync::Mutex, time::timeout};
use visavis_protocol::{AccessToken, IceServer, RoomId};
use visavis_server::{Counts, NetworkConfig, Port, Server, ServerConfig};

use crate::{
    desktop::{Desktop, Notice, ShellEvent},
    diagnosis::Diagnosis,
    error::AppError,
    interfaces,
    link::read_app_link,
    notices::Circumstances,
    report::{self, Facts},
    settings::{Opened, Settings},
};

/// How long closing waits for the server to say goodbye to its members. Longer keeps a closed app alive
/// for the sake of one slow reader, shorter may cut off the last message.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(5);

/// How long a question for counts waits for the server: it keeps the window from closing for as long.
const COUNT_PATIENCE: Duration = Duration::from_millis(500);

/// What the controller asks of the program around it. Nothing here may wait for the controller.
pub trait Shell: Send + Sync + 'static {
    /// Opens `url` in the person's default browser. May block. The URL may hold a secret: it must reach
    /// no log.
    ///
    /// # Errors
    /// When no browser could be started.
    fn open_in_browser(&self, url: &str) -> io::Result<()>;

    /// Keeps the settings for the next launch. May block.
    ///
    /// # Errors
    /// When the disk refuses; the settings of before are then still kept.
    fn keep_settings(&self, settings: &Settings) -> io::Result<()>;

    /// Tells the interface; false if there is none yet.
    fn tell(&self, event: ShellEvent) -> bool;

    /// Whether there is a tray that the app could stay in.
    fn has_tray(&self) -> bool;

    /// The webview with its version.
    fn webview(&self) -> String;
}

/// Where the app's own server is, and what shows it that the interface belongs to the person at this machine.
#[derive(Clone, Debug, Serialize)]
pub struct OwnServer {
    /// The WebSocket, `ws://127.0.0.1:PORT/ws`.
    pub url: String,
    /// This launch's token.
    pub token: AccessToken,
}

/// The desktop app without its window: its settings, one server that is started when first asked for, and what
/// the interface may ask of the machine.
pub struct Controller {
    data_dir: PathBuf,
    shell: Arc<dyn Shell>,
    diagnosis: Diagnosis,
    started: Instant,
    server: Mutex<ServerPhase>,
    state: Arc<StateMutex<State>>,
    /// One change of the settings at a time.
    changing: Mutex<()>,
    /// False where a file that could not be read would be replaced.
    may_save: bool,
}

struct State {
    settings: Settings,
    circumstances: Circumstances,
    /// What a link asked for before the interface was there.
    link: Option<String>,
}

enum ServerPhase {
    NotStarted,
    Running(Server),
    Stopped,
}

impl Controller {
    /// A controller whose server keeps its identity in `data_dir`. Nothing is started yet.
    pub fn new(data_dir: PathBuf, opened: Opened, diagnosis: Diagnosis, shell: impl Shell) -> Self {
        diagnosis.set_level(opened.settings.log_level);
        let Opened { settings, set_aside, is_unusable } = opened;
        let circumstances = Circumstances { set_aside, unsaved: is_unusable, ..Circumstances::default() };
        let state = State { settings, circumstances, link: None };
        Self {
            data_dir,
            shell: Arc::new(shell),
            diagnosis,
            started: Instant::now(),
            server: Mutex::new(ServerPhase::NotStarted),
            state: Arc::new(StateMutex::new(state)),
            changing: Mutex::new(()),
            may_save: !is_unusable,
        }
    }

    /// The app's own server; starts it if it does not run yet. After a failure the next call tries again.
    ///
    /// # Errors
    /// [`AppError::ServerNotStarted`], and [`AppError::Stopping`] after [`Self::shutdown`].
    pub async fn own_server(&self) -> Result<OwnServer, AppError> {
        self.with_server(|server| OwnServer { url: server.websocket_url(), token: server.token().clone() })
            .await
    }

    /// What an interface that has just begun shows of the app, with the link that waited for it.
    pub fn attach(&self) -> Desktop {
        let link = self.state().link.take();
        Desktop { link, ..self.desktop() }
    }

    /// What the interface shows of the app now.
    pub fn desktop(&self) -> Desktop {
        let (settings, notices) = self.settings_and_notices();
        Desktop {
            settings,
            notices,
            interfaces: interfaces::list(),
            link: None,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            tray_available: self.shell.has_tray(),
        }
    }

    /// What the person set.
    pub fn settings(&self) -> Settings {
        self.state().settings.clone()
    }

    /// This machine's addresses that calls may go over now, best first, as the person chose.
    pub fn addresses(&self) -> Vec<IpAddr> {
        let wished = self.state().settings.network_interface.clone();
        interfaces::addresses(wished.as_deref())
    }

    /// Uses these settings from now on, and keeps them. Where they cannot be kept, a notice says so.
    ///
    /// # Errors
    /// [`AppError::InvalidSetting`]; nothing has changed then.
    pub async fn change_settings(&self, settings: Settings) -> Result<Desktop, AppError> {
        settings.check()?;
        let _turn = self.changing.lock().await;
        let unsaved = !self.keep(settings.clone()).await;
        if unsaved {
            tracing::warn!("the settings could not be saved");
        }
        self.diagnosis.set_level(settings.log_level);
        let network = network_config(&settings);
        {
            let mut state = self.state();
            state.settings = settings;
            state.circumstances.unsaved = unsaved;
        }
        if let ServerPhase::Running(server) = &*self.server.lock().await {
            server.set_network(network);
        }
        Ok(self.desktop())
    }

    /// Takes a `visavis:` link from outside: the interface asks the person before it joins.
    ///
    /// # Errors
    /// [`AppError::InvalidLink`].
    pub fn ask_to_join(&self, link: &str) -> Result<(), AppError> {
        let link = read_app_link(link).ok_or(AppError::InvalidLink)?;
        // First of all: an interface that begins just now finds it.
        self.state().link = Some(link.clone());
        if self.shell.tell(ShellEvent::Link { link }) {
            self.state().link = None;
        }
        Ok(())
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

    /// Whether pages of this machine, in a browser or the window, are in rooms of others.
    pub async fn has_pages_abroad(&self) -> bool {
        match timeout(COUNT_PATIENCE, self.server.lock()).await.as_deref() {
            Ok(ServerPhase::Running(server)) => server.pages_abroad() > 0,
            Ok(ServerPhase::NotStarted | ServerPhase::Stopped) | Err(_) => false,
        }
    }

    /// Whether there are rooms on this machine.
    pub async fn has_rooms(&self) -> bool {
        self.counts().await.is_some_and(|counts| counts.rooms > 0)
    }

    /// A text that a person may pass on when something did not work: it holds no name, address or ID. `page` is
    /// what the interface says of itself.
    pub async fn report(&self, page: &str) -> String {
        let counts = self.counts().await;
        let interfaces = interfaces::list();
        let virtuals = interfaces.iter().filter(|interface| interface.r#virtual).count();
        let (settings, notices) = self.settings_and_notices();
        let facts = Facts {
            webview: self.shell.webview(),
            running: self.started.elapsed(),
            counts,
            interfaces: (interfaces.len() - virtuals, virtuals),
            notices: notices.len(),
            tray_available: self.shell.has_tray(),
            crash_reports: self.diagnosis.crash_reports(),
            log: self.diagnosis.recent_lines(),
            page,
        };
        report::write(&settings, &facts)
    }

    /// Stops the server: its members are told that it ended. Returns after five seconds at the latest.
    /// From then on everything that needs the server fails with [`AppError::Stopping`].
    pub async fn shutdown(&self) {
        let stop = async {
            let phase = std::mem::replace(&mut *self.server.lock().await, ServerPhase::Stopped);
            if let ServerPhase::Running(server) = phase {
                server.shutdown().await;
            }
        };
        if timeout(SHUTDOWN_PATIENCE, stop).await.is_err() {
            tracing::warn!("the server did not stop in time");
        }
    }

    /// False if they could not be kept.
    async fn keep(&self, settings: Settings) -> bool {
        let shell = Arc::clone(&self.shell);
        self.may_save
            && matches!(tokio::task::spawn_blocking(move || shell.keep_settings(&settings)).await, Ok(Ok(())))
    }

    async fn counts(&self) -> Option<Counts> {
        // One that is starting has nothing to count, and may take its time.
        match &*timeout(COUNT_PATIENCE, self.server.lock()).await.ok()? {
            ServerPhase::Running(server) => Some(server.counts()),
            ServerPhase::NotStarted | ServerPhase::Stopped => None,
        }
    }

    async fn with_server<T>(&self, ask: impl FnOnce(&Server) -> T) -> Result<T, AppError> {
        let mut phase = self.server.lock().await;
        if let ServerPhase::NotStarted = *phase {
            *phase = ServerPhase::Running(self.start_server().await?);
        }
        match &*phase {
            ServerPhase::Running(server) => Ok(ask(server)),
            ServerPhase::NotStarted | ServerPhase::Stopped => Err(AppError::Stopping),
        }
    }

    async fn start_server(&self) -> Result<Server, AppError> {
        let settings = self.settings();
        let config =
            ServerConfig { network: network_config(&settings), ..ServerConfig::new(self.data_dir.clone()) };
        let server = Server::start(config).await?;
        self.state().circumstances.loopback_port = Some((settings.port, server.port()));
        self.follow_network(&server);
        Ok(server)
    }

    /// Tells the interface what changes on the network, as long as the server runs.
    fn follow_network(&self, server: &Server) {
        let (mut network, state, shell) =
            (server.network(), Arc::clone(&self.state), Arc::clone(&self.shell));
        tokio::spawn(async move {
            let mut told: Vec<Notice> = Vec::new();
            loop {
                let notices = {
                    let mut state = lock(&state);
                    state.circumstances.network = Some(network.borrow_and_update().clone());
                    state.circumstances.notices(&state.settings)
                };
                if notices != told && shell.tell(ShellEvent::Notices { notices: notices.clone() }) {
                    told = notices;
                }
                if network.changed().await.is_err() {
                    return;
                }
            }
        });
    }

    async fn open_in_browser(&self, url: String) -> Result<(), AppError> {
        let shell = Arc::clone(&self.shell);
        tokio::task::spawn_blocking(move || shell.open_in_browser(&url))
            .await
            .map_err(io::Error::other)
            .flatten()
            .map_err(AppError::BrowserNotOpened)
    }

    fn settings_and_notices(&self) -> (Settings, Vec<Notice>) {
        let State { settings, circumstances, .. } = &*self.state();
        (settings.clone(), circumstances.notices(settings))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

/// Nothing is left half done under this lock, whatever happens.
fn lock(state: &StateMutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn network_config(settings: &Settings) -> NetworkConfig {
    NetworkConfig {
        port: match settings.port {
            0 => Port::Any,
            port => Port::Preferably(port),
        },
        interface: settings.network_interface.clone(),
        visible: settings.visible,
        ice_servers: settings
            .ice_servers
            .iter()
            .map(|server| IceServer {
                urls: server.urls.clone(),
                username: server.username.clone(),
                credential: server.credential.clone(),
            })
            .collect(),
    }
}
