use std::{
    env,
    path::{self, PathBuf},
};

/// The environment variable that puts the app's data somewhere else, its logs included.
pub const DATA_DIR_VARIABLE: &str = "VISAVIS_DATA_DIR";

/// The app's folder in the system's folders.
const FOLDER: &str = "visavis";

/// The folder for logs where they stand beside the data.
const LOGS: &str = "logs";

/// Where the app keeps its identity and settings: what [`DATA_DIR_VARIABLE`] says, else `visavis` in the
/// system's data directory of this person (`$XDG_DATA_HOME` or `~/.local/share` on Linux). `None` when there
/// is no such directory.
pub fn data_dir() -> Option<PathBuf> {
    chosen_dir().or_else(|| Some(dirs::data_local_dir()?.join(FOLDER)))
}

/// Where the app keeps its log: `logs` in what [`DATA_DIR_VARIABLE`] says, else the system's directory for logs
/// of this person (`$XDG_STATE_HOME/visavis` or `~/.local/state/visavis` on Linux, `~/Library/Logs/visavis` on
/// macOS, `logs` beside the data on Windows).
pub fn log_dir() -> Option<PathBuf> {
    if let Some(chosen) = chosen_dir() {
        return Some(chosen.join(LOGS));
    }
    if cfg!(target_os = "macos") {
        return Some(dirs::home_dir()?.join("Library/Logs").join(FOLDER));
    }
    match dirs::state_dir() {
        Some(state) => Some(state.join(FOLDER)),
        None => Some(dirs::data_local_dir()?.join(FOLDER).join(LOGS)),
    }
}

fn chosen_dir() -> Option<PathBuf> {
    let chosen = env::var_os(DATA_DIR_VARIABLE).filter(|path| !path.is_empty())?;
    // Whoever uses it later may be somewhere else.
    path::absolute(chosen).ok()
}
