//! The app's own WebRTC peer, for a webview that has none.

use std::{sync::Arc, time::Duration};

use tauri::{AppHandle, Manager};
use tokio::{sync::Mutex, time::timeout};
use visavis_app::{AppError, Controller, OwnServer};
use visavis_peer::page::{PeerConfig, PeerServer};

/// Set to `0`, calls open in the browser where the webview cannot carry them (docs/desktop.md).
const VARIABLE: &str = "VISAVIS_NATIVE_PEER";

/// How long closing waits for the page to be told. It goes with the app in any case.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(2);

/// Whether a page without WebRTC may have its calls carried by the app. WKWebView and WebView2 have their own.
pub(crate) fn is_offered() -> bool {
    cfg!(target_os = "linux") && std::env::var_os(VARIABLE).is_none_or(|value| value != "0")
}

/// The peer, once a page has asked for it.
#[derive(Default)]
pub(crate) struct NativePeer(Mutex<Phase>);

#[derive(Default)]
enum Phase {
    #[default]
    NotStarted,
    Running(PeerServer),
    Stopped,
}

impl NativePeer {
    /// Where it listens, and this launch's token. Starts it if it does not run yet.
    pub(crate) async fn access(&self, app: &AppHandle) -> Result<OwnServer, AppError> {
        let controller = app.state::<Controller>();
        let mut phase = self.0.lock().await;
        if let Phase::NotStarted = *phase {
            let OwnServer { token, .. } = controller.own_server().await?;
            let app = app.clone();
            let interfaces = Arc::new(move || app.state::<Controller>().addresses());
            let config = PeerConfig { token, origins: Vec::new(), interfaces };
            *phase = Phase::Running(PeerServer::start(config).await.map_err(AppError::PeerNotStarted)?);
        }
        match &*phase {
            Phase::Running(server) => Ok(OwnServer { url: server.url(), token: server.token().clone() }),
            Phase::NotStarted | Phase::Stopped => Err(AppError::Stopping),
        }
    }

    /// Ends all calls that it carries.
    pub(crate) async fn shutdown(&self) {
        let stop = async {
            let phase = std::mem::replace(&mut *self.0.lock().await, Phase::Stopped);
            if let Phase::Running(server) = phase {
                server.shutdown().await;
            }
        };
        if timeout(SHUTDOWN_PATIENCE, stop).await.is_err() {
            tracing::warn!("the peer did not stop in time");
        }
    }
}
