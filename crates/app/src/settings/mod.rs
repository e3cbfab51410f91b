//! What the person set: one JSON file in the data folder.

mod file;
mod model;

pub use file::{Opened, SETTINGS_FILE, open, save};
pub use model::{Colour, ConfiguredIceServer, InvalidSetting, LogLevel, Settings, Theme};
