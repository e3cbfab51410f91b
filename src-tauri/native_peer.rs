//! The app's own WebRTC peer, for a webview that has none.

/// Set to `0`, calls open in the browser where the webview cannot carry them (docs/desktop.md).
const VARIABLE: &str = "VISAVIS_NATIVE_PEER";

/// Whether a page without WebRTC may have its calls carried by the app. WKWebView and WebView2 have their own.
pub(crate) fn is_offered() -> bool {
    cfg!(target_os = "linux") && std::env::var_os(VARIABLE).is_none_or(|value| value != "0")
}
