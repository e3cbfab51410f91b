//! The log's file, and what it said last.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The log of this and the last launches.
const LOG_FILE: &str = "visavis.log";

/// What came before it.
const OLD_LOG_FILE: &str = "visavis.log.old";

/// Where the log begins anew. Two such files hold weeks of warnings, or the last minutes at the finest level.
const LOG_FILE_BYTES: u64 = 1024 * 1024;

/// Lines that a report repeats: the last hours of an ordinary trouble.
const RECENT_LINES: usize = 20;

/// A file that never grows beyond [`LOG_FILE_BYTES`]: the log of before is kept once.
pub(crate) struct LogFile {
    folder: PathBuf,
    file: File,
    bytes: u64,
}

impl LogFile {
    /// Goes on with the log in this folder, which is made if it is missing.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let file = append_to(folder)?;
        let bytes = file.metadata()?.len();
        Ok(Self { folder: folder.to_owned(), file, bytes })
    }

    fn begin_anew(&mut self) -> io::Result<()> {
        // Somebody may have removed it; what counts is that a new one begins.
        let _ = fs::rename(self.folder.join(LOG_FILE), self.folder.join(OLD_LOG_FILE));
        self.file = append_to(&self.folder)?;
        self.file.set_len(0)?;
        self.bytes = 0;
        Ok(())
    }
}

impl Write for LogFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.bytes > 0 && self.bytes + line.len() as u64 > LOG_FILE_BYTES {
            self.begin_anew()?;
        }
        let written = self.file.write(line)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn append_to(folder: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(folder.join(LOG_FILE))
}

/// The last lines of the log, for a report. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct RecentLines(Arc<Mutex<VecDeque<String>>>);

impl RecentLines {
    /// The lines, oldest first.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl Write for RecentLines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == RECENT_LINES {
            lines.pop_front();
        }
        lines.push_back(String::from_utf8_lossy(line).trim_end().to_owned());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_goes_on_and_never_grows_beyond_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let size = |name| fs::metadata(folder.path().join(name)).map_or(0, |file| file.len());
        let line = [b'x'; 1000];
        for _launch in 0..3 {
            let mut log = LogFile::open(folder.path()).unwrap();
            for _ in 0..400 {
                log.write_all(&line).unwrap();
            }
        }
        assert_eq!(size(LOG_FILE) + size(OLD_LOG_FILE), 1200 * 1000);
        let mut log = LogFile::open(folder.path()).unwrap();
        for _ in 0..3000 {
            log.write_all(&line).unwrap();
        }
        assert!(size(LOG_FILE) <= LOG_FILE_BYTES && size(OLD_LOG_FILE) <= LOG_FILE_BYTES);
    }

    #[test]
    fn only_the_last_lines_are_remembered() {
        let recent = RecentLines::default();
        for number in 0..50 {
            recent.clone().write_all(format!("line {number}\n").as_bytes()).unwrap();
        }
        let lines = recent.lines();
        assert_eq!((lines.len(), lines[0].as_str()), (RECENT_LINES, "line 30"));
    }
}
