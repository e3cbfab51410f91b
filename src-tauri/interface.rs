//! The way from the shell to the page in the window.

use std::sync::{Mutex, PoisonError};

use tauri::ipc::Channel;
use visavis_app::ShellEvent;

/// The page in the window, once it has attached.
#[derive(Default)]
pub(crate) struct Interface(Mutex<Option<Channel<ShellEvent>>>);

impl Interface {
    /// From now on this page is told. One that was loaded again takes the place of the one before.
    pub(crate) fn attach(&self, events: Channel<ShellEvent>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(events);
    }

    /// False if there is no page.
    pub(crate) fn tell(&self, event: ShellEvent) -> bool {
        let events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        events.as_ref().is_some_and(|events| events.send(event).is_ok())
    }
}
