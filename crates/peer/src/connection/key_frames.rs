//! Asking for key frames no more often than it helps.

use std::time::{Duration, Instant};

/// Time between two requests. An encoder needs a frame's time to answer and the answer half a round trip;
/// asked more often, it would send nothing but key frames.
pub const INTERVAL: Duration = Duration::from_millis(300);

/// Passes requests on: the first at once, those that follow too soon as one in the end.
#[derive(Debug, Default)]
pub struct Limiter {
    last: Option<Instant>,
    wanted: bool,
}

impl Limiter {
    /// There is a reason to ask.
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// There is none any more.
    pub fn relax(&mut self) {
        self.wanted = false;
    }

    /// Whether to ask now.
    pub fn poll(&mut self, now: Instant) -> bool {
        let due = self.poll_timeout().is_some_and(|at| at <= now);
        let ask = due || (self.wanted && self.last.is_none());
        if ask {
            self.wanted = false;
            self.last = Some(now);
        }
        ask
    }

    /// When to ask, unless at once.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.last.filter(|_| self.wanted).map(|last| last + INTERVAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn many_requests_become_few() {
        let start = Instant::now();
        let mut limiter = Limiter::default();
        assert!(!limiter.poll(start), "nobody asked");
        limiter.want();
        assert!(limiter.poll(start));
        limiter.want();
        assert!(!limiter.poll(start + INTERVAL / 2));
        limiter.want();
        assert_eq!(limiter.poll_timeout(), Some(start + INTERVAL));
        assert!(limiter.poll(start + INTERVAL));
        assert!(!limiter.poll(start + 3 * INTERVAL), "once is enough");
        limiter.want();
        limiter.relax();
        assert!(!limiter.poll(start + 4 * INTERVAL));
    }
}
