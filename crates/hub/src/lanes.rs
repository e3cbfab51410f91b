//! How fast all sources together may try the rooms of one tag.
//!
//! Somebody with many addresses must neither get many guesses nor keep newcomers out, so there are lanes: whoever
//! has failed within the last hour ([`crate::throttle::Pace::SOURCE`]) shares one with all who have, and does not
//! slow those who have not.
//!
//! How many of a room's 10^6 secrets can be tried is in `docs/security.md`, «A guesser»; `tests/guesses.rs` tries.

use std::time::{Duration, Instant};

/// Which sources are slowed down together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// IPv4 addresses that have not failed lately.
    FreshIpv4,
    /// IPv6 networks that have not failed lately. Apart, as somebody may have any number of them.
    FreshIpv6,
    /// Those who have.
    Known,
}

/// How many attempts a lane lets through.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    /// At once, after a long rest.
    burst: u32,
    /// One more after each such time.
    interval: Duration,
}

impl Lane {
    fn allowance(self) -> Allowance {
        match self {
            // More at once than a network of 24 bits has addresses: somebody who has all of them does not fill
            // the lane. More would be guesses for who has more addresses, a shorter interval as well.
            Self::FreshIpv4 => Allowance { burst: 300, interval: Duration::from_secs(4) },
            // Enough for the typing errors of a full room; a local network has a handful of IPv6 networks.
            Self::FreshIpv6 | Self::Known => Allowance { burst: 40, interval: Duration::from_secs(10) },
        }
    }
}

/// The lanes of one tag, each by the time when it has its whole burst again.
pub(crate) struct Lanes {
    fresh_ipv4: Instant,
    fresh_ipv6: Instant,
    known: Instant,
}

impl Lanes {
    pub(crate) fn new(now: Instant) -> Self {
        Self { fresh_ipv4: now, fresh_ipv6: now, known: now }
    }

    /// Counts an attempt.
    ///
    /// # Errors
    /// How long to wait before the next attempt; this one is not counted.
    pub(crate) fn begin(&mut self, lane: Lane, now: Instant) -> Result<(), Duration> {
        let Allowance { burst, interval } = lane.allowance();
        let whole = self.whole_again(lane);
        let after = (*whole).max(now) + interval;
        match after.saturating_duration_since(now).checked_sub(interval * burst) {
            Some(wait) if !wait.is_zero() => Err(wait),
            _ => {
                *whole = after;
                Ok(())
            }
        }
    }

    /// Takes back an attempt: it was rightful.
    pub(crate) fn forgive(&mut self, lane: Lane) {
        let whole = self.whole_again(lane);
        *whole = whole.checked_sub(lane.allowance().interval).unwrap_or(*whole);
    }

    fn whole_again(&mut self, lane: Lane) -> &mut Instant {
        match lane {
            Lane::FreshIpv4 => &mut self.fresh_ipv4,
            Lane::FreshIpv6 => &mut self.fresh_ipv6,
            Lane::Known => &mut self.known,
        }
    }
}
