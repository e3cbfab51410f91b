//! Telling what a connection can carry no more often than it helps.

use std::time::{Duration, Instant};

/// Time between two estimates that are told. An encoder follows within some frames; the other side can send as many
/// as it likes.
const INTERVAL: Duration = Duration::from_millis(100);

/// Tells the newest estimate: the first at once, those that follow too soon as one in the end.
#[derive(Debug, Default)]
pub struct BitrateNews {
    newest: Option<u32>,
    told: Option<(u32, Instant)>,
}

impl BitrateNews {
    /// There is a new estimate, in bits per second.
    pub fn note(&mut self, bps: u32) {
        self.newest = Some(bps).filter(|bps| self.told.is_none_or(|(told, _)| told != *bps));
    }

    /// What is to be told now.
    pub fn poll(&mut self, now: Instant) -> Option<u32> {
        if self.poll_timeout().is_some_and(|at| at > now) {
            return None;
        }
        let bps = self.newest.take()?;
        self.told = Some((bps, now));
        Some(bps)
    }

    /// When there will be something to tell, unless at once.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.told.filter(|_| self.newest.is_some()).map(|(_, at)| at + INTERVAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn of_many_estimates_the_newest_is_told() {
        let start = Instant::now();
        let mut news = BitrateNews::default();
        assert_eq!(news.poll(start), None);
        news.note(1);
        assert_eq!(news.poll(start), Some(1));
        for bps in 2..1_000 {
            news.note(bps);
            assert_eq!(news.poll(start + INTERVAL / 2), None);
        }
        assert_eq!(news.poll_timeout(), Some(start + INTERVAL));
        assert_eq!(news.poll(start + INTERVAL), Some(999));
        news.note(999);
        assert_eq!((news.poll_timeout(), news.poll(start + 3 * INTERVAL)), (None, None), "nothing new");
        news.note(5);
        news.note(999);
        assert_eq!(news.poll(start + 3 * INTERVAL), None, "as it was told");
    }
}
