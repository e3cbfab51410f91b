//! What arrives on a line of pictures: nothing that cannot be decoded reaches the page.

use std::time::Instant;

use super::key_frames::Limiter;

/// What becomes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It can be decoded.
    Show {
        /// Nothing is missing before it.
        contiguous: bool,
    },
    /// What it builds on is missing.
    Drop,
}

/// Waits for a key frame at first, and again after a gap.
#[derive(Debug)]
pub struct PictureGate {
    waiting: bool,
    requests: Limiter,
}

impl PictureGate {
    /// At the beginning of a stream.
    pub fn new() -> Self {
        Self { waiting: true, requests: Limiter::default() }
    }

    /// Whether a frame is shown.
    pub fn judge(&mut self, key_frame: bool, contiguous: bool) -> Verdict {
        let gap = self.waiting;
        self.waiting = !key_frame && (self.waiting || !contiguous);
        if self.waiting {
            self.requests.want();
            return Verdict::Drop;
        }
        if key_frame {
            self.requests.relax();
        }
        Verdict::Show { contiguous: contiguous && !gap }
    }

    /// A frame did not reach the decoder, or the decoder wants to begin anew.
    pub fn lose(&mut self) {
        self.waiting = true;
        self.requests.want();
    }

    /// The decoder wants a key frame, and goes on meanwhile.
    pub fn want_key_frame(&mut self) {
        self.requests.want();
    }

    /// Whether to ask the sender for a key frame now.
    pub fn poll_request(&mut self, now: Instant) -> bool {
        self.requests.poll(now)
    }

    /// When to poll again.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.requests.poll_timeout()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::key_frames::INTERVAL;

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn after_a_gap_only_a_key_frame_is_shown() {
        let start = Instant::now();
        let mut gate = PictureGate::new();
        assert_eq!(gate.judge(false, true), Verdict::Drop, "the beginning is missing");
        assert!(gate.poll_request(start));
        assert_eq!(gate.judge(true, true), Verdict::Show { contiguous: false });
        assert_eq!(gate.judge(false, true), Verdict::Show { contiguous: true });
        assert_eq!(gate.judge(false, false), Verdict::Drop);
        assert_eq!(gate.judge(false, true), Verdict::Drop, "it builds on the one that is missing");
        assert!(!gate.poll_request(start), "not so soon again");
        assert!(gate.poll_request(start + INTERVAL));
        assert_eq!(gate.judge(true, false), Verdict::Show { contiguous: false });
        assert!(!gate.poll_request(start + 2 * INTERVAL));
        gate.lose();
        assert_eq!(gate.judge(false, true), Verdict::Drop);
    }
}
