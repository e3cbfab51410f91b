//! A shell that records what it was asked for.

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex},
};

use tokio::sync::watch;
use visavis_app::settings::{self, Settings};
use visavis_app::{Controller, Diagnosis, Notice, Shell, ShellEvent};

/// Remembers what it is told. Clones share it.
#[derive(Clone, Default)]
pub struct Recorder {
    pub opened: Arc<Mutex<Vec<String>>>,
    pub events: watch::Sender<Vec<ShellEvent>>,
    /// It opens nothing.
    pub without_browser: bool,
    /// There is no page to tell.
    pub without_interface: bool,
    /// It keeps nothing.
    pub without_disk: bool,
}

impl Shell for Recorder {
    fn open_in_browser(&self, url: &str) -> io::Result<()> {
        if self.without_browser {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        }
        self.opened.lock().unwrap().push(url.to_owned());
        Ok(())
    }

    fn keep_settings(&self, _settings: &Settings) -> io::Result<()> {
        if self.without_disk { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(()) }
    }

    fn tell(&self, event: ShellEvent) -> bool {
        if !self.without_interface {
            self.events.send_modify(|events| events.push(event));
        }
        !self.without_interface
    }

    fn has_tray(&self) -> bool {
        false
    }

    fn webview(&self) -> String {
        String::from("none")
    }
}

impl Recorder {
    pub fn controller(&self, data_dir: &Path) -> Controller {
        self.controller_with(data_dir, Settings::default())
    }

    pub fn controller_with(&self, data_dir: &Path, settings: Settings) -> Controller {
        // Beside the data: in some tests a file stands where its folder should be.
        let diagnosis = Diagnosis::start(data_dir.with_extension("logs")).unwrap();
        let opened = settings::Opened { settings, ..settings::Opened::default() };
        Controller::new(data_dir.to_owned(), opened, diagnosis, self.clone())
    }

    /// Waits until the interface is told notices of which this is true.
    #[allow(dead_code, reason = "not every file of tests looks at notices")]
    pub async fn is_told(&self, expected: impl Fn(&[Notice]) -> bool) {
        let told = |events: &Vec<ShellEvent>| matches!(events.last(), Some(ShellEvent::Notices { notices }) if expected(notices));
        self.events.subscribe().wait_for(told).await.unwrap();
    }

    #[allow(dead_code, reason = "not every file of tests opens links")]
    pub fn opened(&self) -> Vec<String> {
        self.opened.lock().unwrap().clone()
    }
}
