//! Whether there is a screen to open a window on.

/// Fails with a sentence when no window can be opened. Without it, the toolkit would panic.
#[cfg(target_os = "linux")]
pub(crate) fn check() -> anyhow::Result<()> {
    gtk::init().map_err(|_| {
        anyhow::anyhow!("there is no display to open a window on; `visavis-server host` works without one")
    })
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn check() -> anyhow::Result<()> {
    Ok(())
}
