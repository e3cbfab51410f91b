//! The one window.

use tauri::{App, WebviewWindow, WebviewWindowBuilder, webview::NewWindowResponse};

use crate::own_page::is_own_page;

/// Opens the window that `tauri.conf.json` describes. It never leaves the bundled interface.
pub(crate) fn open(app: &App) -> tauri::Result<()> {
    for config in &app.config().app.windows {
        let window = WebviewWindowBuilder::from_config(app, config)?
            .on_navigation(is_own_page)
            .on_new_window(|_url, _features| NewWindowResponse::Deny)
            .build()?;
        mock_devices(&window)?;
    }
    Ok(())
}

#[cfg(all(target_os = "linux", feature = "mock-devices"))]
fn mock_devices(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{SettingsExt, WebViewExt};

    if std::env::var_os("VISAVIS_MOCK_DEVICES").is_none_or(|value| value != "1") {
        return Ok(());
    }
    window.with_webview(|webview| {
        if let Some(settings) = WebViewExt::settings(&webview.inner()) {
            settings.set_enable_mock_capture_devices(true);
        }
    })
}

#[cfg(not(all(target_os = "linux", feature = "mock-devices")))]
fn mock_devices(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}
