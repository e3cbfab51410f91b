//! Small files in the data folder that are either there whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// Many times a key or certificate in PEM; of a longer file only this much is read.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Whoever writes in the folder holds a lock on this file.
const LOCK_FILE: &str = "identity.lock";

/// Where a file is written before it takes its name. One is enough: there is one writer at a time.
const NEW_FILE: &str = "identity.new";

/// The content of a file of the folder; `None` if there is no such file.
pub(crate) fn read(folder: &Path, name: &str) -> io::Result<Option<Vec<u8>>> {
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
pub(crate) struct Writer<'a> {
    folder: &'a Path,
    /// Closing the file gives the lock up, also when the process dies.
    _lock: File,
}

impl<'a> Writer<'a> {
    /// Waits for the right to write. Makes the folder, for its owner only, if it is missing.
    pub(crate) fn lock(folder: &'a Path) -> io::Result<Self> {
        create_private_folder(folder)?;
        let lock = private_file().truncate(false).create(true).open(folder.join(LOCK_FILE))?;
        lock.lock()?;
        Ok(Self { folder, _lock: lock })
    }

    /// Gives a file this content, for its owner only: a crash leaves the old file or the new one.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let new = self.folder.join(NEW_FILE);
        // A crash may have left one, and only a file that is made here has the right permissions.
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private_file().create_new(true).open(&new)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&new, self.folder.join(name))?;
        sync_folder(self.folder)
    }

    /// Renames a file. One that has the new name already is replaced.
    pub(crate) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
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
