//! Which devices a page in the window may use.

use tauri::{
    Webview,
    webview::{PermissionKind, PermissionResponse},
};

use crate::own_page::is_own_page;

/// The bundled interface may use camera, microphone and screen; nothing else is ever allowed. The operating
/// system asks the person where it has such a question.
pub(crate) fn answer(webview: &Webview, kind: PermissionKind) -> PermissionResponse {
    let needed =
        matches!(kind, PermissionKind::Camera | PermissionKind::Microphone | PermissionKind::DisplayCapture);
    if needed && webview.url().is_ok_and(|url| is_own_page(&url)) {
        PermissionResponse::Allow
    } else {
        PermissionResponse::Deny
    }
}
