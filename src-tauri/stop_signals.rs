//! Ends the app in order when the system asks it to.

use std::io;

use tauri::{AppHandle, async_runtime};

use crate::closing;

/// Quits as if the window had been closed when SIGINT, SIGTERM or SIGHUP arrives (Ctrl-C on Windows).
pub(crate) fn quit_on_signal(app: &AppHandle) -> io::Result<()> {
    let app = app.clone();
    let stop = stop_signal()?;
    async_runtime::spawn(async move {
        stop.await;
        closing::quit(&app);
    });
    Ok(())
}

#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    // Signals are received by the runtime that is entered here.
    async_runtime::block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
        })
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
