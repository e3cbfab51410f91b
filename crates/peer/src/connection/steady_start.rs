//! When the sound of a line begins.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

/// How long after the one before a packet of 20 ms comes from a page that is not busy.
const ON_TIME: RangeInclusive<Duration> = Duration::from_millis(5)..=Duration::from_millis(35);

/// So many on time in a row are steady: a page that begins a call stands still for 30 to 120 ms, once or twice.
const IN_A_ROW: u32 = 5;

/// What never comes steadily begins after this. More would be missed.
const PATIENCE: Duration = Duration::from_millis(500);

/// Keeps sound back until it comes steadily. Whoever hears it holds as much of it ready as the first packets were apart,
/// for many seconds, and hears it that much later.
#[derive(Default)]
pub struct SteadyStart {
    first: Option<Instant>,
    last: Option<Instant>,
    in_a_row: u32,
    begun: bool,
}

impl SteadyStart {
    /// Whether a packet that came now goes out. Once one does, all do.
    pub fn lets_through(&mut self, now: Instant) -> bool {
        if self.begun {
            return true;
        }
        let first = *self.first.get_or_insert(now);
        let gap = self.last.replace(now).map(|last| now.saturating_duration_since(last));
        let on_time = gap.is_some_and(|gap| ON_TIME.contains(&gap));
        self.in_a_row = if on_time { self.in_a_row + 1 } else { 0 };
        self.begun = self.in_a_row >= IN_A_ROW || now.saturating_duration_since(first) >= PATIENCE;
        self.begun
    }
}
