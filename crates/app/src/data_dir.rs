use std::{env, path::PathBuf};

/// The environment variable that puts the app's data somewhere else.
pub const DATA_DIR_VARIABLE: &str = "VISAVIS_DATA_DIR";

/// The app's folder in the system's folder for data that stays on this machine.
const FOLDER: &str = "visavis";

/// Where the app keeps its identity and settings: what [`DATA_DIR_VARIABLE`] says, else `visavis` in the
/// system's data directory of this person (`$XDG_DATA_HOME` or `~/.local/share` on Linux). `None` when there
/// is no such directory.
pub fn data_dir() -> Option<PathBuf> {
    env::var_os(DATA_DIR_VARIABLE)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .or_else(|| Some(dirs::data_local_dir()?.join(FOLDER)))
}
