//! Small files in the app's data folder that are there whole or not at all, for their owner only.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// Many times what any of the files holds; a longer one is not ours, and only this much of it is read.
pub const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Whoever writes in the folder holds a lock on this file.
const LOCK_FILE: &str = "write.lock";

/// Where a file is written before it takes its name. One is enough: there is one writer at a time.
const NEW_FILE: &str = "write.new";

/// How much is written at once. Only tests of what a crash leaves need more than one such piece.
const PIECE_BYTES: usize = 4096;

/// The content of a file of the folder; `None` if there is no such file.
///
/// # Errors
/// What the OS says.
pub fn read(folder: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(folder.join(name)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut content = Vec::new();
    file.take(MAX_FILE_BYTES).read_to_end(&mut content)?;
    Ok(Some(content))
}

/// The right to change files of a folder: one holder at a time, among all processes and threads.
pub struct Writer<'a> {
    folder: &'a Path,
    /// Closing the file gives the lock up, also when the process dies.
    _lock: File,
}

/// How far a write has come. A crash at any of these leaves the old file or the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteStep {
    /// The file for the new content is there, empty.
    Created,
    /// So many bytes of the new content are in it.
    Written(usize),
    /// All of it is on the disk.
    Synced,
    /// It has taken the old one's name.
    Renamed,
    /// The name is on the disk too.
    Done,
}

impl<'a> Writer<'a> {
    /// Waits for the right to write. Makes the folder, for its owner only, if it is missing.
    ///
    /// # Errors
    /// What the OS says.
    pub fn lock(folder: &'a Path) -> io::Result<Self> {
        create_private_folder(folder)?;
        let lock = private_file().truncate(false).create(true).open(folder.join(LOCK_FILE))?;
        lock.lock()?;
        Ok(Self { folder, _lock: lock })
    }

    /// Gives a file this content, for its owner only: a crash leaves the old file or the new one.
    ///
    /// # Errors
    /// What the OS says; the old file is then still there, or the new one already if only its name is not yet safe.
    pub fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        self.write_watched(name, content, |_| {})
    }

    /// As [`Self::write`], and tells each step once it is done, so that a test can fail in between.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_watched(
        &self,
        name: &str,
        content: &[u8],
        mut reached: impl FnMut(WriteStep),
    ) -> io::Result<()> {
        let new = self.folder.join(NEW_FILE);
        // A crash may have left one, and only a file that is made here has the right permissions.
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private_file().create_new(true).open(&new)?;
        reached(WriteStep::Created);
        let mut written = 0;
        for piece in content.chunks(PIECE_BYTES) {
            file.write_all(piece)?;
            written += piece.len();
            reached(WriteStep::Written(written));
        }
        file.sync_all()?;
        reached(WriteStep::Synced);
        fs::rename(&new, self.folder.join(name))?;
        reached(WriteStep::Renamed);
        sync_folder(self.folder)?;
        reached(WriteStep::Done);
        Ok(())
    }

    /// Renames a file. One that has the new name already is replaced.
    ///
    /// # Errors
    /// What the OS says.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.folder.join(from), self.folder.join(to))
    }
}

fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true);
    options
}

/// Makes a rename last through a power cut. Only Unix has and needs it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
