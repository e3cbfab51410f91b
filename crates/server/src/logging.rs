//! The program's log: what happened, never to whom.

use std::{env, io};

use tracing::Metadata;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer, filter};

/// The environment variable that says what is logged, in `tracing`'s filter syntax: `debug`,
/// `visavis_server=trace,warn`.
pub const LOG_VARIABLE: &str = "VISAVIS_LOG";

/// Without the variable: what matters to the person who started the program.
const DEFAULT_FILTER: &str = "warn";

/// Only crates of this project write to the log. Others log what passes through them, and with that names,
/// addresses and room IDs.
const OWN_TARGETS: &str = "visavis";

/// The variable's content is not a filter.
#[derive(Debug, thiserror::Error)]
#[error("{LOG_VARIABLE} is not a log filter; `debug` is one, and `visavis_server=trace,warn`")]
pub struct LogFilterError;

/// Writes the program's log to standard error, as [`LOG_VARIABLE`] says. Call it once; later calls change
/// nothing.
///
/// # Errors
/// [`LogFilterError`]; nothing is logged then.
pub fn start_logging() -> Result<(), LogFilterError> {
    let wanted = env::var(LOG_VARIABLE).unwrap_or_else(|_| DEFAULT_FILTER.to_owned());
    let wanted = EnvFilter::try_new(wanted).map_err(|_| LogFilterError)?;
    let lines =
        tracing_subscriber::fmt::layer().with_writer(io::stderr).with_filter(filter::filter_fn(is_own));
    let subscriber = tracing_subscriber::registry().with(lines).with(wanted);
    // A subscriber that is there already stays.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(())
}

fn is_own(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with(OWN_TARGETS)
}
