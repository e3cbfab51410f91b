//! What the app's controller asks of the desktop.

use std::io;

use tauri::{AppHandle, Manager};
use visavis_app::{Shell, ShellEvent, settings::Settings};

use crate::{interface::Interface, settings_store::SettingsStore, tray};

/// The person's desktop.
pub(crate) struct DesktopShell {
    app: AppHandle,
    store: SettingsStore,
}

impl DesktopShell {
    pub(crate) fn new(app: AppHandle, store: SettingsStore) -> Self {
        Self { app, store }
    }
}

impl Shell for DesktopShell {
    fn open_in_browser(&self, url: &str) -> io::Result<()> {
        open::that_detached(url)
    }

    fn keep_settings(&self, settings: &Settings) -> io::Result<()> {
        self.store.keep(settings)
    }

    fn tell(&self, event: ShellEvent) -> bool {
        self.app.state::<Interface>().tell(event)
    }

    fn has_tray(&self) -> bool {
        tray::is_available(&self.app)
    }

    fn webview(&self) -> String {
        let name = match std::env::consts::OS {
            "linux" => "WebKitGTK",
            "macos" => "WKWebView",
            _ => "WebView2",
        };
        format!("{name} {}", tauri::webview_version().unwrap_or_default())
    }
}
