//! When, on our clock, the page recorded what it hands over.

use std::time::{Duration, Instant};

/// The longest that encoding and the way here are believed to take. What is older, and what is not yet, is of a page
/// whose clock says nothing.
const LONGEST_WAY: Duration = Duration::from_secs(2);

/// Tells times of the page's clock on ours, by what came the fastest way: how long the rest was encoded or had to wait
/// is not taken for a later recording. Both go by the machine's one clock, and do not drift apart.
#[derive(Debug, Default)]
pub struct PageClock {
    /// A time of the page in microseconds, and ours.
    fastest: Option<(u64, Instant)>,
}

impl PageClock {
    /// When what comes now was recorded, at this time of the page in microseconds. Never later than now.
    pub fn recorded(&mut self, micros: u64, now: Instant) -> Instant {
        let told = self.fastest.and_then(|(then, at)| match micros.checked_sub(then) {
            Some(later) => at.checked_add(Duration::from_micros(later)),
            None => at.checked_sub(Duration::from_micros(then - micros)),
        });
        match told {
            Some(told) if told <= now && now.duration_since(told) <= LONGEST_WAY => told,
            _ => {
                self.fastest = Some((micros, now));
                now
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    #[test]
    fn what_took_longer_is_not_taken_for_later() {
        let start = Instant::now() + LONGEST_WAY * 2;
        let mut clock = PageClock::default();
        for (frame, way) in [80, 20, 90, 30, 250, 1000].into_iter().enumerate() {
            let micros = frame as u64 * 33_000;
            let recorded = start + Duration::from_micros(micros);
            let told = clock.recorded(micros, recorded + Duration::from_millis(way));
            if frame > 0 {
                assert_eq!(told, recorded + Duration::from_millis(20), "{frame}");
            }
        }
    }

    #[test]
    fn a_page_that_says_nonsense_is_timed_by_when_it_is_heard_of() {
        let start = Instant::now() + LONGEST_WAY * 2;
        let mut clock = PageClock::default();
        for (step, micros) in [5, u64::MAX, 0, u64::MAX / 2, 60_000_000, 5].into_iter().enumerate() {
            let now = start + Duration::from_secs(step as u64);
            let told = clock.recorded(micros, now);
            assert!(told <= now && now - told <= LONGEST_WAY, "{micros}");
        }
    }
}
