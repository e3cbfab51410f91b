//! The one place where the peer reads a clock.
#![allow(clippy::disallowed_methods)]

use std::time::{Instant, SystemTime};

/// What states are given as the time.
pub fn now() -> Instant {
    Instant::now()
}

/// Unix time in milliseconds, for figures.
pub fn unix_ms() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
