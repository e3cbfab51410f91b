use std::time::Instant;

use visavis_protocol::limits::{REACTION_BURST, REACTION_INTERVAL};

/// How many reactions of one participant are passed on, as the time when it has its whole burst again.
pub(crate) struct ReactionAllowance {
    rested: Instant,
}

impl ReactionAllowance {
    pub(crate) fn rested(now: Instant) -> Self {
        Self { rested: now }
    }

    /// Whether one more may pass at `now`.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let rested = self.rested.max(now) + REACTION_INTERVAL;
        let passes = rested <= now + REACTION_INTERVAL * REACTION_BURST;
        if passes {
            self.rested = rested;
        }
        passes
    }
}
