use std::collections::VecDeque;

/// How far back the smallest delay is looked for: a quarter of a second, longer than a page waits between asking.
const WINDOW: i64 = 12_000;

/// Entries kept at most, if somebody asks for much more than time has passed.
const MAX_ENTRIES: usize = 64;

/// The delay at which sound was given out of late. Its smallest is what counts: who takes several blocks at a time
/// takes the last of them with the least delay.
#[derive(Debug, Default)]
pub(super) struct Delays {
    entries: VecDeque<(i64, i64)>,
}

impl Delays {
    pub(super) fn note(&mut self, now: i64, delay: i64) {
        self.entries.push_back((now, delay));
        while self.entries.len() > MAX_ENTRIES
            || self.entries.front().is_some_and(|&(noted, _)| now - noted > WINDOW)
        {
            self.entries.pop_front();
        }
    }

    pub(super) fn smallest(&self) -> Option<i64> {
        self.entries.iter().map(|&(_, delay)| delay).min()
    }

    /// The sound was made longer by so many samples (shorter if negative).
    pub(super) fn shift(&mut self, samples: i64) {
        for (_, delay) in &mut self.entries {
            *delay += samples;
        }
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }
}
