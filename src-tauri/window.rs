//! The one window.

use std::path::Path;

use tauri::{App, AppHandle, Manager, WebviewWindowBuilder, webview::NewWindowResponse};

use visavis_app::Controller;

use crate::{native_peer, own_page::is_own_page, webview};

/// The folder for what the webview keeps, in the app's data folder.
const WEBVIEW_FOLDER: &str = "webview";

/// Brings the window up, from wherever it is.
pub(crate) fn show(app: &AppHandle) {
    for window in app.webview_windows().values() {
        // Each fails only where the desktop does not know of it; the others still help.
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Brings the window up if it is hidden; leaves it alone where the person has put it.
pub(crate) fn show_hidden(app: &AppHandle) {
    if app.webview_windows().values().any(|window| matches!(window.is_visible(), Ok(false))) {
        show(app);
    }
}

/// Opens the window that `tauri.conf.json` describes. It never leaves the bundled interface.
pub(crate) fn open(app: &App, data_dir: &Path) -> tauri::Result<()> {
    let beginning = beginning(app)?;
    for config in &app.config().app.windows {
        let window = WebviewWindowBuilder::from_config(app, config)?
            .data_directory(data_dir.join(WEBVIEW_FOLDER))
            .initialization_script(&beginning)
            .on_navigation(is_own_page)
            .on_new_window(|_url, _features| NewWindowResponse::Deny)
            .build()?;
        webview::prepare(&window)?;
    }
    Ok(())
}

/// What the page need not wait for: how things were when it began. It asks for anything newer.
fn beginning(app: &App) -> tauri::Result<String> {
    let desktop = serde_json::to_string(&app.state::<Controller>().desktop())?;
    let peer = native_peer::is_offered();
    Ok(format!("window.visavisDesktop = {desktop}; window.visavisNativePeer = {peer};"))
}
