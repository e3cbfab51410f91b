//! What helps to find out why something did not work.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use visavis_server::{LogControl, LogFilterError, LogOutput, start_logging};

use crate::crash;
use crate::log_file::{LogFile, RecentLines};
use crate::settings::LogLevel;

/// The program's log and the reports of its panics, in one folder.
#[derive(Clone)]
pub struct Diagnosis {
    folder: Arc<PathBuf>,
    log: LogControl,
    recent: RecentLines,
}

impl Diagnosis {
    /// Writes the log to a file in `folder`. Where that cannot be, it goes to standard error alone. Call it once.
    ///
    /// # Errors
    /// [`LogFilterError`]; nothing is logged then.
    pub fn start(folder: PathBuf) -> Result<Self, LogFilterError> {
        let recent = RecentLines::default();
        let remembered = recent.clone();
        let mut outputs = vec![LogOutput {
            writer: BoxMakeWriter::new(move || remembered.clone()),
            level: LevelFilter::WARN,
        }];
        let file = LogFile::open(&folder);
        let refused = file.as_ref().err().map(std::io::Error::kind);
        if let Ok(file) = file {
            outputs
                .push(LogOutput { writer: BoxMakeWriter::new(Mutex::new(file)), level: LevelFilter::TRACE });
        }
        let log = start_logging(outputs)?;
        if let Some(kind) = refused {
            tracing::warn!(?kind, "there is no file for the log");
        }
        Ok(Self { folder: Arc::new(folder), log, recent })
    }

    /// From now on a panic of this process leaves a report in the folder and a line in the log. Only in a
    /// developer's build standard error still gets what it says.
    pub fn report_panics(&self) {
        crash::report_panics(self.folder.as_ref().clone());
    }

    /// The last warnings and errors of this launch, oldest first.
    pub fn recent_lines(&self) -> Vec<String> {
        self.recent.lines()
    }

    /// How many reports of panics are kept, of this launch and earlier ones.
    pub fn crash_reports(&self) -> usize {
        crash::reports(&self.folder)
    }

    /// From now on this and everything more serious is logged.
    pub(crate) fn set_level(&self, level: LogLevel) {
        self.log.set_level(match level {
            LogLevel::Error => LevelFilter::ERROR,
            LogLevel::Warn => LevelFilter::WARN,
            LogLevel::Info => LevelFilter::INFO,
            LogLevel::Debug => LevelFilter::DEBUG,
            LogLevel::Trace => LevelFilter::TRACE,
        });
    }
}
