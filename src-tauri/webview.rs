//! What this webview needs to be told that tauri does not tell it.

use tauri::WebviewWindow;

/// Before the page begins.
#[cfg(target_os = "linux")]
pub(crate) fn prepare(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::WebViewExt;

    window.with_webview(|webview| {
        let Some(settings) = WebViewExt::settings(&webview.inner()) else { return };
        mock_devices(&settings);
        if !crate::webkit_features::enable(&settings, FRAMES_IN_WORKERS) {
            tracing::info!("this WebKit hands no frames to workers: pictures take a longer way");
        }
    })
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn prepare(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// `MediaStreamTrackProcessor` and `VideoTrackGenerator` in workers (WebKitGTK 2.48): off unless asked for.
#[cfg(target_os = "linux")]
const FRAMES_IN_WORKERS: &str = "MediaStreamTrackProcessing";

#[cfg(all(target_os = "linux", feature = "mock-devices"))]
fn mock_devices(settings: &webkit2gtk::Settings) {
    use webkit2gtk::SettingsExt;

    if std::env::var_os("VISAVIS_MOCK_DEVICES").is_some_and(|value| value == "1") {
        settings.set_enable_mock_capture_devices(true);
    }
}

#[cfg(all(target_os = "linux", not(feature = "mock-devices")))]
fn mock_devices(_settings: &webkit2gtk::Settings) {}
