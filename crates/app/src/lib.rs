//! What the desktop app does, behind a trait for the window around it.
//!
//! The [`Controller`] owns the app's settings and server, and carries out what the interface asks for. Whatever
//! only a window can do, it asks of a [`Shell`].

mod controller;
mod crash;
mod data_dir;
mod desktop;
mod diagnosis;
mod error;
mod interfaces;
mod link;
mod log_file;
mod notices;
mod report;
pub mod settings;
#[cfg(test)]
mod typescript;

pub use controller::{Controller, OwnServer, Shell};
pub use data_dir::{DATA_DIR_VARIABLE, data_dir, log_dir};
pub use desktop::{Desktop, NetworkInterface, Notice, ShellEvent, TrayContent};
pub use diagnosis::Diagnosis;
pub use error::AppError;
pub use visavis_server::{LOG_VARIABLE, LogFilterError};
