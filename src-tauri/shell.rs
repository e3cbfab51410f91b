//! What the app's controller asks of the desktop.

use std::io;

use visavis_app::Shell;

/// The person's desktop.
pub(crate) struct Desktop;

impl Shell for Desktop {
    fn open_in_browser(&self, url: &str) -> io::Result<()> {
        open::that_detached(url)
    }
}
