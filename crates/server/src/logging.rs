//! The program's log: what happened, never to whom.

use std::io::{self, IsTerminal};
use std::{env, fmt};

use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, filter, reload};

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

/// Where lines of the log go, besides standard error.
pub struct LogOutput {
    /// Takes one line at a time.
    pub writer: BoxMakeWriter,
    /// Lines of lesser weight stay out.
    pub level: LevelFilter,
}

/// Changes what a running program logs.
#[derive(Clone)]
pub struct LogControl {
    /// `None` where [`LOG_VARIABLE`] has decided.
    filter: Option<reload::Handle<EnvFilter, Registry>>,
}

impl fmt::Debug for LogControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogControl")
    }
}

impl LogControl {
    /// Changes nothing, ever: for programs that log nothing.
    pub fn none() -> Self {
        Self { filter: None }
    }

    /// From now on lines of this weight and above are logged, unless [`LOG_VARIABLE`] says something else.
    pub fn set_level(&self, level: LevelFilter) {
        if let Some(filter) = &self.filter {
            // It fails only when the log has ended.
            let _ = filter.reload(EnvFilter::new(level.to_string()));
        }
    }
}

/// Writes the program's log to standard error and to these outputs, as [`LOG_VARIABLE`] says. Call it once;
/// later calls change nothing.
///
/// # Errors
/// [`LogFilterError`]; nothing is logged then.
pub fn start_logging(outputs: Vec<LogOutput>) -> Result<LogControl, LogFilterError> {
    let wanted = env::var(LOG_VARIABLE).ok();
    let filter =
        EnvFilter::try_new(wanted.as_deref().unwrap_or(DEFAULT_FILTER)).map_err(|_| LogFilterError)?;
    let (filter, handle) = reload::Layer::new(filter);
    let lines =
        tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let mut layers = vec![lines.with_filter(filter::filter_fn(is_own)).boxed()];
    layers.extend(outputs.into_iter().map(|output| {
        let lines = tracing_subscriber::fmt::layer().with_writer(output.writer).with_ansi(false);
        lines.with_filter(output.level).with_filter(filter::filter_fn(is_own)).boxed()
    }));
    let subscriber = tracing_subscriber::registry().with(filter).with(layers);
    // A subscriber that is there already stays.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(LogControl { filter: wanted.is_none().then_some(handle) })
}

fn is_own(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with(OWN_TARGETS)
}
