//! What closing the window does: it stays in the tray, asks, or ends the app.

use std::sync::atomic::{AtomicBool, Ordering};

use tauri::{AppHandle, Manager, Window, WindowEvent, async_runtime};
use visavis_app::{Controller, ShellEvent};

use crate::{interface::Interface, tray, window};

/// The person has said that the app shall end.
#[derive(Default)]
pub(crate) struct Quitting(AtomicBool);

pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event
        && stays(window)
    {
        api.prevent_close();
    }
}

/// `Quit` in the tray: as closing, but never into the tray.
pub(crate) fn ask_to_quit(app: &AppHandle) {
    if is_asked(app) {
        window::show(app);
    } else {
        quit(app);
    }
}

/// Ends the app, whatever is open.
pub(crate) fn quit(app: &AppHandle) {
    app.state::<Quitting>().0.store(true, Ordering::Relaxed);
    app.exit(0);
}

fn stays(window: &Window) -> bool {
    let app = window.app_handle();
    if app.state::<Quitting>().0.load(Ordering::Relaxed) {
        return false;
    }
    if tray::is_shown(app) {
        return window.hide().is_ok();
    }
    is_asked(app)
}

/// Asks the person if there is something to ask. Without a page to ask in, the app ends without a question.
fn is_asked(app: &AppHandle) -> bool {
    let controller = app.state::<Controller>();
    let is_open = app.state::<tray::Tray>().is_in_room() || async_runtime::block_on(controller.has_rooms());
    is_open && app.state::<Interface>().tell(ShellEvent::CloseAsked)
}
