use std::io;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};
use visavis_storage::{MAX_FILE_BYTES, Writer, read};

use super::model::Settings;

/// The settings in the data folder.
pub const SETTINGS_FILE: &str = "settings.json";

/// What a file that could not be read is kept as, in place of an earlier one.
const BAD_FILE: &str = "settings.json.bad";

/// The settings at the start of the app.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// Those of the file, or the defaults.
    pub settings: Settings,
    /// The name under which a file is kept that could not be used.
    pub set_aside: Option<String>,
    /// A file that could not be used is still there. It must not be replaced.
    pub is_unusable: bool,
}

/// Reads and checks the settings in this folder. A file that is no settings as a whole is set aside, so that
/// nothing of it is ever used and nothing of it is lost; afterwards there is a good file or none.
///
/// # Errors
/// What the OS says when the file can neither be read nor set aside: [`Opened::is_unusable`].
pub fn open(folder: &Path) -> io::Result<Opened> {
    let content = match read(folder, SETTINGS_FILE) {
        Ok(None) => return Ok(Opened::default()),
        Ok(content) => content,
        // A folder of this name, or a file of somebody else.
        Err(_) => None,
    };
    if let Some(settings) = content.as_deref().and_then(parse) {
        return Ok(Opened { settings, ..Opened::default() });
    }
    Writer::lock(folder)?.rename(SETTINGS_FILE, BAD_FILE)?;
    tracing::warn!("the settings could not be read and were set aside");
    Ok(Opened { set_aside: Some(BAD_FILE.to_owned()), ..Opened::default() })
}

/// Gives the file this content: a crash at any time leaves the old file or the new one.
///
/// # Errors
/// What the OS says; the old file is then still there.
pub fn save(folder: &Path, content: &[u8]) -> io::Result<()> {
    Writer::lock(folder)?.write(SETTINGS_FILE, content)
}

fn parse(content: &[u8]) -> Option<Settings> {
    // Of a longer file the end was not read.
    if content.len() as u64 >= MAX_FILE_BYTES {
        return None;
    }
    // By itself a list of values would do for an object too.
    let object: Map<String, Value> = serde_json::from_slice(content).ok()?;
    let settings = Settings::deserialize(Value::Object(object)).ok()?;
    settings.check().is_ok().then_some(settings)
}
