//! What closing the window does: it stays in the tray, asks, or ends the app.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::{AppHandle, Manager, Window, WindowEvent, async_runtime};
use visavis_app::{Controller, ShellEvent};

use crate::{interface::Interface, tray, window};

/// How long the page may take to show the question. One that is gone must not keep the app from ending; a longer wait
/// helps only pages on machines that hardly move any more.
const QUESTION_PATIENCE: Duration = Duration::from_secs(5);

/// How far the end of the app has come.
#[derive(Default)]
pub(crate) struct Closing {
    /// The person has said that the app shall end.
    is_decided: AtomicBool,
    /// The page shows the question that it was last asked for.
    is_asked: AtomicBool,
}

pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event
        && stays(window)
    {
        api.prevent_close();
    }
}

/// `Quit` in the tray: as closing, but never into the tray.
pub(crate) fn ask_to_quit(app: &AppHandle) {
    if asks(app) {
        window::show(app);
    } else {
        quit(app);
    }
}

/// The page shows the question.
pub(crate) fn question_shown(app: &AppHandle) {
    app.state::<Closing>().is_asked.store(true, Ordering::Relaxed);
}

/// Ends the app, whatever is open.
pub(crate) fn quit(app: &AppHandle) {
    app.state::<Closing>().is_decided.store(true, Ordering::Relaxed);
    app.exit(0);
}

fn stays(window: &Window) -> bool {
    let app = window.app_handle();
    if app.state::<Closing>().is_decided.load(Ordering::Relaxed) {
        return false;
    }
    if tray::is_shown(app) {
        return window.hide().is_ok();
    }
    asks(app)
}

/// Asks the person if there is something to ask. Without a page that shows the question, the app ends without it.
fn asks(app: &AppHandle) -> bool {
    let controller = app.state::<Controller>();
    let (ends_rooms, ends_calls) = async_runtime::block_on(async {
        (controller.has_rooms().await, controller.has_pages_abroad().await)
    });
    if !ends_rooms && !ends_calls && !app.state::<tray::Tray>().is_in_room() {
        return false;
    }
    app.state::<Closing>().is_asked.store(false, Ordering::Relaxed);
    if !app.state::<Interface>().tell(ShellEvent::CloseAsked { ends_rooms }) {
        return false;
    }
    let app = app.clone();
    async_runtime::spawn(async move {
        tokio::time::sleep(QUESTION_PATIENCE).await;
        if !app.state::<Closing>().is_asked.load(Ordering::Relaxed) {
            tracing::warn!("the page does not ask whether to close");
            quit(&app);
        }
    });
    true
}
