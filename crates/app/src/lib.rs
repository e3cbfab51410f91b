//! What the desktop app does, behind a trait for the window around it.
//!
//! The [`Controller`] owns the app's server and carries out what the interface asks for. Whatever only a
//! window can do, it asks of a [`Shell`].

mod controller;
mod data_dir;
mod error;
mod link;

pub use controller::{Controller, OwnServer, Shell};
pub use data_dir::{DATA_DIR_VARIABLE, data_dir};
pub use error::AppError;
pub use visavis_server::{LOG_VARIABLE, LogFilterError, start_logging};
